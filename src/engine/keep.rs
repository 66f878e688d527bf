//! [`keep`]: what a stage made is kept: contents, then the run cache, then the lock. [`keep_in_lock`]:
//! in the lock alone.

use crate::cache::{LogLine, RunEntry};
use crate::entry::Entry;
use crate::error::EngineError;
use crate::fingerprint::{Content, Contents, Fingerprint};
use crate::snapshot::PathState;
use crate::stage::Stage;
use crate::stale::same;
use crate::workspace::Workspace;
use std::sync::Arc;

/// Records what lies in the place of the outs as what the stage makes from `fingerprint`, and what it
/// said meanwhile. An out that a past run made otherwise from the same fingerprint, if there is one.
pub(crate) fn keep(
    workspace: &Workspace,
    stage: &Stage,
    fingerprint: Fingerprint,
    log: &[LogLine],
) -> Result<Option<String>, EngineError> {
    let Workspace {
        project,
        cache,
        lock,
        snapshot,
        ..
    } = workspace;
    let mut outs = Contents::new();
    // A stage goes on writing in what persists.
    let mut shared = Vec::new();
    for out in &stage.outs {
        let state = snapshot.get(&out.path)?;
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
    let mut other = None;
    if !stage.always_changed && !stage.is_callback() {
        let key = entry.fingerprint.run_key();
        other = cache
            .look_up(&key)
            .and_then(|past| otherwise(&past, &entry));
        cache.keep_log(&key, log).map_err(EngineError::Cache)?;
        cache.record(&entry).map_err(EngineError::Cache)?;
    } else {
        cache.settle().map_err(EngineError::Cache)?;
    }
    let RunEntry {
        fingerprint, outs, ..
    } = entry;
    let fingerprint = Arc::new(fingerprint);
    lock.record(&stage.name, Entry { fingerprint, outs })?;
    for (path, state) in &shared {
        cache.share(path, state);
    }
    Ok(other)
}

/// Records what lies in the place of the outs in the lock alone; a later `commit` does the rest.
pub(crate) fn keep_in_lock(
    workspace: &Workspace,
    stage: &Stage,
    fingerprint: Fingerprint,
) -> Result<(), EngineError> {
    let mut outs = Contents::new();
    for out in &stage.outs {
        let content = Content::of(&workspace.snapshot.get(&out.path)?);
        outs.extend(content.map(|content| (out.path.to_string(), content)));
    }
    let fingerprint = Arc::new(fingerprint);
    let entry = Entry { fingerprint, outs };
    workspace.lock.record(&stage.name, entry)?;
    Ok(())
}

/// The first out that two runs made otherwise.
fn otherwise(past: &RunEntry, now: &RunEntry) -> Option<String> {
    let differs = |(path, content): &(&String, &Content)| {
        let before = past.outs.get(*path);
        before.is_some_and(|before| !same(before, content))
    };
    now.outs.iter().find(differs).map(|(path, _)| path.clone())
}
