//! What `.kasliteignore` leaves out of a folder stays when the folder is replaced: it is no stage's.

use crate::fs::{self, FsError};
use std::path::{Path, PathBuf};

/// Puts `new` in the place of what lies there. The files `left_out` of what lies there stay; until they
/// are in the new folder, all of the old one is kept in `aside`.
pub(crate) fn replace(
    new: &Path,
    place: &Path,
    left_out: &[PathBuf],
    aside: &Path,
) -> Result<(), FsError> {
    if !left_out.is_empty() {
        fs::remove(aside)?;
        fs::rename(place, aside)?;
        fs::rename(new, place)?;
        carry(left_out, aside, place)?;
        return fs::remove(aside);
    }
    // A file takes the place of a file in one step.
    if new.is_dir() || place.is_dir() {
        fs::remove(place)?;
    }
    fs::rename(new, place)
}

/// Moves files and folders by their names in the folder `from` to the same names in `to`; what is there
/// already goes before them.
pub(crate) fn carry(names: &[PathBuf], from: &Path, to: &Path) -> Result<(), FsError> {
    names
        .iter()
        .try_for_each(|name| one(&from.join(name), &to.join(name)))
}

fn one(from: &Path, to: &Path) -> Result<(), FsError> {
    let Ok(meta) = from.symlink_metadata() else {
        return Ok(());
    };
    if to.symlink_metadata().is_err() {
        return fs::rename(from, to);
    }
    if !meta.is_dir() || !to.is_dir() {
        return Ok(());
    }
    for entry in fs::at("read", from, std::fs::read_dir(from))? {
        let name = fs::at("read", from, entry)?.file_name();
        one(&from.join(&name), &to.join(&name))?;
    }
    Ok(())
}
