//! [`Registry`]: the built-in stages a program knows, and the code of those that it holds.

use crate::context::StageContext;
use crate::spec::StageSpec;
use std::collections::BTreeMap;

/// Why a built-in stage failed, as a fragment for people.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StageError(String);

impl StageError {
    /// A reason in words.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    /// An error with all its causes, `a: b: c`.
    pub fn from_error(error: &dyn std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        Self(text)
    }
}

/// The code of a built-in stage.
pub type RunFn = fn(&StageContext<'_>) -> Result<(), StageError>;

/// All built-in stages by name; this program can run some of them.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    specs: Vec<&'static StageSpec>,
    code: BTreeMap<&'static str, RunFn>,
}

impl Registry {
    /// A registry of specs and the code of some of them.
    pub fn new(
        specs: impl IntoIterator<Item = &'static StageSpec>,
        code: impl IntoIterator<Item = (&'static str, RunFn)>,
    ) -> Self {
        Self {
            specs: specs.into_iter().collect(),
            code: code.into_iter().collect(),
        }
    }

    /// All specs, in the order of a pipeline.
    pub fn specs(&self) -> &[&'static StageSpec] {
        &self.specs
    }

    /// The spec of one built-in stage.
    pub fn spec(&self, name: &str) -> Option<&'static StageSpec> {
        self.specs.iter().find(|spec| spec.name == name).copied()
    }

    /// The code of one, where this program holds it.
    pub fn code(&self, name: &str) -> Option<RunFn> {
        self.code.get(name).copied()
    }
}
