//! [`CacheFile`]: a file of a cache, or a memo, under way.

use crate::fs::{FsError, at, create_parent};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};

/// A file that is whole or not there for readers, but not forced to the disk. What reads it must be able to
/// tell a damaged one.
#[derive(Debug)]
pub(crate) struct CacheFile {
    path: PathBuf,
    temp: tempfile::NamedTempFile,
}

impl CacheFile {
    /// A file to be published at `path`; dropped before that, nothing is left of it.
    pub(crate) fn new(path: &Path) -> Result<Self, FsError> {
        create_parent(path)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let temp = at("write", path, tempfile::NamedTempFile::new_in(folder))?;
        let path = path.to_owned();
        Ok(Self { path, temp })
    }

    /// Publishes these bytes.
    pub(crate) fn store(path: &Path, bytes: &[u8]) -> Result<(), FsError> {
        let mut file = Self::new(path)?;
        file.write(bytes)?;
        file.publish()
    }

    /// Writes on.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), FsError> {
        at("write", &self.path, self.temp.write_all(bytes))
    }

    /// Writes `head` over its first bytes, and publishes it.
    pub(crate) fn finish(mut self, head: &[u8]) -> Result<(), FsError> {
        at("write", &self.path, self.temp.rewind())?;
        self.write(head)?;
        self.publish()
    }

    fn publish(self) -> Result<(), FsError> {
        let published = self.temp.persist(&self.path);
        at("write", &self.path, published.map_err(|error| error.error))?;
        Ok(())
    }
}
