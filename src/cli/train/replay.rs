//! [`replay`]: a run that is done is made once more, and compared.

use crate::cli::error::{CliError, Exit};
use crate::cli::session::Session;
use crate::cli::train::code_record::{CodeRecord, OtherCode};
use crate::cli::train::command::Args;
use crate::cli::train::resume::{params_of, past, status};
use crate::cli::train::run_folder::RunFolder;
use crate::cli::train::training::{Training, cancelled_by_ctrl_c, needs_torch, root};
use crate::ui::{describe, plural, watcher};
use kaslite_engine::fs;
use kaslite_engine::stale::StaleReason;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

/// A file of the run, and whether the repetition made the same bytes.
#[derive(Debug, Serialize)]
struct Compared {
    file: String,
    equal: bool,
}

pub(super) fn replay(session: &Session, args: &Args, name: &str) -> Result<ExitCode, CliError> {
    let root = root(session);
    let (record, folder) = past(&root, name)?;
    let run = &record.run_id;
    if status(&record) != Some("done") {
        let error = CliError::usage(format!(
            "`{run}` did not come to its end: nothing to compare with"
        ));
        return Err(error.hint(format!("`kaslite train --resume {run}` goes on with it")));
    }
    let params = params_of(session, &record)?;
    needs_torch(session)?;
    let code = other_code(session, run, &folder)?;
    let again = folder.repetition();
    fs::remove(again.folder())?;
    let watcher = watcher(session.terminal, args.json, || Some(run.clone()));
    let training = Training {
        session,
        root: &root,
        params: &params,
        folder: &again,
        checkpoints: None,
    };
    let done = training.run(&*watcher, &cancelled_by_ctrl_c());
    drop(watcher);
    let compared = done.and_then(|done| {
        let ended = !done.cancelled() && !done.failed();
        let compared = if ended {
            compare(&folder, &again)?
        } else {
            Vec::new()
        };
        Ok((done, compared))
    });
    fs::remove(again.folder())?;
    let (done, compared) = compared?;
    if done.cancelled() {
        return Ok(Exit::Interrupted.into());
    }
    if done.failed() {
        return Ok(Exit::Stage.into());
    }
    Ok(tell(session, run, args.json, &compared, code.as_ref()))
}

/// Says where the code is another one than that which made the run; none where the record does not tell.
fn other_code(
    session: &Session,
    run: &str,
    folder: &RunFolder,
) -> Result<Option<OtherCode>, CliError> {
    let Some(then) = CodeRecord::read(folder) else {
        return Ok(None);
    };
    let other = then.other_than(&CodeRecord::of(session)?);
    for (stage, files) in &other {
        let files = files.clone();
        let said = describe(&StaleReason::Code { files });
        session.terminal.warning(&format!(
            "the code of `{stage}` is not that which made `{run}`: {} ({})",
            said.subject, said.detail
        ));
    }
    Ok(Some(other))
}

fn tell(
    session: &Session,
    run: &str,
    json: bool,
    compared: &[Compared],
    code: Option<&OtherCode>,
) -> ExitCode {
    let different: Vec<&Compared> = compared.iter().filter(|one| !one.equal).collect();
    let equal = different.is_empty();
    if json {
        let line = serde_json::json!({
            "event": "replayed",
            "run": run,
            "equal": equal,
            "other_code": code,
            "files": compared,
        });
        session.terminal.data(line);
    } else {
        for one in compared {
            let word = if one.equal { "equal    " } else { "different" };
            session.terminal.data(format_args!("{word} {}", one.file));
        }
        session.terminal.note(if equal {
            format!(
                "`{run}` repeats: {} equal byte for byte",
                plural(compared.len(), "file")
            )
        } else {
            let count = plural(compared.len(), "file");
            let cause = match code {
                None => "; its record does not tell which code made it",
                Some(other) if other.is_empty() => "",
                Some(_) => "; the code is another one than that which made it",
            };
            format!(
                "`{run}` does not repeat: {} of {count} differ{cause}",
                different.len()
            )
        });
    }
    if equal {
        ExitCode::SUCCESS
    } else {
        Exit::Stage.into()
    }
}

/// Every file that one of both has.
fn compare(folder: &RunFolder, again: &RunFolder) -> Result<Vec<Compared>, CliError> {
    let mut files = BTreeSet::new();
    for side in [folder, again] {
        for part in ["data", "train"] {
            list(&side.folder().join(part), part, &mut files)?;
        }
    }
    let bytes = |side: &RunFolder, file: &str| std::fs::read(side.folder().join(file)).ok();
    let compared = files.into_iter().map(|file| {
        let found = bytes(folder, &file);
        let equal = found.is_some() && found == bytes(again, &file);
        Compared { file, equal }
    });
    Ok(compared.collect())
}

fn list(folder: &Path, name: &str, into: &mut BTreeSet<String>) -> Result<(), CliError> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let refused = |error| CliError::from(fs::FsError::new("read folder", folder, error));
        let entry = entry.map_err(refused)?;
        let below = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            list(&entry.path(), &below, into)?;
        } else {
            into.insert(below);
        }
    }
    Ok(())
}
