//! [`Snapshot`]: the state of paths, asked once a run.

use crate::fs::FsError;
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::snapshot::ignores::{IgnoredBy, Ignores, Rules};
use crate::snapshot::path_state::{PathState, Tree};
use crate::snapshot::stat_cache::{Seen, StatCache};
use crate::snapshot::walk::{Walk, file};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tracing::debug;

/// The state of paths as first asked for, or as refreshed since.
#[derive(Debug)]
pub struct Snapshot {
    root: PathBuf,
    stats: StatCache,
    ignores: Ignores,
    states: Mutex<BTreeMap<RelPath, Looked>>,
}

/// A path that was looked at.
#[derive(Debug)]
struct Looked {
    state: PathState,
    /// What `.kasliteignore` leaves out of it, by its name in it.
    left_out: Vec<PathBuf>,
}

impl Snapshot {
    /// An empty snapshot of a project.
    pub fn new(project: &Project) -> Self {
        let stats = StatCache::load(project.state_dir().join("stat"));
        debug!(files = stats.kept(), "stat cache loaded");
        Self {
            root: project.root.clone(),
            stats,
            ignores: Ignores::new(project.root.clone()),
            states: Mutex::default(),
        }
    }

    /// Looks at many paths at once, by all cores.
    pub fn take(&self, paths: &[RelPath]) -> Result<(), FsError> {
        paths
            .par_iter()
            .try_for_each(|path| self.get(path).map(|_| ()))
    }

    /// The state of a path.
    pub fn get(&self, path: &RelPath) -> Result<PathState, FsError> {
        if let Some(looked) = self.states().get(path) {
            return Ok(looked.state.clone());
        }
        self.refresh(path)
    }

    /// The state of a path, looked at anew.
    pub fn refresh(&self, path: &RelPath) -> Result<PathState, FsError> {
        let looked = self.look(path)?;
        let state = looked.state.clone();
        self.states().insert(path.clone(), looked);
        Ok(state)
    }

    /// What `.kasliteignore` leaves out of a folder: names of files and folders in it.
    pub(crate) fn left_out(&self, path: &RelPath) -> Result<Vec<PathBuf>, FsError> {
        self.get(path)?;
        let states = self.states();
        let looked = states.get(path);
        Ok(looked.map_or_else(Vec::new, |looked| looked.left_out.clone()))
    }

    /// Forgets a path and everything in it or above it: a stage has written there.
    pub fn forget(&self, path: &RelPath) {
        let mut states = self.states();
        let ends = path.as_str().match_indices('/').map(|(end, _)| end);
        for end in ends.chain([0]) {
            states.remove(&RelPath::root().join(&path.as_str()[..end]));
        }
        let inside: Vec<RelPath> = states
            .range(path..)
            .map(|(known, _)| known)
            .take_while(|known| known.as_str().starts_with(path.as_str()))
            .filter(|known| path.contains(known))
            .cloned()
            .collect();
        for known in inside {
            states.remove(&known);
        }
    }

    /// Keeps the digests for the next run.
    pub fn save(&self) {
        self.stats.save();
    }

    /// The same, unless it is cheaper to hash again what was hashed than to write it all.
    pub(crate) fn save_what_is_dear(&self) {
        self.stats.save_what_is_dear();
    }

    /// Every file and folder looked at, relative to the project, with its stamp then.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.stats.seen()
    }

    /// The state of a file or folder that is no path of the pipeline: a scratch out.
    pub(crate) fn look_at(path: &Path) -> Result<PathState, FsError> {
        let stats = StatCache::load(PathBuf::new());
        Ok(look(path, "", &[], &stats)?.state)
    }

    /// The pattern of a `.kasliteignore` that leaves out a path as a whole.
    pub fn ignored(&self, path: &RelPath) -> Result<Option<IgnoredBy>, FsError> {
        let is_dir = matches!(
            self.states().get(path),
            Some(Looked {
                state: PathState::Folder(_),
                ..
            })
        );
        self.ignores.ignored(path, is_dir, &self.stats)
    }

    fn look(&self, path: &RelPath) -> Result<Looked, FsError> {
        let place = path.under(&self.root);
        let above = self.ignores.above(path, &self.stats)?;
        look(&place, path.as_str(), &above, &self.stats)
    }

    fn states(&self) -> std::sync::MutexGuard<'_, BTreeMap<RelPath, Looked>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn look(path: &Path, key: &str, above: &[Rules], stats: &StatCache) -> Result<Looked, FsError> {
    let whole = |state| Looked {
        state,
        left_out: Vec::new(),
    };
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => folder(path, key, &meta, above, stats),
        Ok(meta) => {
            let (state, look) = file(path, key, &meta, stats)?;
            stats.note([look]);
            Ok(whole(PathState::File(state)))
        }
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(whole(PathState::Missing))
        }
        Err(error) => Err(FsError::new("read", path, error)),
    }
}

fn folder(
    root: &Path,
    key: &str,
    meta: &Metadata,
    above: &[Rules],
    stats: &StatCache,
) -> Result<Looked, FsError> {
    let mut listing = Walk { root, key, stats }.all(meta, above)?;
    stats.see_all(listing.folders);
    listing
        .files
        .par_sort_unstable_by(|(left, ..), (right, ..)| left.cmp(right));
    let mut looks = Vec::with_capacity(listing.files.len());
    let files = listing.files.into_iter().map(|(name, state, look)| {
        looks.push(look);
        (name, state)
    });
    let files = files.collect();
    stats.note(looks);
    Ok(Looked {
        state: PathState::Folder(Arc::new(Tree::new(files))),
        left_out: listing.left_out,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stage_has_written_in_is_forgotten_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::of_file(&folder.path().join("pipeline.yaml"), BTreeMap::new());
        let root = RelPath::root();
        let known = [
            "", "a", "a-b", "a/b", "a/b-c", "a/b/c", "a/b/c/d", "a/bc", "ab", "b", "/a/b",
        ];
        let known = known.map(|text| root.join(text));
        for path in &known {
            let snapshot = Snapshot::new(&project);
            snapshot.take(&known).unwrap();
            snapshot.forget(path);
            let left: Vec<RelPath> = snapshot.states().keys().cloned().collect();
            let touches = |other: &RelPath| other.contains(path) || path.contains(other);
            let mut expected = known.to_vec();
            expected.retain(|other| !touches(other));
            expected.sort();
            assert_eq!(left, expected, "{path}");
        }
    }
}
