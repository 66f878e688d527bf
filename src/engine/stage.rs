//! [`Stage`]: a node of the pipeline, all `${…}` resolved.

use crate::limits::Limits;
use crate::problem::Place;
use crate::rel_path::RelPath;
use crate::spec::StageSpec;
use crate::value::Value;
use litemap::LiteMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A node of the pipeline.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stage {
    /// Its name in the project: `train`, or `sub/dvc.yaml:train`.
    pub name: String,
    /// The number of the pipeline file that declares it.
    pub file: usize,
    /// Where that file declares it.
    pub place: Place,
    /// What it runs; a memo has that apart.
    #[serde(skip)]
    pub action: Action,
    /// The folder a command runs in, and that its paths are relative to.
    pub wdir: RelPath,
    /// Declared environment variables with their values now.
    pub env: BTreeMap<String, Option<String>>,
    /// The params it reads: `(file, dotted key) → value`, leaves only, sorted.
    pub params: LiteMap<(RelPath, String), Value>,
    /// For a built-in stage: its whole sections, defaults filled in.
    pub arguments: Value,
    /// The paths it reads, in the order declared.
    pub deps: Vec<Dep>,
    /// The paths it makes, in the order declared.
    pub outs: Vec<Out>,
    /// Files of metrics and plots, each an out or inside one.
    pub views: Vec<View>,
    /// Never run by `repro`.
    pub frozen: bool,
    /// Run by every `repro`.
    pub always_changed: bool,
    /// What it takes of the machine; not part of what it is made from.
    pub limits: Limits,
    /// What it is for.
    pub desc: Option<String>,
}

/// What a stage runs.
#[derive(Clone, Debug)]
pub enum Action {
    /// Shell commands, in order; the first that fails ends the stage.
    Command(Vec<String>),
    /// A built-in stage.
    Builtin(&'static StageSpec),
}

/// A path a stage reads.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Dep {
    /// The path.
    pub path: RelPath,
    /// Where it is declared.
    pub place: Place,
}

/// A path a stage makes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Out {
    /// The path.
    pub path: RelPath,
    /// Where it is declared.
    pub place: Place,
    /// Whether the cache keeps a copy.
    pub cache: bool,
    /// Whether it stays in place while the stage runs.
    pub persist: bool,
}

/// A file that people look at.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct View {
    /// The path.
    pub path: RelPath,
    /// What it shows.
    pub kind: ViewKind,
}

/// What a view shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ViewKind {
    /// Numbers in JSON or YAML.
    Metrics,
    /// Data of a plot.
    Plots,
}

/// A stage's name as the name of one file: no stage's folder lies in another's, or above.
pub fn file_name(stage: &str) -> String {
    stage.replace('%', "%25").replace('/', "%2F")
}

impl Default for Action {
    /// Nothing.
    fn default() -> Self {
        Self::Command(Vec::new())
    }
}

impl Stage {
    /// Its name as the name of one file.
    pub fn file_name(&self) -> String {
        file_name(&self.name)
    }

    /// Whether it runs each time, because it says neither what it reads nor what it makes.
    pub fn is_callback(&self) -> bool {
        let is_command = matches!(self.action, Action::Command(_));
        is_command && self.deps.is_empty() && self.params.is_empty() && self.outs.is_empty()
    }

    /// The built-in stage, where it is one.
    pub fn spec(&self) -> Option<&'static StageSpec> {
        match self.action {
            Action::Builtin(spec) => Some(spec),
            Action::Command(_) => None,
        }
    }
}
