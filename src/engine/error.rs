//! [`EngineError`]: why the engine could not do what was asked.

use crate::fs::FsError;
use crate::obstacle::Obstacle;
use crate::problem::Problem;

/// Why the engine stopped. A stage that fails is no error of the engine: see
/// [`crate::event::Outcome`].
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The pipeline or params files are wrong; all problems, sorted by place.
    #[error("{}", list(.0))]
    Problems(Vec<Problem>),
    /// The lock file cannot be read.
    #[error("{0}")]
    Lock(Problem),
    /// A target that names no stage and no out.
    #[error("no stage and no out is called `{name}`")]
    UnknownTarget {
        /// What was asked for.
        name: String,
        /// The closest name there is.
        closest: Option<String>,
    },
    /// Outs that are to be brought back, but something that the lock does not know lies there.
    #[error("{} in the way: the lock does not know {}", in_the_way(.0), if .0.len() == 1 { "it" } else { "them" })]
    InTheWay(Vec<String>),
    /// A lock names an out that no stage may make.
    #[error("the lock names the out `{0}`, which is no path of this project's data")]
    OutsideProject(String),
    /// Another process is in the way, and is not waited for.
    #[error("{}: {on}", busy(.stage.as_deref()))]
    Busy {
        /// The stage that cannot start, where it is about one.
        stage: Option<String>,
        /// What is in its way.
        on: Box<Obstacle>,
    },
    /// A built-in stage has to run that another program has the code of.
    #[error("this program cannot run the built-in stage `{0}`")]
    Lacks(String),
    /// The content store is damaged or full.
    #[error("the cache failed")]
    Cache(#[source] FsError),
    /// A file operation failed.
    #[error(transparent)]
    Fs(FsError),
    /// A programming error in kaslite.
    #[error("internal error: {0}")]
    Internal(String),
}

impl EngineError {
    /// What is wrong, each thing said once, sorted by place.
    pub(crate) fn of(mut problems: Vec<Problem>) -> Self {
        problems.sort();
        problems.dedup();
        Self::Problems(problems)
    }

    /// An error where anything is wrong.
    pub(crate) fn of_any(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Self::of(problems))
        }
    }
}

impl From<FsError> for EngineError {
    fn from(error: FsError) -> Self {
        match error {
            FsError::Wrong(problem) => Self::Problems(vec![*problem]),
            error @ FsError::Failed { .. } => Self::Fs(error),
        }
    }
}

fn busy(stage: Option<&str>) -> String {
    let whose = stage.map_or_else(String::new, |stage| format!(" of `{stage}`"));
    format!("another kaslite is in the way{whose}")
}

fn list(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n\n")
}

fn in_the_way(paths: &[String]) -> String {
    let shown: Vec<String> = paths
        .iter()
        .take(5)
        .map(|path| format!("`{path}`"))
        .collect();
    let more = match paths.len().saturating_sub(shown.len()) {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    let verb = if paths.len() == 1 { "is" } else { "are" };
    format!("{}{more} {verb}", shown.join(", "))
}
