//! [`Obstacle`]: why a stage waits for another kaslite.

use crate::rel_path::RelPath;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;

/// Why a stage waits: something that another kaslite does, or had started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Obstacle {
    /// The process of the other kaslite.
    pub process: u32,
    /// The stage that it runs.
    pub stage: Option<String>,
    /// What stands in the way.
    pub what: InTheWay,
    /// Where that kaslite was killed: the process groups that it had started and that go on.
    pub left: BTreeSet<u32>,
}

/// What stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InTheWay {
    /// It is the same stage.
    Stage,
    /// It makes this path.
    Makes(RelPath),
    /// It reads this path.
    Reads(RelPath),
    /// It has what is needed of the machine.
    Has(Lack),
    /// It runs stages.
    Runs,
    /// It works on the whole project.
    Project,
    /// It started this kaslite, and waits for it.
    Above,
}

/// What there is not enough of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lack {
    /// Cores.
    Cpus,
    /// Memory.
    Memory,
    /// GPUs.
    Gpus,
    /// Places in a pool.
    Pool(String),
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpus => f.write_str("the cores"),
            Self::Memory => f.write_str("the memory"),
            Self::Gpus => f.write_str("the GPUs"),
            Self::Pool(pool) => write!(f, "the pool `{pool}`"),
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = self.stage.as_deref().unwrap_or_default();
        if !self.left.is_empty() {
            let process = self.process;
            return write!(
                f,
                "what process {process}, which was killed, had started for `{stage}`"
            );
        }
        write!(f, "process {}", self.process)?;
        match &self.what {
            InTheWay::Stage => f.write_str(", which makes it too"),
            InTheWay::Makes(path) => write!(f, ", whose stage `{stage}` makes `{path}`"),
            InTheWay::Reads(path) => write!(f, ", whose stage `{stage}` reads `{path}`"),
            InTheWay::Has(lack) => write!(f, ", whose stage `{stage}` has {lack}"),
            InTheWay::Runs if self.stage.is_none() => f.write_str(", which begins or ends a run"),
            InTheWay::Runs => write!(f, ", which runs `{stage}`"),
            InTheWay::Project => f.write_str(", which works on the whole project"),
            InTheWay::Above => write!(f, ", whose stage `{stage}` started this kaslite"),
        }
    }
}
