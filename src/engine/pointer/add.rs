//! [`add`]: a path gets its pointer.

use crate::error::EngineError;
use crate::fingerprint::Content;
use crate::fs;
use crate::pointer::Pointer;
use crate::problem::Problem;
use crate::rel_path::RelPath;
use crate::snapshot::PathState;
use crate::stale::same;
use crate::workspace::Workspace;

/// What adding a path did.
#[derive(Clone, Debug)]
pub struct Added {
    /// The pointer, as it is now.
    pub pointer: Pointer,
    /// How it differs from before.
    pub change: Change,
}

/// How a pointer differs from before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// There was none.
    New,
    /// It named another content.
    Other,
    /// It named the same.
    Nothing,
}

/// Takes what lies at `path` into the cache, writes its pointer, and lets git ignore the data.
///
/// # Errors
/// Nothing is there, it lies outside of the project, a stage makes it; the cache cannot be written.
pub fn add(workspace: &Workspace, path: &RelPath) -> Result<Added, EngineError> {
    let Workspace {
        project,
        cache,
        snapshot,
        ..
    } = workspace;
    if let Some(problem) = refused(workspace, path)? {
        return Err(EngineError::Problems(vec![problem]));
    }
    snapshot.take(std::slice::from_ref(path))?;
    let state = snapshot.get(path)?;
    let Some(content) = Content::of(&state) else {
        let problem = Problem::in_file(path.as_str(), "is not there");
        return Err(EngineError::Problems(vec![problem]));
    };
    let before = Pointer::read(&project.root, &Pointer::file_of(path))?;
    let change = match &before {
        None => Change::New,
        Some(before) if same(&before.content, &content) => Change::Nothing,
        Some(_) => Change::Other,
    };
    if change != Change::Nothing || !cache.has(&content) {
        store(workspace, path, &state)?;
    }
    let path = path.clone();
    let pointer = Pointer { path, content };
    ignore(workspace, &pointer.path)?;
    if change != Change::Nothing {
        pointer.write(&project.root)?;
    }
    snapshot.save();
    Ok(Added { pointer, change })
}

fn store(workspace: &Workspace, path: &RelPath, state: &PathState) -> Result<(), EngineError> {
    let (place, cache) = (path.under(&workspace.project.root), &workspace.cache);
    let stored = cache.store(&place, state).and_then(|()| cache.settle());
    stored.map_err(EngineError::Cache)
}

/// Why a path gets no pointer.
fn refused(workspace: &Workspace, path: &RelPath) -> Result<Option<Problem>, EngineError> {
    let problem = |message: String| Some(Problem::in_file(path.as_str(), message));
    let is_state = [".kaslite", ".git"]
        .iter()
        .any(|name| RelPath::root().join(name).contains(path));
    if !path.is_inside() || is_state {
        return Ok(problem("is no path of this project's data".to_owned()));
    }
    for stage in &workspace.pipeline.stages {
        let overlaps = |out: &RelPath| out.contains(path) || path.contains(out);
        if stage.outs.iter().any(|out| overlaps(&out.path)) {
            let found = problem(format!("stage `{}` makes it", stage.name));
            let hint = "the cache keeps what stages make, and the lock says what that is";
            return Ok(found.map(|problem| problem.hint(hint)));
        }
    }
    if let Some(by) = workspace.snapshot.ignored(path)? {
        let message = format!("is left out by `{}` of `{}`", by.pattern, by.file);
        return Ok(problem(message));
    }
    Ok(None)
}

/// A line of the `.gitignore` beside the data.
fn ignore(workspace: &Workspace, path: &RelPath) -> Result<(), EngineError> {
    let place = path.under(&workspace.project.root);
    let file = place.with_file_name(".gitignore");
    let text = fs::read_if_exists(&file)?.unwrap_or_default();
    let line = format!("/{}", escaped(path.name()));
    if text.lines().any(|known| known.trim_end() == line) {
        return Ok(());
    }
    let gap = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    Ok(fs::write_atomic(
        &file,
        format!("{text}{gap}{line}\n").as_bytes(),
    )?)
}

/// A name as a pattern of git that fits it alone.
fn escaped(name: &str) -> String {
    let mut pattern = String::new();
    for c in name.chars() {
        if matches!(c, '*' | '?' | '[' | '\\' | ' ') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}
