//! Files, with errors that name the path, and writes that are whole or not there.

use crate::problem::{Problem, shown};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// An operation on a path that failed.
#[derive(Debug, thiserror::Error)]
pub enum FsError {
    /// The system refused it.
    #[error("cannot {action} `{}`", shown(&path.display().to_string()))]
    Failed {
        /// What was tried.
        action: &'static str,
        /// On which path.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// What a person wrote into the file is wrong.
    #[error("{0}")]
    Wrong(Box<Problem>),
}

impl FsError {
    /// Names what was tried on which path.
    pub fn new(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Failed {
            action,
            path: path.to_owned(),
            source,
        }
    }

    /// The system's reason.
    pub fn kind(&self) -> io::ErrorKind {
        match self {
            Self::Failed { source, .. } => source.kind(),
            Self::Wrong(_) => io::ErrorKind::InvalidData,
        }
    }
}

type Result<T> = std::result::Result<T, FsError>;

/// Puts action and path to an [`io::Result`].
pub(crate) fn at<T>(action: &'static str, path: &Path, result: io::Result<T>) -> Result<T> {
    result.map_err(|source| FsError::new(action, path, source))
}

/// The text of a file, or `None` where there is no such file.
pub fn read_if_exists(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FsError::new("read", path, error)),
    }
}

/// The bytes of a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    at("read", path, fs::read(path))
}

/// Makes a folder and those above it.
pub fn create_dir(path: &Path) -> Result<()> {
    at("create folder", path, fs::create_dir_all(path))
}

/// Makes the folder that `path` lies in.
pub fn create_parent(path: &Path) -> Result<()> {
    path.parent().map_or(Ok(()), create_dir)
}

/// Opens a file that may have to be made, and where it is not there its folder too. Most often it is.
pub(crate) fn in_parent(path: &Path, open: impl Fn() -> io::Result<File>) -> Result<File> {
    let opened = match open() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create_parent(path)?;
            open()
        }
        opened => opened,
    };
    at("open", path, opened)
}

/// Writes a file so that readers, and whoever comes after a crash, see the old content or the new:
/// temp file beside it, fsync, rename, fsync of the folder.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    create_parent(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    write_through(folder, path, bytes)
}

/// The same with the temp file in another folder, so that a crash leaves nothing beside `path`.
pub(crate) fn write_through(folder: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
    create_dir(folder)?;
    let mut temp = at("write", path, tempfile::NamedTempFile::new_in(folder))?;
    at("write", path, temp.write_all(bytes))?;
    at("write", path, set_readable(temp.as_file()))?;
    at("write", path, temp.as_file().sync_all())?;
    let home = path.parent().unwrap_or(folder);
    match temp.persist(path) {
        Ok(_) => sync_dir(home),
        // The temp folder is on another disk.
        Err(error) if error.error.kind() == io::ErrorKind::CrossesDevices && home != folder => {
            write_through(home, path, bytes)
        }
        Err(error) => Err(FsError::new("write", path, error.error)),
    }
}

/// Temp files are private to their owner; what is published gets the ordinary mode.
fn set_readable(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o644))
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        Ok(())
    }
}

/// Makes a rename in a folder durable.
pub fn sync_dir(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        at(
            "sync",
            folder,
            File::open(folder).and_then(|dir| dir.sync_all()),
        )?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Removes a file or a whole folder; nothing there is fine.
pub fn remove(path: &Path) -> Result<()> {
    let result = match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => at("remove", path, result),
    }
}

/// Moves a file or folder; between file systems it is copied, and never there in part.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    let mut moved = fs::rename(from, to);
    let has_folder = || to.parent().is_none_or(Path::is_dir);
    if matches!(&moved, Err(error) if error.kind() == io::ErrorKind::NotFound) && !has_folder() {
        create_parent(to)?;
        moved = fs::rename(from, to);
    }
    match moved {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => move_across(from, to),
        result => at("move", from, result),
    }
}

fn move_across(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().unwrap_or(Path::new("."));
    let temp = tempfile::Builder::new()
        .prefix(".kaslite-")
        .tempdir_in(folder);
    let temp = at("write", to, temp)?;
    let inside = temp.path().join("moved");
    copy_all(from, &inside)?;
    at("move", from, fs::rename(&inside, to))?;
    remove(from)
}

/// Copies a file, a link or a folder, and forces it to the disk.
fn copy_all(from: &Path, to: &Path) -> Result<()> {
    let kind = at("read", from, fs::symlink_metadata(from))?.file_type();
    if kind.is_dir() {
        create_dir(to)?;
        for entry in at("read", from, fs::read_dir(from))? {
            let name = at("read", from, entry)?.file_name();
            copy_all(&from.join(&name), &to.join(&name))?;
        }
        return sync_dir(to);
    }
    if !kind.is_file() && !kind.is_symlink() {
        let error = io::Error::other("it is neither a file nor a folder");
        return Err(FsError::new("move", from, error));
    }
    let copied = if kind.is_symlink() {
        fs::read_link(from).and_then(|target| symlink(&target, to))
    } else {
        fs::copy(from, to).and_then(|_| File::open(to)?.sync_all())
    };
    at("write", to, copied)
}

/// Makes a symbolic link.
#[cfg(unix)]
pub(crate) fn symlink(target: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

/// Makes files that are shared with the cache (links into it, or one of several names of a read-only
/// file) files of their own.
pub(crate) fn own(path: &Path, cache: &Path) -> Result<()> {
    let cache = std::path::absolute(cache).unwrap_or_else(|_| cache.to_owned());
    for entry in walkdir::WalkDir::new(path).into_iter().flatten() {
        let file = entry.path();
        let is_link = || fs::read_link(file).is_ok_and(|target| target.starts_with(&cache));
        if !(is_shared(file) || is_link()) || !file.is_file() {
            continue;
        }
        let folder = file.parent().unwrap_or(Path::new("."));
        let temp = at("write", file, tempfile::NamedTempFile::new_in(folder))?;
        at("write", file, fs::copy(file, temp.path()))?;
        at("write", file, set_readable(temp.as_file()))?;
        at(
            "write",
            file,
            temp.persist(file).map_err(|error| error.error),
        )?;
    }
    Ok(())
}

#[cfg(unix)]
fn is_shared(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::symlink_metadata(path)
        .is_ok_and(|meta| meta.is_file() && meta.nlink() > 1 && meta.mode() & 0o222 == 0)
}
