//! `kaslite stage`: the stages of the pipeline.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::ui::Table;
use kaslite_engine::stage::{Action, Stage};
use kaslite_engine::workspace::Selection;
use std::process::ExitCode;

/// What to do with stages.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Args {
    /// List the stages in the order of the file, with what they are for or what they make
    List {
        /// Stages, groups, patterns or paths of outs; none is the whole pipeline
        #[arg(value_name = "STAGE")]
        targets: Vec<String>,
        /// Print the names alone
        #[arg(long, conflicts_with = "json")]
        name_only: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// Fail where a file is broken; it always does, this is for those who know it from DVC
        #[arg(long, hide = true)]
        fail: bool,
    },
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let Args::List {
        targets,
        name_only,
        json,
        fail: _,
    } = args;
    let workspace = session.workspace()?;
    let selection = Selection {
        targets: targets.clone(),
        single: true,
        ..Selection::default()
    };
    let mut chosen = workspace.select(&selection)?;
    chosen.sort_unstable();
    let stages: Vec<&Stage> = chosen
        .into_iter()
        .map(|index| &workspace.pipeline.stages[index])
        .collect();
    if *json {
        let all: Vec<serde_json::Value> = stages.into_iter().map(object).collect();
        let text = serde_json::to_string_pretty(&all).unwrap_or_default();
        session.terminal.data(text);
    } else if *name_only {
        for stage in stages {
            session.terminal.data(&stage.name);
        }
    } else if stages.is_empty() {
        session.terminal.note("the pipeline has no stages");
    } else {
        let mut table = Table::new(&["Stage", "Description"]);
        for stage in stages {
            table.row([stage.name.clone(), description(stage)]);
        }
        session.terminal.data(table.text());
    }
    Ok(ExitCode::SUCCESS)
}

fn object(stage: &Stage) -> serde_json::Value {
    let (cmd, uses) = match &stage.action {
        Action::Command(commands) => (Some(commands), None),
        Action::Builtin(spec) => (None, Some(spec.name)),
    };
    let deps = stage.deps.iter().map(|dep| dep.path.as_str());
    serde_json::json!({
        "stage": stage.name,
        "desc": stage.desc,
        "cmd": cmd,
        "uses": uses,
        "deps": deps.collect::<Vec<_>>(),
        "outs": outs(stage),
        "frozen": stage.frozen,
    })
}

fn outs(stage: &Stage) -> Vec<&str> {
    let outs = stage.outs.iter();
    outs.map(|out| out.path.as_str()).collect()
}

/// What it is for; where nobody said, what it makes, or reads.
fn description(stage: &Stage) -> String {
    if let Some(desc) = &stage.desc {
        return desc.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let makes = outs(stage);
    if !makes.is_empty() {
        return format!("makes {}", makes.join(", "));
    }
    let reads: Vec<&str> = stage.deps.iter().map(|dep| dep.path.as_str()).collect();
    if reads.is_empty() {
        String::new()
    } else {
        format!("reads {}", reads.join(", "))
    }
}
