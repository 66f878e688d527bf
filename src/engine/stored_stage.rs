//! [`StoredStage`]: a stage as memos have it.

use crate::spec::StageSpec;
use crate::stage::{Action, Stage};
use serde::{Deserialize, Serialize};

/// A stage as memos have it: a built-in one by its name.
#[derive(Debug, Deserialize)]
pub(crate) struct StoredStage(Option<String>, Vec<String>, Stage);

impl StoredStage {
    /// What is read as a [`StoredStage`].
    pub(crate) fn of(stage: &Stage) -> impl Serialize + '_ {
        let (uses, cmd): (_, &[String]) = match &stage.action {
            Action::Builtin(spec) => (Some(spec.name), &[]),
            Action::Command(cmd) => (None, cmd),
        };
        (uses, cmd, stage)
    }

    /// The stage; `None` where there is no such built-in stage.
    pub(crate) fn into_stage(self, specs: &[&'static StageSpec]) -> Option<Stage> {
        let Self(uses, cmd, mut stage) = self;
        stage.action = match uses {
            Some(uses) => Action::Builtin(specs.iter().find(|spec| spec.name == uses)?),
            None => Action::Command(cmd),
        };
        Some(stage)
    }
}
