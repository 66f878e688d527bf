//! [`Backup`]: the last good outs, set aside while a command makes new ones.

use crate::fs::{self, FsError};
use crate::left_out::carry;
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::stage::{Out, Stage, file_name};
use crate::trash::Trash;
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Outs of one stage that were moved away, and where to: each is named by its place among the outs.
#[derive(Debug)]
pub(crate) struct Backup {
    folder: PathBuf,
    root: PathBuf,
    /// Place among the outs → out, and what `.kasliteignore` leaves out of it: no stage makes it.
    left_out: BTreeMap<usize, (RelPath, Vec<PathBuf>)>,
}

impl Backup {
    /// Moves away what lies where the stage will write (but not what `persist`s), and makes the
    /// folders its outs go to.
    pub(crate) fn take(
        stage: &Stage,
        workspace: &Workspace,
        folder: PathBuf,
    ) -> Result<Self, FsError> {
        let mut backup = Self {
            folder,
            root: workspace.project.root.clone(),
            left_out: BTreeMap::new(),
        };
        for (index, out) in stage.outs.iter().enumerate() {
            let place = out.path.under(&backup.root);
            fs::create_parent(&place)?;
            if out.persist {
                // The stage goes on writing in it, and must not write into the cache.
                fs::own(&place, &workspace.project.cache_dir())?;
            } else if place.symlink_metadata().is_ok() {
                let left_out = workspace.snapshot.left_out(&out.path)?;
                backup.left_out.insert(index, (out.path.clone(), left_out));
                fs::rename(&place, &kept(&backup.folder, index))?;
            }
        }
        Ok(backup)
    }

    /// Removes what a failed attempt had made, before the next one.
    pub(crate) fn clear(&self, stage: &Stage) -> Result<(), FsError> {
        let mut outs = stage.outs.iter().filter(|out| !out.persist);
        outs.try_for_each(|out| fs::remove(&out.path.under(&self.root)))
    }

    /// Puts the last good outs back. What the failed stage had made of new ones goes to `aside`; whether
    /// there was any.
    pub(crate) fn put_back(self, stage: &Stage, aside: &Path) -> Result<bool, FsError> {
        let mut left = false;
        fs::remove(aside)?;
        let moved = |(_, out): &(usize, &Out)| !out.persist;
        for (index, out) in stage.outs.iter().enumerate().filter(moved) {
            let place = out.path.under(&self.root);
            if place.symlink_metadata().is_ok() {
                fs::rename(&place, &aside.join(out.path.as_str()))?;
                left = true;
            }
            put_back(&kept(&self.folder, index), &place)?;
        }
        fs::remove(&self.folder)?;
        Ok(left)
    }

    /// The new outs are good: the old ones go, all at once, save what is not the stage's.
    pub(crate) fn discard(self) -> Result<(), FsError> {
        for (index, (out, names)) in &self.left_out {
            carry(names, &kept(&self.folder, *index), &out.under(&self.root))?;
        }
        if self.folder.symlink_metadata().is_err() {
            return Ok(());
        }
        let gone = self.folder.with_extension("old");
        fs::rename(&self.folder, &gone)?;
        fs::remove(&gone)
    }
}

fn kept(folder: &Path, index: usize) -> PathBuf {
    folder.join(index.to_string())
}

fn put_back(kept: &Path, place: &Path) -> Result<(), FsError> {
    if kept.symlink_metadata().is_ok() {
        fs::remove(place)?;
        fs::rename(kept, place)?;
    }
    Ok(())
}

/// After a crash: puts back the last good outs of a stage that was killed before it was done; what it had
/// made of new ones goes to the trash.
pub(crate) fn recover(
    project: &Project,
    stage: &str,
    outs: &[RelPath],
    backup: &Path,
) -> Result<(), FsError> {
    let aside = Trash::new(project).unfinished(&file_name(stage));
    for (index, out) in outs.iter().enumerate() {
        let (kept, place) = (kept(backup, index), out.under(&project.root));
        if kept.symlink_metadata().is_ok() && place.symlink_metadata().is_ok() {
            let aside = aside.join(out.as_str());
            fs::remove(&aside)?;
            fs::rename(&place, &aside)?;
        }
        put_back(&kept, &place)?;
    }
    Ok(())
}
