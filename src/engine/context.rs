//! [`StageContext`]: a built-in stage's only door to the world.

use crate::cancel::{Cancel, Wish};
use crate::event::{Alert, Event, EventSink, Stream};
use crate::fingerprint::Content;
use crate::fs::FsError;
use crate::registry::StageError;
use crate::rel_path::RelPath;
use crate::snapshot::Snapshot;
use crate::spec::{ParamSpec, StageSpec};
use crate::trial::{Trial, TrialRunner, Tried};
use crate::value::Value;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// What a built-in stage is given.
pub struct StageContext<'a> {
    pub(crate) stage: &'a str,
    pub(crate) spec: &'static StageSpec,
    pub(crate) root: &'a Path,
    pub(crate) arguments: &'a Value,
    pub(crate) deps: Vec<BoundDep>,
    pub(crate) outs: Vec<BoundOut>,
    pub(crate) sink: &'a dyn EventSink,
    pub(crate) cancel: &'a Cancel,
    pub(crate) trials: Option<&'a TrialRunner<'a>>,
    pub(crate) checkpoints: Option<Checkpoints>,
}

/// Where a stage that runs by itself leaves what it can go on from after a stop.
#[derive(Clone, Debug)]
pub struct Checkpoints {
    /// A folder of its own.
    pub folder: PathBuf,
    /// Steps from one to the next.
    pub every: usize,
    /// Where it tells what went wrong, if something does.
    pub report: PathBuf,
}

/// A dep as the stage sees it.
#[derive(Clone, Debug)]
pub struct BoundDep {
    /// The path as the pipeline names it.
    pub path: RelPath,
    /// Where it is.
    pub file: PathBuf,
    /// What it holds.
    pub content: Option<Content>,
    /// The stage that makes it.
    pub maker: Option<Maker>,
}

impl BoundDep {
    /// A dep that lies there now, and that no stage of a pipeline makes.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn found(path: RelPath, file: PathBuf) -> Result<Self, FsError> {
        let content = Content::of(&Snapshot::look_at(&file)?);
        let maker = None;
        Ok(Self {
            path,
            file,
            content,
            maker,
        })
    }
}

/// The stage that makes a dep.
#[derive(Clone, Debug)]
pub struct Maker {
    /// Its name.
    pub stage: String,
    /// Its built-in stage, where it is one.
    pub uses: Option<&'static str>,
}

/// An out as the stage sees it.
#[derive(Clone, Debug)]
pub struct BoundOut {
    /// The path as the pipeline names it.
    pub path: RelPath,
    /// Where to write: a scratch path that becomes the out when the stage has succeeded.
    pub file: PathBuf,
}

