//! `.libtorch` in the checkout: a link to the libtorch that cargo builds against.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use crate::failure::Failure;
use crate::folder::STAMP;

/// Where the link leads, if it is one.
pub(crate) fn target(link: &Path) -> Option<PathBuf> {
    fs::read_link(link).ok()
}

/// A file or a folder in the link's place is somebody's: a failure.
pub(crate) fn check_place(link: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(link) {
        Ok(found) if !found.is_symlink() => Err(Failure::new(format!(
            "`{}` is in the way: it is no link",
            link.display()
        ))
        .hint("move it elsewhere; if it is a libtorch, name its new place in `LIBTORCH`")),
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::io("look at", link, &error))
        }
        _ => Ok(()),
    }
}

/// Makes `link` lead to `folder`.
pub(crate) fn point(link: &Path, folder: &Path) -> Result<(), Failure> {
    check_place(link)?;
    if target(link).as_deref() == Some(folder) {
        return Ok(());
    }
    replace(link, folder).map_err(|error| Failure::io("make the link", link, &error))?;
    touch(&folder.join(STAMP));
    Ok(())
}

/// A link cannot be overwritten, but a new one can be renamed over it, which is atomic.
fn replace(link: &Path, folder: &Path) -> io::Result<()> {
    // Two threads of one process may be here at once, each with a name of its own.
    static TRIES: AtomicU32 = AtomicU32::new(0);
    let (process, nth) = (std::process::id(), TRIES.fetch_add(1, Ordering::Relaxed));
    let fresh = link.with_extension(format!("tmp-{process}-{nth}"));
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    symlink(folder, &fresh)?;
    fs::rename(&fresh, link)
}

/// The build scripts that write the run path watch the stamp by its time, and behind the link there
/// is now another one, maybe an older. A folder of the user's may be read-only; cargo then notices
/// by the value of `LIBTORCH`.
fn touch(stamp: &Path) {
    if let Ok(file) = File::options().append(true).open(stamp) {
        let _ = file.set_modified(SystemTime::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_old_link_is_replaced_and_the_stamp_behind_the_new_one_is_fresh() {
        let home = tempfile::tempdir().unwrap();
        let link = home.path().join(".libtorch");
        let (old, new) = (home.path().join("old"), home.path().join("new"));
        fs::create_dir(&new).unwrap();
        fs::write(new.join(STAMP), "2.13.0\n").unwrap();
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        let stamp = || File::options().append(true).open(new.join(STAMP)).unwrap();
        stamp().set_modified(long_ago).unwrap();
        symlink(&old, &link).unwrap(); // leads nowhere
        point(&link, &new).unwrap();
        assert_eq!(target(&link), Some(new.clone()));
        assert!(fs::metadata(new.join(STAMP)).unwrap().modified().unwrap() > long_ago);
        assert_eq!(fs::read_to_string(new.join(STAMP)).unwrap(), "2.13.0\n");

        stamp().set_modified(long_ago).unwrap();
        point(&link, &new).unwrap();
        assert_eq!(
            fs::metadata(new.join(STAMP)).unwrap().modified().unwrap(),
            long_ago
        );
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2); // the link and `new`
    }

    #[test]
    fn a_real_folder_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        let link = home.path().join(".libtorch");
        fs::create_dir(&link).unwrap();
        fs::write(link.join("mine"), "").unwrap();
        let failure = point(&link, Path::new("/elsewhere")).unwrap_err();
        assert!(
            failure.message.contains("is in the way"),
            "{}",
            failure.message
        );
        assert!(failure.hint.is_some());
        assert!(link.join("mine").is_file());
    }
}
