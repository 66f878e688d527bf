//! [`Recorder`]: writes the record of a run while it goes on.

use crate::provenance::Provenance;
use crate::record::experiment::{Config, Experiment};
use crate::record::left::Left;
use crate::record::platform::Platform;
use crate::record::run_log::RunLog;
use crate::record::run_record::{Attempt, RunRecord, RunSummary, StageSummary};
use crate::record::run_status::RunStatus;
use crate::record::run_store::{RunStore, amend};
use crate::record::spoken::Spoken;
use crate::record::step_metrics::StepMetric;
use crate::sources::{Limits, Sources};
use jiff::Zoned;
use kaslite_engine::event::{Decided, Event, EventSink, Outcome, Summary};
use kaslite_engine::fs::{self, FsError};
use kaslite_engine::stage::file_name;
use kaslite_engine::stale::StaleReason;
use kaslite_engine::value::Value;
use kaslite_engine::workspace::Workspace;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What is known of a run before it begins.
#[derive(Clone, Debug)]
pub struct RunHeader {
    /// The first part of the run's name.
    pub name: String,
    /// What is tried.
    pub description: Option<String>,
    /// Words by which the run is found again.
    pub tags: Vec<String>,
    /// What the run is worth; a run that fails is `failed`.
    pub status: RunStatus,
    /// What was typed.
    pub command: Vec<String>,
    /// The version of kaslite.
    pub kaslite: String,
    /// A reason for which a stage runs, in words.
    pub describe: fn(&StaleReason) -> String,
    /// What those values were in that file, by key, where they are other ones.
    pub changes: BTreeMap<String, Value>,
    /// The file whose params hold.
    pub base_config: String,
    /// Values given beside it, by key.
    pub overrides: BTreeMap<String, Value>,
    /// The params of params.yaml, those among them that no stage reads too.
    pub config: Value,
    /// Params file → dotted key → value, as the stages read them.
    pub params: BTreeMap<String, BTreeMap<String, Value>>,
}

/// A consumer of events that writes `results/runs/<run_id>/`. Nothing is made before a stage runs or is
/// restored, so a run that finds all fresh leaves no record.
#[derive(Debug)]
pub struct Recorder<'a> {
    /// The pipeline that runs; none where a stage runs by itself.
    workspace: Option<&'a Workspace>,
    store: RunStore,
    root: PathBuf,
    header: RunHeader,
    started: Zoned,
    /// The run that is gone on with.
    before: Option<RunRecord>,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    run: Option<Run>,
    /// The stages it looks at.
    chosen: Vec<String>,
    stages: BTreeMap<String, Seen>,
    /// Events before the record was begun.
    early: Vec<Event>,
    error: Option<FsError>,
}

/// What was learnt of a stage.
#[derive(Debug, Default)]
struct Seen {
    reasons: Vec<StaleReason>,
    seconds: Option<f64>,
    failed_attempts: Vec<Attempt>,
}

#[derive(Debug)]
struct Run {
    id: String,
    folder: PathBuf,
    events: File,
    log: RunLog,
    logs: BTreeMap<String, File>,
    git: Provenance,
    /// Whether it is known from where a run that was stopped goes on.
    resumed: bool,
}

impl<'a> Recorder<'a> {
    /// A recorder for a run of a pipeline that begins now.
    pub fn of(workspace: &'a Workspace, header: RunHeader) -> Self {
        Self {
            workspace: Some(workspace),
            ..Self::new(&workspace.project.root, header)
        }
    }

    /// A recorder for a run without a pipeline that begins now, in the project at `root`.
    pub fn new(root: &Path, header: RunHeader) -> Self {
        Self {
            workspace: None,
            store: RunStore::new(root),
            root: root.to_owned(),
            header,
            started: Zoned::now(),
            before: None,
            inner: Mutex::default(),
        }
    }

