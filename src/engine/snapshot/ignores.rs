//! [`Ignores`]: what `.kasliteignore` files, and DVC's `.dvcignore`, leave out of folders.
//!
//! They are written as `.gitignore` is: a file speaks for its folder and those below, the deepest goes
//! first, `!` takes back, and nothing comes back out of a folder that is left out. The files themselves
//! are left out as well.

use crate::fs::{self, FsError};
use crate::problem::{Place, Problem, Source};
use crate::rel_path::RelPath;
use crate::snapshot::stamp::Stamp;
use crate::snapshot::stat_cache::StatCache;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder, Glob};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The names of the files; the last one of a folder goes first.
pub(crate) const IGNORE_FILES: [&str; 2] = [".dvcignore", ".kasliteignore"];

/// Whether a file of this name has patterns.
pub(crate) fn is_rules(name: &OsStr) -> bool {
    IGNORE_FILES.iter().any(|rules| name == *rules)
}

/// The patterns of one folder.
pub(super) type Rules = Option<Arc<Gitignore>>;

/// What is left out, and by which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredBy {
    /// The file, relative to the project.
    pub file: String,
    /// The pattern.
    pub pattern: String,
}

/// The patterns of the folders of a project, each read once.
#[derive(Debug)]
pub(super) struct Ignores {
    root: PathBuf,
    folders: Mutex<BTreeMap<RelPath, Rules>>,
}

impl Ignores {
    pub(super) fn new(root: PathBuf) -> Self {
        Self {
            root,
            folders: Mutex::default(),
        }
    }

    /// The patterns that speak for a path: of the root and of every folder above it.
    pub(super) fn above(&self, path: &RelPath, stats: &StatCache) -> Result<Vec<Rules>, FsError> {
        if !path.is_inside() {
            return Ok(Vec::new());
        }
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let mut above = Vec::new();
        for folder in parents(path) {
            if let Some(rules) = folders.get(&folder) {
                above.push(rules.clone());
                continue;
            }
            let rules = rules(&folder.under(&self.root), folder.as_str(), stats)?;
            folders.insert(folder, rules.clone());
            above.push(rules);
        }
        Ok(above)
    }

    /// The pattern that leaves out a path of the project, or a folder above it.
    pub(super) fn ignored(
        &self,
        path: &RelPath,
        is_dir: bool,
        stats: &StatCache,
    ) -> Result<Option<IgnoredBy>, FsError> {
        let above = self.above(path, stats)?;
        if above.iter().all(Option::is_none) {
            return Ok(None);
        }
        let folders = parents(path).skip(1).map(|folder| (folder, true));
        for (part, is_dir) in folders.chain([(path.clone(), is_dir)]) {
            let depth = part.as_str().split('/').count();
            let place = part.under(&self.root);
            if let Some(glob) = glob(&above[..depth], &place, is_dir) {
                let file = glob.from().unwrap_or(&place);
                let file = file.strip_prefix(&self.root).unwrap_or(file);
                return Ok(Some(IgnoredBy {
                    file: file.display().to_string(),
                    pattern: glob.original().to_owned(),
                }));
            }
        }
        Ok(None)
    }
}

/// The root and every folder above a path, from the top.
fn parents(path: &RelPath) -> impl Iterator<Item = RelPath> {
    let text = path.as_str();
    let ends = text.match_indices('/').map(|(end, _)| end);
    [0].into_iter()
        .chain(ends)
        .map(|end| RelPath::root().join(&text[..end]))
}

/// The patterns of a folder, which is called `key` in the project.
pub(super) fn rules(folder: &Path, key: &str, stats: &StatCache) -> Result<Rules, FsError> {
    let wrong = |problem: Problem| FsError::Wrong(Box::new(problem));
    let mut builder = None;
    for name in IGNORE_FILES {
        let path = folder.join(name);
        let stamp = Stamp::look(&path);
        let shown = Path::new(key).join(name);
        let shown = shown.to_string_lossy();
        stats.see(&shown, stamp);
        if stamp.is_none() {
            continue;
        }
        let Some(source) = Source::read(&shown, &path).map_err(wrong)? else {
            continue;
        };
        let builder = builder.get_or_insert_with(|| GitignoreBuilder::new(folder));
        for (index, line) in source.text.lines().enumerate() {
            builder
                .add_line(Some(path.clone()), line)
                .map_err(|error| wrong(wrong_pattern(&source, index + 1, line, &error)))?;
        }
    }
    let built = builder.map(|builder| builder.build().map_err(io::Error::other));
    Ok(fs::at("use", folder, built.transpose())?.map(Arc::new))
}

fn wrong_pattern(source: &Source, line: usize, pattern: &str, error: &ignore::Error) -> Problem {
    let place = Place {
        line,
        column: 1,
        width: pattern.chars().count(),
    };
    let hint = "patterns are written as in `.gitignore`; `\\` before a character takes it as it is";
    let reason = if let ignore::Error::Glob { err, .. } = error {
        err.clone()
    } else {
        error.to_string()
    };
    let message = format!("not a pattern: {reason}");
    Problem::at(source, place, message).hint(hint)
}

/// The pattern that leaves out a path, by the patterns of the folders above it, from the top.
pub(super) fn glob<'a>(above: &'a [Rules], path: &Path, is_dir: bool) -> Option<&'a Glob> {
    for rules in above.iter().rev().flatten() {
        match rules.matched(path, is_dir) {
            Match::None => {}
            Match::Ignore(glob) => return Some(glob),
            Match::Whitelist(_) => return None,
        }
    }
    None
}
