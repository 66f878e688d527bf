//! [`CliError`]: what went wrong, what to do, which exit code.

use crate::ui::left_running;
use kaslite_engine::error::EngineError;
use kaslite_engine::fs::FsError;
use kaslite_engine::obstacle::{InTheWay, Obstacle};
use kaslite_track::provenance::ProvenanceError;
use kaslite_track::record::RecordError;
use std::error::Error;
use std::fmt;
use std::process::ExitCode;

/// The exit codes of both programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// A stage failed.
    Stage = 1,
    /// Wrong usage, pipeline or params.
    Usage = 2,
    /// `status --check` found stale stages.
    Stale = 3,
    /// The cache failed.
    Cache = 4,
    /// Another kaslite works on the same stages, and is not to be waited for.
    Busy = 5,
    /// A fault of kaslite.
    Internal = 70,
    /// Ctrl-C.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error as a person gets to see it.
#[derive(Debug)]
pub(crate) struct CliError {
    message: String,
    hints: Vec<String>,
    code: Exit,
}

impl CliError {
    /// Something that was typed, or lies in the project, is wrong.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hints: Vec::new(),
            code: Exit::Usage,
        }
    }

    /// Another kaslite is in the way.
    pub(crate) fn busy(message: impl Into<String>) -> Self {
        Self {
            code: Exit::Busy,
            ..Self::usage(message)
        }
    }

    /// An error with its causes.
    pub(crate) fn from_error(error: &dyn Error, code: Exit) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            message = format!("{message}: {cause}");
            source = cause.source();
        }
        Self {
            message,
            hints: Vec::new(),
            code,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    pub(crate) fn code(&self) -> Exit {
        self.code
    }

    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<EngineError> for CliError {
    fn from(error: EngineError) -> Self {
        match &error {
            EngineError::Problems(problems) => {
                let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
                let mut message = list.join("\n\n");
                if list.len() > 1 {
                    message = format!("{} problems\n\n{message}", list.len());
                }
                Self::usage(message)
            }
            EngineError::Lock(problem) => Self::usage(problem.to_string()),
            EngineError::UnknownTarget { closest, .. } => {
                let base = Self::usage(error.to_string());
                match closest {
                    Some(name) => base.hint(format!("did you mean `{name}`?")),
                    None => base.hint("`kaslite dag` lists the stages"),
                }
            }
            EngineError::InTheWay(_) => Self::usage(error.to_string())
                .hint("`--force` puts aside what lies there, in `.kaslite/trash`"),
            EngineError::OutsideProject(_) => Self::usage(error.to_string()),
            EngineError::Busy { on, .. } => Self::from_error(&error, Exit::Busy).hint(way_out(on)),
            EngineError::Cache(_) | EngineError::Fs(_) => Self::from_error(&error, Exit::Cache),
            EngineError::Lacks(_) => Self::from_error(&error, Exit::Internal),
            EngineError::Internal(_) => Self::from_error(&error, Exit::Internal)
                .hint("this is a fault of kaslite, please report it"),
        }
    }
}

/// How to go on though somebody is in the way.
fn way_out(obstacle: &Obstacle) -> String {
    if !obstacle.left.is_empty() {
        return left_running(obstacle);
    }
    match obstacle.what {
        InTheWay::Above => "a stage cannot wait for itself: make the other one a dep".to_owned(),
        InTheWay::Stage
        | InTheWay::Makes(_)
        | InTheWay::Reads(_)
        | InTheWay::Has(_)
        | InTheWay::Runs
        | InTheWay::Project => "wait for it to end; `kaslite repro` does so by itself".to_owned(),
    }
}

impl From<FsError> for CliError {
    fn from(error: FsError) -> Self {
        EngineError::from(error).into()
    }
}

impl From<RecordError> for CliError {
    fn from(error: RecordError) -> Self {
        Self::from_error(&error, Exit::Usage).hint("`kaslite runs list` lists the runs")
    }
}

impl From<ProvenanceError> for CliError {
    fn from(error: ProvenanceError) -> Self {
        Self::from_error(&error, Exit::Usage)
    }
}