    /// A recorder for a run that was stopped and is gone on with: its record is, too.
    pub fn again(root: &Path, header: RunHeader, before: RunRecord) -> Self {
        Self {
            before: Some(before),
            ..Self::new(root, header)
        }
    }

    /// Who says the same as the log of the record, for whoever subscribed to `tracing`.
    pub fn spoken(&self) -> Spoken {
        Spoken::new(self.header.describe)
    }

    /// Begins the record before anything has happened; gives the run's name and its folder.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn open(&self) -> Result<(String, PathBuf), FsError> {
        let run = self.begin(&[])?;
        let opened = (run.id.clone(), run.folder.clone());
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.run = Some(run);
        Ok(opened)
    }

    /// The run's name, once its record has begun.
    pub fn run_id(&self) -> Option<String> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.run.as_ref().map(|run| run.id.clone())
    }

    /// Writes the summary; gives the run's name, or `None` where nothing was recorded.
    ///
    /// # Errors
    /// The record could not be written, now or while the run went on.
    pub fn finish(
        self,
        left: impl FnOnce() -> Left,
        summary: &Summary,
    ) -> Result<Option<String>, FsError> {
        let mut inner = self
            .inner
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = inner.error.take() {
            return Err(error);
        }
        let Some(mut run) = inner.run else {
            return Ok(None);
        };
        let stages = summary
            .stages
            .iter()
            .map(|(stage, outcome)| {
                let seen = inner.stages.remove(stage).unwrap_or_default();
                let mut summary = StageSummary::new(stage, outcome, seen.seconds, &seen.reasons);
                summary.failed_attempts = seen.failed_attempts;
                summary
            })
            .collect();
        let status = if summary.cancelled() {
            "interrupted"
        } else if summary.failed() {
            "failed"
        } else {
            "done"
        };
        let left = left();
        run.log.components(&left.components)?;
        let before = self.before.as_ref();
        let started = before.map(|before| before.experiment.timestamp.clone());
        let seconds = before.and_then(|before| Some(before.summary.as_ref()?.seconds));
        let text = RunSummary {
            run_id: run.id.clone(),
            started: started.unwrap_or_else(|| stamp(&self.started)),
            seconds: seconds.unwrap_or(0.0) + summary.duration.as_secs_f64(),
            status: status.to_owned(),
            command: self.header.command,
            kaslite: self.header.kaslite,
            git: run.git,
            platform: Platform::here(),
            stages,
            params: self.header.params,
            metrics: left.metrics,
            components: left.components,
        };
        keep_steps(&run.folder)?;
        if let Some(lock) = left.lock {
            fs::write_atomic(&run.folder.join("pipeline.lock"), lock.as_bytes())?;
        }
        if summary.failed() {
            let failed = |experiment: &mut Experiment| experiment.status = RunStatus::Failed;
            amend(&run.folder, failed)?;
        }
        let mut bytes = serde_json::to_vec_pretty(&text).unwrap_or_default();
        bytes.push(b'\n');
        fs::write_atomic(&run.folder.join("summary.json"), &bytes)?;
        Ok(Some(run.id))
    }

    fn begin(&self, chosen: &[String]) -> Result<Run, FsError> {
        if let Some(before) = &self.before {
            return Ok(Run {
                id: before.run_id.clone(),
                folder: before.folder.clone(),
                events: append(&before.folder.join("events.jsonl"))?,
                log: RunLog::open(&before.folder, self.header.describe)?,
                logs: BTreeMap::new(),
                git: Provenance::of(&self.root),
                resumed: false,
            });
        }
        let stamp = self.started.strftime("%Y%m%d_%H%M%S");
        let base = format!("{}_{stamp}", self.header.name);
        fs::create_dir(self.store.folder())?;
        let mut count = self.store.runs_of(&stamp.to_string()) + 1;
        let (run_id, folder) = loop {
            let run_id = if count == 1 {
                base.clone()
            } else {
                format!("{base}_{count}")
            };
            let folder = self.store.folder().join(&run_id);
            match std::fs::create_dir(&folder) {
                Ok(()) => break (run_id, folder),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => count += 1,
                Err(error) => return Err(FsError::new("create folder", &folder, error)),
            }
        };
        let git = Provenance::of(&self.root);
        self.keep_sources(chosen, &folder)?;
        fs::write_atomic(
            &folder.join("config.yaml"),
            self.config(&run_id, &git).as_bytes(),
        )?;
        let events = append(&folder.join("events.jsonl"))?;
        let log = RunLog::open(&folder, self.header.describe)?;
        Ok(Run {
            id: run_id,
            folder,
            events,
            log,
            logs: BTreeMap::new(),
            git,
            resumed: false,
        })
    }

    fn keep_sources(&self, chosen: &[String], folder: &Path) -> Result<(), FsError> {
        let Some(workspace) = self.workspace else {
            return Ok(());
        };
        let read = workspace.sources(chosen)?;
        Sources::keep(&self.root, &read, folder, Limits::RECORD)?;
        match &workspace.project.overrides.base {
            Some(base) => fs::write_atomic(&Sources::base(folder), &fs::read(&base.path)?),
            None => Ok(()),
        }
    }

    fn config(&self, run_id: &str, git: &Provenance) -> String {
        let header = &self.header;
        let experiment = Experiment {
            name: header.name.clone(),
            description: header.description.clone(),
            tags: header.tags.clone(),
            status: header.status,
            note: None,
            run_id: run_id.to_owned(),
            timestamp: stamp(&self.started),
            git_commit: git.commit.clone(),
            git_dirty: git.dirty,
            kaslite: header.kaslite.clone(),
            command: header.command.clone(),
            base_config: header.base_config.clone(),
            cli_overrides: header.overrides.clone(),
            resumed_from: None,
            resumed_epoch: None,
            config_changes: header.changes.clone(),
        };
        Config::new(experiment, &header.config, &header.params).text()
    }

    fn take(&self, inner: &mut Inner, event: &Event) -> Result<(), FsError> {
        match event {
            Event::StageDecided { stage, reasons, .. } => {
                let seen = inner.stages.entry(stage.clone()).or_default();
                seen.reasons.clone_from(reasons);
            }
            Event::StageFinished {
                stage,
                outcome,
                duration,
            } => {
                let ran = matches!(
                    outcome,
                    Outcome::Done | Outcome::Restored | Outcome::Failed(_)
                );
                let seconds = (ran && *duration > Duration::ZERO).then_some(duration.as_secs_f64());
                inner.stages.entry(stage.clone()).or_default().seconds = seconds;
            }
            Event::AttemptFailed {
                stage,
                reason,
                duration,
                ..
            } => {
                let seen = inner.stages.entry(stage.clone()).or_default();
                seen.failed_attempts.push(Attempt {
                    reason: reason.clone(),
                    seconds: duration.as_secs_f64(),
                });
            }
            Event::RunStarted { stages, .. } => inner.chosen.clone_from(stages),
            Event::Estimate(_)
            | Event::StageWaits { .. }
            | Event::StageStarted { .. }
            | Event::Progress { .. }
            | Event::Metric { .. }
            | Event::State { .. }
            | Event::StageTraced { .. }
            | Event::Log { .. }
            | Event::Warning { .. }
            | Event::RunFinished(_) => {}
        }
        if inner.run.is_none() && is_worth_a_record(event) {
            inner.run = Some(self.begin(&inner.chosen)?);
            for early in std::mem::take(&mut inner.early) {
                write(inner.run.as_mut(), &early)?;
            }
        }
        if inner.run.is_none() {
            inner.early.push(event.clone());
            return Ok(());
        }
        self.goes_on(inner.run.as_mut(), event)?;
        write(inner.run.as_mut(), event)
    }

    /// Notes after which epoch a run goes on that was stopped: its first number tells.
    fn goes_on(&self, run: Option<&mut Run>, event: &Event) -> Result<(), FsError> {
        let (Some(run), Event::Metric { step, .. }) = (run, event) else {
            return Ok(());
        };
        if self.before.is_none() || run.resumed {
            return Ok(());
        }
        run.resumed = true;
        amend(&run.folder, |experiment| {
            experiment.resumed_from = Some(run.id.clone());
            experiment.resumed_epoch = Some(step.saturating_sub(1));
        })
    }
}

