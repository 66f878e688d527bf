//! [`Backup`]: the last good outs, set aside while a command makes new ones.

use crate::fs::{self, FsError};
use crate::left_out::carry;
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::stage::Stage;
use crate::trash::Trash;
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Outs of one stage that were moved away, and where to.
#[derive(Debug)]
pub(crate) struct Backup {
    folder: PathBuf,
    root: PathBuf,
    /// Out → what `.kasliteignore` leaves out of it: no stage makes it.
    left_out: BTreeMap<RelPath, Vec<PathBuf>>,
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
        for out in &stage.outs {
            let place = out.path.under(&backup.root);
            fs::create_parent(&place)?;
            if out.persist {
                // The stage goes on writing in it, and must not write into the cache.
                fs::own(&place, &workspace.project.cache_dir())?;
            } else if place.symlink_metadata().is_ok() {
                let left_out = workspace.snapshot.left_out(&out.path)?;
                backup.left_out.insert(out.path.clone(), left_out);
                fs::rename(&place, &backup.folder.join(out.path.as_str()))?;
            }
        }
        Ok(backup)
    }

    /// Puts the last good outs back. What the failed stage had made of new ones goes to `aside`; whether
    /// there was any.
    pub(crate) fn put_back(self, stage: &Stage, aside: &Path) -> Result<bool, FsError> {
        let mut left = false;
        fs::remove(aside)?;
        for out in stage.outs.iter().filter(|out| !out.persist) {
            let place = out.path.under(&self.root);
            if place.symlink_metadata().is_ok() {
                fs::rename(&place, &aside.join(out.path.as_str()))?;
                left = true;
            }
            put_back(&self.folder.join(out.path.as_str()), &place)?;
        }
        fs::remove(&self.folder)?;
        Ok(left)
    }

    /// The new outs are good: the old ones go, save what is not the stage's.
    pub(crate) fn discard(self) -> Result<(), FsError> {
        for (out, names) in &self.left_out {
            carry(
                names,
                &self.folder.join(out.as_str()),
                &out.under(&self.root),
            )?;
        }
        fs::remove(&self.folder)
    }
}

fn put_back(kept: &Path, place: &Path) -> Result<(), FsError> {
    if kept.symlink_metadata().is_ok() {
        fs::remove(place)?;
        fs::rename(kept, place)?;
    }
    Ok(())
}

/// Where the backups of a run are.
pub(crate) fn backup_dir(project: &Project) -> PathBuf {
    project.temp_dir().join("backup")
}

/// After a crash: puts back the last good outs of stages that were killed before `is_recorded`, and
/// clears what is left of unfinished work.
pub(crate) fn recover(
    project: &Project,
    stages: &[Stage],
    is_recorded: impl Fn(&str) -> bool,
) -> Result<(), FsError> {
    for stage in stages.iter().filter(|stage| !is_recorded(&stage.name)) {
        let kept = backup_dir(project).join(stage.file_name());
        let aside = Trash::new(project).unfinished(&stage.file_name());
        for out in stage.outs.iter().filter(|out| !out.persist) {
            let kept = kept.join(out.path.as_str());
            let place = out.path.under(&project.root);
            if kept.symlink_metadata().is_ok() && place.symlink_metadata().is_ok() {
                let aside = aside.join(out.path.as_str());
                fs::remove(&aside)?;
                fs::rename(&place, &aside)?;
            }
            put_back(&kept, &place)?;
        }
    }
    for entry in std::fs::read_dir(project.state_dir())
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
    {
        if entry.file_name().to_string_lossy().starts_with(".tmp") {
            fs::remove(&entry.path())?;
        }
    }
    fs::remove(&project.temp_dir())
}
