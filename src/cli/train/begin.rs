//! [`begin`]: a new run.

use crate::cli::error::{CliError, Exit};
use crate::cli::experiment::Params;
use crate::cli::report::keep_report;
use crate::cli::session::Session;
use crate::cli::train::code_record::CodeRecord;
use crate::cli::train::command::Args;
use crate::cli::train::flags::Flags;
use crate::cli::train::run_folder::RunFolder;
use crate::cli::train::training::{Training, cancelled_by_ctrl_c, needs_torch, root, specs};
use crate::ui::{duration, watcher};
use kaslite_engine::context::Checkpoints;
use kaslite_engine::event::{Outcome, Summary, Tee};
use kaslite_engine::fs;
use kaslite_engine::params::{DEFAULT_FILE, Override, Overrides, ParamsFile, of_stages};
use kaslite_engine::value::Value;
use kaslite_track::metrics;
use kaslite_track::record::{Component, Components, Left, Recorder, RunStore};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

/// What stands for the params file in the record where none was named.
const SCRIPT: &str = "the defaults of `kaslite train`";

pub(super) fn begin(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let overrides = [args.flags.given(), &args.set].concat();
    let params = params(session, args, &overrides)?;
    needs_torch(session)?;
    let header = args.experiment.with_params(
        "train",
        Params {
            base: args.params.clone().unwrap_or_else(|| SCRIPT.to_owned()),
            overrides: overrides.iter().map(|it| given(&params, it)).collect(),
            changes: changes(session, args, &params, &overrides)?,
            all: params.clone(),
            by_file: BTreeMap::from([(
                DEFAULT_FILE.to_owned(),
                params.leaves("").into_iter().collect(),
            )]),
        },
    );
    let root = root(session);
    let recorder = Recorder::new(&root, header);
    train(session, &root, &params, recorder, args)
}

/// Trains, and finishes the record.
pub(super) fn train(
    session: &Session,
    root: &Path,
    params: &Value,
    recorder: Recorder,
    args: &Args,
) -> Result<ExitCode, CliError> {
    let cancel = cancelled_by_ctrl_c();
    let (run, folder) = recorder.open()?;
    let folder = RunFolder::new(root, &folder);
    let claim = folder.claim(&run)?;
    CodeRecord::of(session)?.write(&folder)?;
    let watcher = watcher(session.terminal, args.json, || Some(run.clone()));
    let training = Training {
        session,
        root,
        params,
        folder: &folder,
        checkpoints: Some(Checkpoints {
            folder: folder.checkpoints(),
            every: usize::try_from(args.checkpoint_every).unwrap_or(usize::MAX),
            report: folder.trouble(),
        }),
    };
    let spoken = recorder.spoken();
    let done = training.run(&Tee(vec![&recorder, &spoken, &*watcher]), &cancel)?;
    drop(watcher);
    recorder.finish(|| left(&folder), &done)?;
    if is_done(&done) {
        folder.drop_checkpoints()?;
    }
    keep_report(session.terminal, &RunStore::new(root), &run);
    drop(claim);
    if !args.json {
        tell(session, &run, &folder, &done);
    }
    Ok(exit(&done))
}

fn is_done(done: &Summary) -> bool {
    !done.cancelled() && !done.failed()
}

fn exit(done: &Summary) -> ExitCode {
    if done.cancelled() {
        Exit::Interrupted.into()
    } else if done.failed() {
        Exit::Stage.into()
    } else {
        ExitCode::SUCCESS
    }
}

fn tell(session: &Session, run: &str, folder: &RunFolder, done: &Summary) {
    let terminal = session.terminal;
    let place = folder.seen(folder.folder());
    if folder.trouble().is_file() {
        let trouble = folder.seen(&folder.trouble());
        terminal.warning(&format!("something went wrong: `{trouble}` tells what"));
    }
    let took = duration(done.duration);
    let trained = done
        .stages
        .iter()
        .any(|(_, outcome)| *outcome == Outcome::Cancelled);
    if trained {
        terminal.note(format_args!(
            "stopped after {took}; `kaslite train --resume {run}` goes on with it"
        ));
    }
    terminal.note(format_args!(
        "run {run} in {took} (`kaslite runs show {run}`): {place}"
    ));
}

/// The metrics as the record keeps them.
fn left(folder: &RunFolder) -> Left {
    let path = folder.results().join("metrics.json");
    let found = std::fs::read(path).ok();
    let name = "train/metrics.json".to_owned();
    let found = found.and_then(|bytes| metrics::parse(&name, &bytes).ok());
    let component = if found.is_some() {
        Component::Success {
            data: BTreeMap::new(),
        }
    } else {
        Component::Failed {
            reason: "the training did not come to its metrics".to_owned(),
        }
    };
    let caveat = found.as_ref().and_then(|values| {
        let caveat = values.get("validation.caveat")?.as_text()?;
        Some(caveat.to_owned())
    });
    let validation =
        caveat.map_or_else(|| component.clone(), |reason| Component::Failed { reason });
    let policy = Component::Disabled {
        reason: "value and entropy collapse are signs of a learned policy, and none decides here"
            .to_owned(),
        to_enable: "nothing: each `seeds.controller` decides by rules".to_owned(),
    };
    Left {
        lock: None,
        metrics: found
            .map(|values| (name.clone(), values))
            .into_iter()
            .collect(),
        components: Components::from([
            (format!("metrics.{name}"), component),
            ("validation".to_owned(), validation),
            ("health.policy".to_owned(), policy),
        ]),
    }
}

/// The params of the run, some of them given one by one.
fn params(session: &Session, args: &Args, given: &[Override]) -> Result<Value, CliError> {
    let mut values = match args.params {
        Some(_) => Vec::new(),
        None => Flags::defaults(),
    };
    values.extend(given.iter().cloned());
    let base = match &args.params {
        Some(name) => ParamsFile::parse(name, text(session, name)?),
        None => ParamsFile::parse(DEFAULT_FILE, String::new()),
    };
    let overrides = Overrides { base: None, values };
    Ok(of_stages(&specs(session)?, base, &overrides)?)
}

/// What would hold in place of the values given, where it is something else.
fn changes(
    session: &Session,
    args: &Args,
    params: &Value,
    given: &[Override],
) -> Result<BTreeMap<String, Value>, CliError> {
    let without = self::params(session, args, &[])?;
    let changed = given.iter().filter_map(|one| {
        let before = without.get(&one.key).cloned().unwrap_or_default();
        (params.get(&one.key) != Some(&before)).then(|| (one.name(), before))
    });
    Ok(changed.collect())
}

fn text(session: &Session, name: &str) -> Result<String, CliError> {
    let text = fs::read_if_exists(&session.folder.join(name))?;
    text.ok_or_else(|| {
        CliError::usage(format!("`{name}` is not there"))
            .hint("`--params` takes a file like params.yaml; `--set KEY=VALUE` sets one param")
    })
}

fn given(params: &Value, one: &Override) -> (String, Value) {
    let value = params.get(&one.key).cloned();
    (one.name(), value.unwrap_or_else(|| one.given()))
}
