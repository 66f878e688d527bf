//! [`Blobs`]: file contents by their digest, read-only on disk, verified when read.

use crate::config::Link;
use crate::digest::Digest;
use crate::fs::{self, FsError};
use std::fs::{File, Permissions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub(super) struct Blobs {
    folder: PathBuf,
    /// Where unfinished ones lie.
    temp: PathBuf,
}

impl Blobs {
    pub(super) fn new(folder: PathBuf, temp: PathBuf) -> Self {
        Self { folder, temp }
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        let hex = digest.to_string();
        self.folder.join(&hex[..2]).join(&hex[2..])
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The bytes that a content takes; `None` where it is not there.
    pub(super) fn size(&self, digest: &Digest) -> Option<u64> {
        std::fs::metadata(self.path(digest))
            .ok()
            .map(|meta| meta.len())
    }

    /// Whether the content is there, with the size it should have.
    pub(super) fn has(&self, digest: &Digest, size: u64) -> bool {
        std::fs::metadata(self.path(digest)).is_ok_and(|meta| meta.is_file() && meta.len() == size)
    }

    /// Takes in a file that has this digest.
    pub(super) fn put_file(&self, digest: &Digest, size: u64, file: &Path) -> Result<(), FsError> {
        if self.has(digest, size) {
            return Ok(());
        }
        self.publish(digest, |temp| copy(file, temp))
    }

    /// Takes in bytes that have this digest.
    pub(super) fn put_bytes(&self, digest: &Digest, bytes: &[u8]) -> Result<(), FsError> {
        if self.has(digest, bytes.len() as u64) {
            return Ok(());
        }
        self.publish(digest, |temp| {
            File::create(temp).and_then(|mut file| file.write_all(bytes))
        })
    }

    fn publish(
        &self,
        digest: &Digest,
        fill: impl FnOnce(&Path) -> io::Result<()>,
    ) -> Result<(), FsError> {
        let path = self.path(digest);
        fs::create_parent(&path)?;
        fs::create_dir(&self.temp)?;
        let temp = fs::at("write", &path, tempfile::tempdir_in(&self.temp))?;
        let inside = temp.path().join("blob");
        let filled = fill(&inside)
            .and_then(|()| File::open(&inside)?.sync_all())
            .and_then(|()| std::fs::set_permissions(&inside, read_only()))
            .and_then(|()| std::fs::rename(&inside, &path));
        fs::at("write", &path, filled)
    }

    /// The bytes of a small blob, if it is there and whole; a damaged one is dropped.
    pub(super) fn bytes(&self, digest: &Digest) -> Option<Vec<u8>> {
        let path = self.path(digest);
        let bytes = std::fs::read(&path).ok()?;
        if Digest::of(&bytes) == *digest {
            return Some(bytes);
        }
        let _ = fs::remove(&path);
        None
    }

    /// Makes `to` (which is not there) hold the content, by the first of `links` that the file system
    /// can. `Ok(false)` where the blob is missing or damaged; a damaged one is dropped.
    pub(super) fn checkout(
        &self,
        digest: &Digest,
        to: &Path,
        executable: bool,
        links: &[Link],
    ) -> Result<bool, FsError> {
        let path = self.path(digest);
        if !path.is_file() {
            return Ok(false);
        }
        fs::create_parent(to)?;
        let shared = fs::at("write", to, self.link(digest, to, executable, links))?;
        if fs::at("read", to, digest_of(to))? != *digest {
            fs::remove(to)?;
            fs::remove(&path)?;
            return Ok(false);
        }
        if !shared {
            let mode = std::fs::set_permissions(to, ordinary(executable));
            fs::at("write", to, mode)?;
        }
        Ok(true)
    }

    /// Makes `to` by the first way that works; whether it is shared with the cache.
    fn link(
        &self,
        digest: &Digest,
        to: &Path,
        executable: bool,
        links: &[Link],
    ) -> io::Result<bool> {
        let path = self.path(digest);
        let mut failed = io::Error::other("no way to link is configured");
        for link in links {
            // The cache's file cannot have another mode under another name.
            if executable && link.is_shared() {
                continue;
            }
            let made = match link {
                Link::Reflink => reflink_copy::reflink(&path, to),
                Link::Hardlink => std::fs::hard_link(&path, to),
                Link::Symlink => symlink(&std::path::absolute(&path)?, to),
                Link::Copy => std::fs::copy(&path, to).map(|_| ()),
            };
            match made {
                Ok(()) => return Ok(link.is_shared()),
                Err(error) => failed = error,
            }
        }
        if executable && links.iter().all(|link| link.is_shared()) {
            return copy(&path, to).map(|()| false);
        }
        Err(failed)
    }
}

#[cfg(unix)]
fn symlink(path: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(path, to)
}

/// A copy that shares blocks where the file system can.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    reflink_copy::reflink_or_copy(from, to)?;
    Ok(())
}

fn digest_of(path: &Path) -> io::Result<Digest> {
    let mut hasher = blake3::Hasher::new();
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(Digest::from(hasher.finalize()));
        }
        hasher.update(&buffer[..count]);
    }
}

#[cfg(unix)]
fn read_only() -> Permissions {
    use std::os::unix::fs::PermissionsExt;
    Permissions::from_mode(0o444)
}

#[cfg(unix)]
fn ordinary(executable: bool) -> Permissions {
    use std::os::unix::fs::PermissionsExt;
    Permissions::from_mode(if executable { 0o755 } else { 0o644 })
}
