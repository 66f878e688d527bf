//! [`Surroundings`]: what stages depend on beside what is read.

use crate::project::Project;
use crate::stage::Stage;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What stages depend on beside what is read: a memo of them holds no longer than it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Surroundings {
    /// Folders that commands run in; what else is in them does not matter.
    folders: BTreeSet<String>,
    /// Declared environment variables.
    env: BTreeMap<String, Option<String>>,
}

impl Surroundings {
    /// Those of stages, as they are now.
    pub(crate) fn of(stages: &[Stage], project: &Project) -> Self {
        let folders = stages.iter().map(|stage| stage.wdir.as_str().to_owned());
        let names = stages.iter().flat_map(|stage| stage.env.keys());
        let value = |name: &String| project.environment.get(name).cloned();
        Self {
            folders: folders.collect(),
            env: names.map(|name| (name.clone(), value(name))).collect(),
        }
    }

    /// Whether they are as they were.
    pub(crate) fn hold(&self, project: &Project) -> bool {
        let mut env = self.env.iter();
        let mut folders = self.folders.iter();
        env.all(|(name, value)| project.environment.get(name) == value.as_ref())
            && folders.all(|path| project.root.join(path).is_dir())
    }
}
