//! `kaslite runs tag`, `status`, `note`, `rm`: what is said of runs afterwards.

use crate::cli::error::CliError;
use crate::cli::runs::filter;
use crate::cli::runs::index::RunIndex;
use crate::cli::session::Session;
use crate::ui::plural;
use kaslite_engine::run_lock::RunLock;
use kaslite_engine::trash::Trash;
use kaslite_track::record::{RunRecord, RunStatus, RunStore};

pub(crate) fn tag(
    session: &Session,
    store: &RunStore,
    name: &str,
    tags: &[String],
    remove: bool,
) -> Result<(), CliError> {
    let run = store.find(name)?;
    let mut all = run.experiment.tags;
    for tag in tags {
        match (remove, all.iter().position(|known| known == tag)) {
            (false, None) => all.push(tag.clone()),
            (true, Some(index)) => drop(all.remove(index)),
            (false, Some(_)) => {}
            (true, None) => {
                let message = format!("the run `{}` has no tag `{tag}`", run.run_id);
                return Err(CliError::usage(message));
            }
        }
    }
    let text = all.join(" ");
    store.amend(&run.run_id, |experiment| experiment.tags = all)?;
    let id = run.run_id;
    session.terminal.note(format_args!("{id}: tags: {text}"));
    Ok(())
}

pub(crate) fn status(
    session: &Session,
    store: &RunStore,
    name: &str,
    status: RunStatus,
) -> Result<(), CliError> {
    let id = store.find(name)?.run_id;
    store.amend(&id, |experiment| experiment.status = status)?;
    session.terminal.note(format_args!("{id}: {status}"));
    Ok(())
}

pub(crate) fn note(
    session: &Session,
    store: &RunStore,
    name: &str,
    text: &str,
) -> Result<(), CliError> {
    let id = store.find(name)?.run_id;
    let text = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let said = if text.is_some() { "noted" } else { "no note" };
    store.amend(&id, |experiment| experiment.note = text)?;
    session.terminal.note(format_args!("{id}: {said}"));
    Ok(())
}

/// Arguments of `runs rm`.
#[derive(Debug, clap::Args)]
#[command(after_help = filter::HELP)]
pub(crate) struct Removal {
    /// The runs
    #[arg(required_unless_present = "expression", conflicts_with = "expression")]
    runs: Vec<String>,
    /// All runs of which this is true, save those with the status keep or baseline
    #[arg(long = "where", value_name = "EXPRESSION")]
    expression: Option<String>,
    /// Also those with the status keep or baseline
    #[arg(short, long)]
    force: bool,
    /// Only list what would go
    #[arg(long)]
    dry: bool,
}

pub(crate) fn remove(
    session: &Session,
    store: &RunStore,
    removal: &Removal,
) -> Result<(), CliError> {
    let mut chosen: Vec<RunRecord> = Vec::new();
    if let Some(expression) = &removal.expression {
        let index = RunIndex::load(store, &session.recorded()?.state_dir())?;
        for row in index.fit(expression)? {
            chosen.push(store.load(&index.ids[row])?);
        }
        chosen.retain(|run| removal.force || !run.experiment.status.is_kept());
    }
    for name in &removal.runs {
        let run = store.find(name)?;
        let status = run.experiment.status;
        if status.is_kept() && !removal.force {
            let message = format!("the run `{}` has the status {status}", run.run_id);
            return Err(CliError::usage(message).hint("`--force` removes it all the same"));
        }
        if chosen.iter().all(|known| known.run_id != run.run_id) {
            chosen.push(run);
        }
    }
    // One without an end may still go on.
    let unfinished = chosen.iter().any(|run| run.summary.is_none());
    let project = session.recorded()?;
    let _lock = (unfinished && !removal.dry)
        .then(|| RunLock::take(&project))
        .transpose()?;
    let trash = Trash::new(&project);
    for run in &chosen {
        if removal.dry {
            session.terminal.data(&run.run_id);
        } else {
            trash.take(&run.folder, &run.run_id)?;
        }
    }
    let verb = if removal.dry {
        "would remove"
    } else {
        "removed"
    };
    let count = plural(chosen.len(), "run");
    let place = if removal.dry || chosen.is_empty() {
        ""
    } else {
        "; `.kaslite/trash` has them until `gc` empties it"
    };
    session.terminal.note(format_args!("{verb} {count}{place}"));
    Ok(())
}
