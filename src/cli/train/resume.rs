//! [`resume`]: a run that was stopped is gone on with.

use crate::cli::error::CliError;
use crate::cli::experiment::Params;
use crate::cli::session::Session;
use crate::cli::train::begin::train;
use crate::cli::train::command::Args;
use crate::cli::train::run_folder::RunFolder;
use crate::cli::train::training::{needs_torch, root, specs};
use kaslite_engine::fs;
use kaslite_engine::params::{DEFAULT_FILE, Overrides, ParamsFile, of_stages};
use kaslite_engine::value::Value;
use kaslite_track::record::{Recorder, RunRecord, RunStore};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

pub(super) fn resume(session: &Session, args: &Args, name: &str) -> Result<ExitCode, CliError> {
    let root = root(session);
    let (record, _) = past(&root, name)?;
    let run = &record.run_id;
    if status(&record) == Some("done") {
        let error = CliError::usage(format!("`{run}` is done: there is nothing to go on with"));
        return Err(error.hint(format!(
            "`kaslite train --params results/runs/{run}/config.yaml` makes a new run of its params"
        )));
    }
    let params = params_of(session, &record)?;
    needs_torch(session)?;
    let said = &record.experiment;
    let header = args.experiment.with_params(
        "train",
        Params {
            base: said.base_config.clone(),
            overrides: said.cli_overrides.clone(),
            changes: said.config_changes.clone(),
            all: params.clone(),
            by_file: BTreeMap::from([(
                DEFAULT_FILE.to_owned(),
                params.leaves("").into_iter().collect(),
            )]),
        },
    );
    let recorder = Recorder::again(&root, header, record);
    train(session, &root, &params, recorder, args)
}

/// A run of `train` by its name.
pub(super) fn past(root: &Path, name: &str) -> Result<(RunRecord, RunFolder), CliError> {
    let record = RunStore::new(root).find(name)?;
    let folder = RunFolder::new(root, &record.folder);
    // One that was killed early has none of its folders yet.
    let typed = |word: &str| record.experiment.command.iter().any(|it| it == word);
    let early = record.summary.is_none() && typed("train") && !typed("repro");
    if !folder.results().is_dir() && !folder.checkpoints().is_dir() && !early {
        let error = CliError::usage(format!("`{}` is no run of `kaslite train`", record.run_id));
        return Err(error.hint(
            "`kaslite repro` completes what was stopped, and restores what was made before",
        ));
    }
    Ok((record, folder))
}

/// How the run ended; none where it was killed.
pub(super) fn status(record: &RunRecord) -> Option<&str> {
    Some(record.summary.as_ref()?.status.as_str())
}

/// The params of a run, as its config.yaml has them.
pub(super) fn params_of(session: &Session, record: &RunRecord) -> Result<Value, CliError> {
    let path = record.folder.join("config.yaml");
    let text = fs::read_if_exists(&path)?.unwrap_or_default();
    let name = format!("results/runs/{}/config.yaml", record.run_id);
    let file = ParamsFile::parse(&name, text);
    Ok(of_stages(&specs(session)?, file, &Overrides::default())?)
}
