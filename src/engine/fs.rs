//! Files, with errors that name the path, and writes that are whole or not there.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// An operation on a path that failed.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} `{}`", path.display())]
pub struct FsError {
    action: &'static str,
    path: PathBuf,
    #[source]
    source: io::Error,
}

impl FsError {
    /// Names what was tried on which path.
    pub fn new(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self {
            action,
            path: path.to_owned(),
            source,
        }
    }

    /// The system's reason.
    pub fn kind(&self) -> io::ErrorKind {
        self.source.kind()
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

/// Writes a file so that readers, and whoever comes after a crash, see the old content or the new:
/// temp file beside it, fsync, rename, fsync of the folder.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    create_parent(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    write_through(folder, path, bytes)
}

/// The same with the temp file in another folder of the same file system, so that a crash leaves
/// nothing beside `path`.
pub(crate) fn write_through(folder: &Path, path: &Path, bytes: &[u8]) -> Result<()> {
    create_dir(folder)?;
    let mut temp = at("write", path, tempfile::NamedTempFile::new_in(folder))?;
    at("write", path, temp.write_all(bytes))?;
    at("write", path, set_readable(temp.as_file()))?;
    at("write", path, temp.as_file().sync_all())?;
    at(
        "write",
        path,
        temp.persist(path).map_err(|error| error.error),
    )?;
    sync_dir(path.parent().unwrap_or(folder))
}

/// Writes a file of a cache: whole or not there for readers, but not forced to the disk. What reads it
/// must be able to tell a damaged one.
pub(crate) fn write_cache(path: &Path, bytes: &[u8]) -> Result<()> {
    create_parent(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut temp = at("write", path, tempfile::NamedTempFile::new_in(folder))?;
    at("write", path, temp.write_all(bytes))?;
    at(
        "write",
        path,
        temp.persist(path).map_err(|error| error.error),
    )?;
    Ok(())
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

/// Moves a file or folder within one file system.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    create_parent(to)?;
    at("move", from, fs::rename(from, to))
}
