//! [`matched`]: the files that a pattern names, for a group with a stage for each.

use crate::problem::Place;
use crate::rel_path::RelPath;
use crate::snapshot::Stamp;
use glob::{MatchOptions, Pattern};
use std::path::Path;
use walkdir::{DirEntry, WalkDir};

/// Every folder that was searched, as it was before: a file that comes or goes shows in one of them.
type Searched = Vec<(String, Option<Stamp>)>;

/// `*` stays within a folder, and neither it nor `**` finds what is hidden.
const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// A pattern under `files`, and what it names now.
pub(super) struct Files {
    /// The group.
    pub(super) stage: String,
    pub(super) pattern: RelPath,
    pub(super) place: Place,
    pub(super) found: Vec<RelPath>,
}

/// The files that a pattern names, sorted.
///
/// # Errors
/// It is no pattern, with the reason.
pub(super) fn matched(
    root: &Path,
    pattern: &RelPath,
    searched: &mut Searched,
) -> Result<Vec<RelPath>, String> {
    let glob = Pattern::new(pattern.as_str()).map_err(|error| error.msg.to_owned())?;
    let top = searched_from(pattern);
    let mut note = |path: &Path| {
        let key = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
        searched.push((key.into_owned(), Stamp::look(path)));
    };
    let is_seen = |entry: &DirEntry| {
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        let is_dir = entry.file_type().is_dir();
        if is_dir && (entry.depth() == 0 || !is_hidden) {
            note(entry.path());
        }
        entry.depth() == 0 || !(is_dir && is_hidden)
    };
    let start = top.under(root);
    if !start.is_dir() {
        note(&start);
        return Ok(Vec::new());
    }
    let parts = |path: &RelPath| {
        path.as_str()
            .split('/')
            .filter(|part| !part.is_empty())
            .count()
    };
    let depth = if pattern.as_str().contains("**") {
        usize::MAX
    } else {
        parts(pattern) - parts(&top)
    };
    let walk = WalkDir::new(&start)
        .follow_links(true)
        .sort_by_file_name()
        .max_depth(depth);
    let mut found = Vec::new();
    // What cannot be read holds no file that a stage could read.
    for entry in walk
        .into_iter()
        .filter_entry(is_seen)
        .filter_map(Result::ok)
    {
        let inside = entry.path().strip_prefix(root).ok().and_then(Path::to_str);
        let path = inside.map(|inside| RelPath::root().join(inside));
        let is_meant = |path: &RelPath| glob.matches_with(path.as_str(), OPTIONS);
        found.extend(path.filter(|path| entry.file_type().is_file() && is_meant(path)));
    }
    found.sort();
    Ok(found)
}

/// The folder above the first part of a pattern that is none.
pub(super) fn searched_from(pattern: &RelPath) -> RelPath {
    let parts = pattern.as_str().split('/');
    let plain: Vec<&str> = parts
        .take_while(|part| !part.contains(['*', '?', '[']))
        .collect();
    let all = pattern.as_str().split('/').count();
    let folders = plain.len().min(all - 1);
    RelPath::root().join(&plain[..folders].join("/"))
}
