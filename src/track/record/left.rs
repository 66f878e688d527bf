//! [`Left`]: what a run leaves in the project.

use crate::metrics::{self, Metrics};
use crate::record::component::Components;
use kaslite_engine::event::{Outcome, Summary};
use kaslite_engine::workspace::Workspace;
use std::collections::BTreeSet;

/// What a run leaves in the project.
#[derive(Clone, Debug, Default)]
pub struct Left {
    /// The text of the lock; none where there is no pipeline.
    pub lock: Option<String>,
    /// The metrics as they lie there.
    pub metrics: Metrics,
    /// The optional parts, and how each went.
    pub components: Components,
}

impl Left {
    /// By a pipeline. The metrics of a stage that the run did not bring to its end, or that was no part of
    /// it, are not of this run.
    pub fn by(workspace: &Workspace, components: Components, done: &Summary) -> Self {
        let ended = |end: &Outcome| match end {
            Outcome::Fresh | Outcome::Restored | Outcome::Done | Outcome::Frozen => true,
            Outcome::Failed(_) | Outcome::Skipped(_) | Outcome::Cancelled => false,
        };
        let ended = done.stages.iter().filter(|(_, end)| ended(end));
        let ended: BTreeSet<&str> = ended.map(|(stage, _)| stage.as_str()).collect();
        let stages = workspace.pipeline.stages.iter();
        let stages = stages.filter(|stage| ended.contains(stage.name.as_str()));
        let own: BTreeSet<String> = stages
            .flat_map(|stage| metrics::paths(std::slice::from_ref(stage)))
            .collect();
        let mut metrics = metrics::collect(&workspace.pipeline, &workspace.project.root);
        metrics.retain(|path, _| own.contains(path));
        Self {
            lock: Some(workspace.lock.text()),
            metrics,
            components,
        }
    }
}
