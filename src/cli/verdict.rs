//! `kaslite verdict`: what the seeds are worth, in one page.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::cli::side::Side;
use crate::origins::Origins;
use crate::ui::{Table, wrapped};
use crate::unmade::Unmade;
use crate::verdict::{Answer, Evidence, Verdict};
use kaslite_engine::workspace::Workspace;
use std::collections::BTreeMap;
use std::process::ExitCode;

/// Arguments of `verdict`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A run, a git revision or `workspace`
    #[arg(value_name = "RUN", default_value = "workspace")]
    side: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let workspace = session.workspace()?;
    let side = Side::find(&workspace, &args.side)?;
    let stages = &workspace.pipeline.stages;
    let unmade = match &side {
        Side::Workspace => Unmade::of_workspace(&workspace),
        Side::Run(run) => {
            let summary = run.summary.as_ref();
            summary.map_or_else(Unmade::default, |run| Unmade::of_run(run, stages))
        }
        Side::Revision(_) => Unmade::default(),
    };
    let mut metrics = side.metrics(&workspace)?;
    unmade.take_from(&mut metrics, stages);
    let verdict = Verdict::of(&metrics, &unmade, &origins(&workspace, &side)?);
    if args.json {
        // Plain data always serialises.
        let text = serde_json::to_string_pretty(&verdict).unwrap_or_default();
        session.terminal.data(text);
        return Ok(ExitCode::SUCCESS);
    }
    let pages: Vec<String> = (1..).zip(&verdict.answers).map(page).collect();
    session.terminal.data(pages.join("\n\n"));
    Ok(ExitCode::SUCCESS)
}

fn origins(workspace: &Workspace, side: &Side) -> Result<Origins, CliError> {
    Ok(match side {
        Side::Workspace => Origins::of_workspace(workspace),
        Side::Run(run) => {
            let has_lock = run.lock()?.is_some();
            let entries = if has_lock {
                side.lock(workspace)?
            } else {
                BTreeMap::new()
            };
            Origins::of_run(workspace, run, entries)
        }
        // A revision without a lock says nothing of what it was made from.
        Side::Revision(_) => {
            let entries = side.lock(workspace).unwrap_or_default();
            Origins::of_revision(workspace, entries)
        }
    })
}

/// Before each line below a question.
const INDENT: &str = "   ";

fn page((number, answer): (usize, &Answer)) -> String {
    let mut page = format!("{number}. {}  {}\n", answer.question, answer.word);
    page += &wrapped(&answer.text, INDENT);
    let (measured, files): (Vec<&Evidence>, Vec<&Evidence>) =
        answer.evidence.iter().partition(|one| one.value.is_some());
    let numbers = (!measured.is_empty()).then(|| of_numbers(&measured));
    let records = (!files.is_empty()).then(|| of_files(&files));
    for table in numbers.into_iter().chain(records) {
        for line in table.text().lines() {
            page += "\n";
            page += INDENT;
            page += line;
        }
    }
    page
}

/// Measured numbers, each with its interval, what that is over, its test and its file.
fn of_numbers(evidence: &[&Evidence]) -> Table {
    let mut table = Table::new(&[
        "Evidence",
        "Points>",
        "95 % interval>",
        "Over",
        "p (smallest)>",
        "File",
    ]);
    for one in evidence {
        let over = one.over.clone().unwrap_or_else(|| "—".to_owned());
        table.row([
            one.what.clone(),
            one.shown(),
            one.shown_interval(),
            over,
            one.shown_p(),
            one.file.clone(),
        ]);
    }
    table
}

/// Files that are evidence by themselves.
fn of_files(evidence: &[&Evidence]) -> Table {
    let mut table = Table::new(&["Evidence", "File"]);
    for one in evidence {
        table.row([one.what.clone(), one.file.clone()]);
    }
    table
}