impl StageContext<'_> {
    /// The name of the stage in the pipeline.
    pub fn stage(&self) -> &str {
        self.stage
    }

    /// The project's folder.
    pub fn root(&self) -> &Path {
        self.root
    }

    /// All deps, in the order of the pipeline.
    pub fn deps(&self) -> &[BoundDep] {
        &self.deps
    }

    /// The params of the built-in stage, all sections, defaults filled in.
    pub fn arguments(&self) -> &Value {
        self.arguments
    }

    /// The spec of each of its params.
    pub fn param_specs(&self) -> &'static [ParamSpec] {
        self.spec.params
    }

    /// One section of the params, in its type.
    ///
    /// # Errors
    /// The section does not fit the type: a slip in kaslite, since values were checked before.
    pub fn section<T: DeserializeOwned>(&self, name: &str) -> Result<T, StageError> {
        let value = self.arguments.get(name).cloned().unwrap_or_default();
        from_value(&value).map_err(|error| StageError::new(format!("params `{name}`: {error}")))
    }

    /// The path bound to a slot of `deps`.
    ///
    /// # Errors
    /// There is no such slot.
    pub fn dep(&self, slot: &str) -> Result<&BoundDep, StageError> {
        let index = self.spec.deps.iter().position(|spec| spec.name == slot);
        index
            .and_then(|index| self.deps.get(index))
            .ok_or_else(|| no_slot(slot))
    }

    /// The scratch path bound to a slot of `outs`; its parent folder exists, and where the slot is a
    /// folder, the folder itself.
    ///
    /// # Errors
    /// There is no such slot.
    pub fn out(&self, slot: &str) -> Result<&BoundOut, StageError> {
        let index = self.spec.outs.iter().position(|spec| spec.name == slot);
        index
            .and_then(|index| self.outs.get(index))
            .ok_or_else(|| no_slot(slot))
    }

    /// Says how far the stage is.
    pub fn progress(&self, done: u64, total: u64, message: impl Into<String>) {
        let stage = self.stage.to_owned();
        self.sink.emit(&Event::Progress {
            stage,
            done,
            total,
            message: message.into(),
        });
    }

    /// Says a number; `None` is "not measured".
    pub fn metric(&self, name: impl Into<String>, step: u64, value: Option<f64>) {
        let (stage, name) = (self.stage.to_owned(), name.into());
        self.sink.emit(&Event::Metric {
            stage,
            name,
            step,
            value,
        });
    }

    /// Says that something is in another state than before; the state is a word.
    pub fn state(&self, name: impl Into<String>, step: u64, value: impl Into<String>) {
        self.sink.emit(&Event::State {
            stage: self.stage.to_owned(),
            name: name.into(),
            step,
            value: value.into(),
        });
    }

    /// Says a line, which the log of the stage keeps.
    pub fn log(&self, line: impl Into<String>) {
        let stage = self.stage.to_owned();
        self.sink.emit(&Event::Log {
            stage,
            stream: Stream::Stage,
            line: line.into(),
            replayed: false,
        });
    }

    /// Warns of a sign of trouble that begins or ends; not of a trial.
    pub fn alert(&self, alert: Alert, message: impl Into<String>) {
        self.sink.emit(&Event::Warning {
            stage: Some(self.stage.to_owned()),
            message: message.into(),
            alert: Some(alert),
        });
    }

    /// Whether the run is to stop; the stage then returns [`StageError`] at its next step.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Whether it is to stop at once, without finishing anything: it was asked more than once, or its
    /// time is over.
    pub fn must_end_now(&self) -> bool {
        self.cancel.wish() > Wish::End
    }

    /// Where to leave what the stage can go on from; what lies there when it begins was left by a run
    /// with the same params, to be gone on with. None in a pipeline.
    pub fn checkpoints(&self) -> Option<&Checkpoints> {
        self.checkpoints.as_ref()
    }

    /// The digest of the stage's code.
    pub fn code(&self) -> &'static str {
        self.spec.code.digest
    }

    /// Runs another built-in stage once for each trial, several at once, each through the run cache:
    /// a trial that was ever run with the same params, deps and code is restored.
    ///
    /// The outs of trial `t` come to lie in `folder/t.name/`.
    ///
    /// # Errors
    /// The stage is not built in, params that do not fit its spec, or the cache failed. A trial that
    /// fails is no error but an outcome.
    pub fn trials(
        &self,
        uses: &str,
        trials: &[Trial],
        folder: &Path,
    ) -> Result<Vec<Tried>, StageError> {
        self.runner()?.run(self, uses, trials, folder)
    }

    /// Does something for each number below `count`, as many at once as there may be trials. The results
    /// are in the order of the numbers, and so is the first of several errors.
    ///
    /// # Errors
    /// Those of `act`; `interrupted`.
    pub fn side_by_side<T: Send>(
        &self,
        count: usize,
        act: impl Fn(usize) -> Result<T, StageError> + Sync,
    ) -> Result<Vec<T>, StageError> {
        self.runner()?.side_by_side(self, count, act)
    }

    fn runner(&self) -> Result<&TrialRunner<'_>, StageError> {
        let none = || StageError::new("internal error: no trials outside of a pipeline");
        self.trials.ok_or_else(none)
    }
}

fn no_slot(slot: &str) -> StageError {
    StageError::new(format!("internal error: the stage has no slot `{slot}`"))
}

/// A value in a type.
pub(crate) fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, serde_json::Error> {
    serde_json::from_value(serde_json::to_value(value)?)
}
