//! `kaslite runs show`.

use crate::cli::runs::list::{self, time};
use crate::cli::session::Session;
use crate::ui::{Table, Terminal};
use kaslite_engine::params::DEFAULT_FILE;
use kaslite_track::record::RunRecord;

pub(crate) fn run(session: &Session, run: &RunRecord, json: bool) {
    let terminal = session.terminal;
    if json {
        terminal.data(serde_json::to_string_pretty(&list::whole(run)).unwrap_or_default());
        return;
    }
    let Some(summary) = &run.summary else {
        terminal.data(format_args!("{}: unfinished (it was killed)", run.run_id));
        said(terminal, run);
        terminal.data(run.folder.display());
        return;
    };
    terminal.data(format_args!(
        "{}: {} in {}",
        run.run_id,
        summary.status,
        time(summary.seconds)
    ));
    said(terminal, run);
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

/// What a person said of the run, and the params given for it.
fn said(terminal: Terminal, run: &RunRecord) {
    let said = &run.experiment;
    let mut lines = vec![("status", said.status.to_string())];
    lines.extend(said.description.clone().map(|text| ("about", text)));
    if !said.tags.is_empty() {
        lines.push(("tags", said.tags.join(" ")));
    }
    lines.extend(said.note.clone().map(|text| ("note", text)));
    if !matches!(said.base_config.as_str(), "" | DEFAULT_FILE) {
        lines.push(("params", said.base_config.clone()));
    }
    let given = said.cli_overrides.iter();
    lines.extend(given.map(|(key, value)| ("set", format!("{key}={value}"))));
    for (name, text) in lines {
        terminal.data(format_args!("{name:<8} {text}"));
    }
}