/// Whether a run changes something with this.
fn is_worth_a_record(event: &Event) -> bool {
    matches!(
        event,
        Event::StageStarted { .. }
            | Event::StageDecided {
                decision: Decided::Restore,
                ..
            }
    )
}

impl EventSink for Recorder<'_> {
    fn emit(&self, event: &Event) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.error.is_none()
            && let Err(error) = self.take(&mut inner, event)
        {
            inner.error = Some(error);
        }
    }
}

/// `logs/metrics.csv`: what stages measured step by step, where they did.
fn keep_steps(folder: &Path) -> Result<(), FsError> {
    let told = StepMetric::of_record(folder)?;
    if told.is_empty() {
        return Ok(());
    }
    let path = folder.join("logs/metrics.csv");
    fs::write_atomic(&path, StepMetric::csv(&told).as_bytes())
}

/// RFC 3339 with the local offset.
fn stamp(time: &Zoned) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn append(path: &Path) -> Result<File, FsError> {
    fs::create_parent(path)?;
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .map_err(|error| FsError::new("open", path, error))
}

/// Output goes to the stage's log, progress nowhere (its numbers are metrics), the rest to the events.
fn write(run: Option<&mut Run>, event: &Event) -> Result<(), FsError> {
    let Some(run) = run else { return Ok(()) };
    run.log.take(event)?;
    match event {
        Event::Log { stage, line, .. } => {
            let path = log_path(run, stage);
            if !run.logs.contains_key(stage) {
                run.logs.insert(stage.clone(), append(&path)?);
            }
            let Some(log) = run.logs.get_mut(stage) else {
                return Ok(());
            };
            writeln!(log, "{line}").map_err(|error| FsError::new("write", &path, error))
        }
        Event::Progress { .. } | Event::Estimate(_) | Event::StageWaits { .. } => Ok(()),
        Event::RunStarted { .. }
        | Event::StageDecided { .. }
        | Event::StageStarted { .. }
        | Event::AttemptFailed { .. }
        | Event::Metric { .. }
        | Event::State { .. }
        | Event::StageTraced { .. }
        | Event::Warning { .. }
        | Event::StageFinished { .. }
        | Event::RunFinished(_) => {
            let mut line = serde_json::to_vec(event).unwrap_or_default();
            line.push(b'\n');
            if let Event::AttemptFailed {
                stage,
                attempt,
                attempts,
                ..
            } = event
                && attempt < attempts
            {
                keep_log(run, stage, *attempt)?;
            }
            let path = run.folder.join("events.jsonl");
            run.events
                .write_all(&line)
                .map_err(|error| FsError::new("write", &path, error))
        }
    }
}

fn log_path(run: &Run, stage: &str) -> PathBuf {
    let name = format!("{}.log", file_name(stage));
    run.folder.join("logs/stages").join(name)
}

/// The log of an attempt that failed makes room for that of the next: `logs/stages/STAGE.attempts/1.log`.
fn keep_log(run: &mut Run, stage: &str, attempt: u32) -> Result<(), FsError> {
    if run.logs.remove(stage).is_none() {
        return Ok(());
    }
    let path = log_path(run, stage);
    let folder = path.with_file_name(format!("{}.attempts", file_name(stage)));
    fs::rename(&path, &folder.join(format!("{attempt}.log")))
}
