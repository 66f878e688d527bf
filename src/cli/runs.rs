//! `kaslite runs`: past runs.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::ui::{Table, duration};
use kaslite_track::record::{RunRecord, RunStore, RunSummary};
use std::process::ExitCode;
use std::time::Duration;

/// What to do with runs.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Args {
    /// List the runs, newest last
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one run: its stages, params and metrics
    Show {
        /// The run: its name or its beginning, `latest`, `latest~1`
        #[arg(default_value = "latest")]
        run: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let store = RunStore::new(&session.project()?.root);
    match args {
        Args::List { json } => list(session, &store, *json)?,
        Args::Show { run, json } => show(session, &store.find(run)?, *json),
    }
    Ok(ExitCode::SUCCESS)
}

fn list(session: &Session, store: &RunStore, json: bool) -> Result<(), CliError> {
    let runs = store
        .ids()
        .iter()
        .map(|id| store.load(id))
        .collect::<Result<Vec<_>, _>>()?;
    if json {
        let all: Vec<serde_json::Value> = runs
            .iter()
            .map(|run| match &run.summary {
                Some(summary) => serde_json::to_value(summary).unwrap_or_default(),
                None => serde_json::json!({"run_id": run.run_id, "status": "unfinished"}),
            })
            .collect();
        session
            .terminal
            .data(serde_json::to_string_pretty(&all).unwrap_or_default());
        return Ok(());
    }
    if runs.is_empty() {
        session
            .terminal
            .note("no runs yet; `kaslite repro` makes one");
        return Ok(());
    }
    let mut table = Table::new(&[
        "Run",
        "Status",
        "Started",
        "Ran>",
        "Restored>",
        "Time>",
        "Commit",
    ]);
    for run in &runs {
        table.row(match &run.summary {
            None => [run.run_id.clone(), "unfinished".to_owned()]
                .into_iter()
                .chain((0..5).map(|_| String::new()))
                .collect(),
            Some(summary) => row(run, summary),
        });
    }
    session.terminal.data(table.text());
    Ok(())
}

fn row(run: &RunRecord, summary: &RunSummary) -> Vec<String> {
    let commit = summary.git.short.clone().map_or_else(String::new, |short| {
        format!(
            "{short}{}",
            if summary.git.dirty == Some(true) {
                "+"
            } else {
                ""
            }
        )
    });
    vec![
        run.run_id.clone(),
        summary.status.clone(),
        summary.started.replace('T', " ").chars().take(19).collect(),
        summary.count("done").to_string(),
        summary.count("restored").to_string(),
        time(summary.seconds),
        commit,
    ]
}

fn time(seconds: f64) -> String {
    Duration::try_from_secs_f64(seconds).map_or_else(|_| "—".to_owned(), duration)
}

fn show(session: &Session, run: &RunRecord, json: bool) {
    let terminal = session.terminal;
    let Some(summary) = &run.summary else {
        terminal.data(format_args!(
            "{}: unfinished (it was killed)\n{}",
            run.run_id,
            run.folder.display()
        ));
        return;
    };
    if json {
        terminal.data(serde_json::to_string_pretty(summary).unwrap_or_default());
        return;
    }
    terminal.data(format_args!(
        "{}: {} in {}",
        run.run_id,
        summary.status,
        time(summary.seconds)
    ));
    terminal.data(format_args!("started  {}", summary.started));
    terminal.data(format_args!("command  {}", summary.command.join(" ")));
    let dirty = match summary.git.dirty {
        Some(true) => ", with changes that are not committed",
        Some(false) | None => "",
    };
    let commit = summary.git.commit.as_deref().unwrap_or("none");
    terminal.data(format_args!("commit   {commit}{dirty}"));
    terminal.data(format_args!("folder   {}\n", run.folder.display()));
    let mut stages = Table::new(&["Stage", "Outcome", "Time>", ""]);
    for stage in &summary.stages {
        stages.row([
            stage.stage.clone(),
            stage.outcome.clone(),
            stage.seconds.map_or_else(String::new, time),
            stage.detail.clone().unwrap_or_default(),
        ]);
    }
    terminal.data(stages.text());
    for (title, values) in [("Params", &summary.params), ("Metrics", &summary.metrics)] {
        for (file, values) in values {
            terminal.data(format_args!("\n{title} of {file}"));
            let mut table = Table::new(&["Key", "Value>"]);
            for (key, value) in values {
                table.row([key.clone(), value.to_string()]);
            }
            terminal.data(table.text());
        }
    }
}
