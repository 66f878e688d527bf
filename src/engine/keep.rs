//! [`keep`]: what a stage made is kept: contents, then the run cache, then the lock.

use crate::cache::{LogLine, RunEntry};
use crate::entry::Entry;
use crate::error::EngineError;
use crate::fingerprint::{Content, Fingerprint};
use crate::snapshot::PathState;
use crate::stage::Stage;
use crate::workspace::Workspace;
use std::collections::BTreeMap;

/// Records what lies in the place of the outs as what the stage makes from `fingerprint`, and what it
/// said meanwhile.
pub(crate) fn keep(
    workspace: &Workspace,
    stage: &Stage,
    fingerprint: Fingerprint,
    log: &[LogLine],
) -> Result<(), EngineError> {
    let Workspace {
        project,
        cache,
        lock,
        snapshot,
        ..
    } = workspace;
    let mut outs = BTreeMap::new();
    // A stage goes on writing in what persists.
    let mut shared = Vec::new();
    for out in &stage.outs {
        let state = snapshot.refresh(&out.path)?;
        let path = out.path.under(&project.root);
        if out.cache {
            cache.store(&path, &state).map_err(EngineError::Cache)?;
            if !out.persist {
                shared.push((path, state.clone()));
            }
        } else if let PathState::Folder(tree) = &state {
            cache.remember_tree(tree).map_err(EngineError::Cache)?;
        }
        outs.extend(Content::of(&state).map(|content| (out.path.to_string(), content)));
    }
    for dep in &stage.deps {
        if let PathState::Folder(tree) = snapshot.get(&dep.path)? {
            cache.remember_tree(&tree).map_err(EngineError::Cache)?;
        }
    }
    let entry = RunEntry {
        stage: stage.name.clone(),
        fingerprint,
        outs,
    };
    if !stage.always_changed && !stage.is_callback() {
        let key = entry.fingerprint.run_key();
        cache.keep_log(&key, log).map_err(EngineError::Cache)?;
        cache.record(&entry).map_err(EngineError::Cache)?;
    }
    let RunEntry {
        fingerprint, outs, ..
    } = entry;
    lock.record(&stage.name, Entry { fingerprint, outs })?;
    for (path, state) in &shared {
        cache.share(path, state);
    }
    Ok(())
}
