//! [`Blobs`]: file contents by their digest, read-only on disk, verified when read.

use crate::config::Link;
use crate::digest::Digest;
use crate::fs::{self, FsError};
use crate::snapshot::{Stamp, now};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, Metadata, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Files up to this size are written from memory, once they are known to be whole.
const SMALL: u64 = 1 << 18;

#[derive(Debug)]
pub(super) struct Blobs {
    folder: PathBuf,
    /// Where unfinished ones lie: in the same file system, wherever that is.
    temp: PathBuf,
    /// Where damaged ones are kept.
    damaged: PathBuf,
    cannot_reflink: AtomicBool,
    /// Folders with names that may not be on the disk yet.
    unsettled: Mutex<BTreeSet<PathBuf>>,
    settling: Mutex<()>,
    /// What was read and found whole, with its stamp from before that: as long as it is the same, so are
    /// the bytes.
    whole: Mutex<BTreeMap<Digest, Stamp>>,
}

/// What there is of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// All of it.
    Whole,
    /// Nothing.
    Nothing,
    /// Other bytes.
    Damaged,
}

impl Blobs {
    /// The blobs of a cache in this folder.
    pub(super) fn new(cache: &Path) -> Self {
        Self {
            folder: cache.join("blobs"),
            temp: cache.join("tmp"),
            damaged: cache.join("damaged"),
            cannot_reflink: AtomicBool::new(false),
            unsettled: Mutex::default(),
            settling: Mutex::default(),
            whole: Mutex::default(),
        }
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        let hex = digest.to_string();
        self.folder.join(&hex[..2]).join(&hex[2..])
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What nobody needs: unfinished and damaged blobs.
    pub(super) fn waste(&self) -> [&Path; 2] {
        [&self.temp, &self.damaged]
    }

    /// The bytes that a content takes; `None` where it is not there.
    pub(super) fn size(&self, digest: &Digest) -> Option<u64> {
        std::fs::metadata(self.path(digest))
            .ok()
            .map(|meta| meta.len())
    }

    /// Whether the content is there, with the size it should have.
    pub(super) fn has(&self, digest: &Digest, size: u64) -> bool {
        plain(&self.path(digest)).is_some_and(|meta| meta.len() == size)
    }

    /// Whether the content is there, byte by byte. What was read is not read again as long as nobody has
    /// touched it.
    pub(super) fn is_whole(&self, digest: &Digest) -> bool {
        let path = self.path(digest);
        let Some(meta) = plain(&path) else {
            return false;
        };
        let stamp = Stamp::of(&meta);
        if self.known_whole().get(digest) == Some(&stamp) {
            return true;
        }
        let began = now();
        let found = Digest::of_file(&path, meta.len());
        let is_whole = found.is_ok_and(|(found, _)| found == *digest);
        if is_whole {
            self.note_whole(digest, stamp, began);
        }
        is_whole
    }

    /// Notes that a blob was found whole by a reading that began then. A change after that has to show.
    fn note_whole(&self, digest: &Digest, stamp: Stamp, began: i64) {
        if stamp.is_settled(began) {
            self.known_whole().insert(*digest, stamp);
        }
    }

    fn known_whole(&self) -> MutexGuard<'_, BTreeMap<Digest, Stamp>> {
        self.whole.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in a file that has this digest. What is there already is read too: a damaged one would be
    /// called kept, or be linked to the place of the good file.
    pub(super) fn put_file(&self, digest: &Digest, size: u64, file: &Path) -> Result<(), FsError> {
        if self.has(digest, size) && self.is_whole(digest) {
            return Ok(());
        }
        self.publish(digest, |temp| {
            self.copy(file, temp)?;
            let (found, _) = Digest::of_file(temp, size).map_err(io::Error::other)?;
            if found == *digest {
                return Ok(());
            }
            let file = file.display();
            Err(io::Error::other(format!("`{file}` changed meanwhile")))
        })
    }

    /// Takes in bytes that have this digest.
    pub(super) fn put_bytes(&self, digest: &Digest, bytes: &[u8]) -> Result<(), FsError> {
        if self.has(digest, bytes.len() as u64) && self.is_whole(digest) {
            return Ok(());
        }
        self.publish(digest, |temp| {
            File::create_new(temp).and_then(|mut file| file.write_all(bytes))
        })
    }

    fn publish(
        &self,
        digest: &Digest,
        fill: impl Fn(&Path) -> io::Result<()>,
    ) -> Result<(), FsError> {
        let path = self.path(digest);
        self.create_home(&path)?;
        fs::create_dir(&self.temp)?;
        let temp = tempfile::Builder::new().make_in(&self.temp, |temp| {
            fill(temp).inspect_err(|_| {
                // What is left is waste, which `gc` removes.
                let _ = std::fs::remove_file(temp);
            })
        });
        let temp = fs::at("write", &path, temp)?;
        let filled = File::open(temp.path()).and_then(|file| {
            file.sync_all()?;
            file.set_permissions(read_only())
        });
        fs::at("write", &path, filled)?;
        if path.is_dir() {
            fs::remove(&path)?;
        }
        let placed = temp.persist(&path).map_err(|error| error.error);
        fs::at("write", &path, placed)?;
        self.unsettled().extend(path.parent().map(Path::to_owned));
        Ok(())
    }

    /// Makes the folder of a blob.
    fn create_home(&self, path: &Path) -> Result<(), FsError> {
        let home = path.parent().unwrap_or(&self.folder);
        if !home.is_dir() {
            fs::create_dir(home)?;
            let above = self.folder.ancestors().take(3);
            self.unsettled().extend(above.map(Path::to_owned));
        }
        Ok(())
    }

    /// Forces the names of all that was taken in so far to the disk: whoever names a content afterwards
    /// names one that the power cannot take.
    pub(super) fn settle(&self) -> Result<(), FsError> {
        // What another thread took on itself is settled when it is this one's turn.
        let _turn = self.settling.lock().unwrap_or_else(PoisonError::into_inner);
        let folders = std::mem::take(&mut *self.unsettled());
        let synced = folders.iter().map(|folder| fs::sync_dir(folder));
        // All of them are tried: the others may be what another thread waits for.
        synced.fold(Ok(()), Result::and)
    }

    fn unsettled(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.unsettled
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The bytes of a small blob, if it is there and whole; a damaged one is put aside.
    pub(super) fn bytes(&self, digest: &Digest) -> Option<Vec<u8>> {
        let path = self.path(digest);
        plain(&path)?;
        let bytes = std::fs::read(&path).ok()?;
        if Digest::of(&bytes) == *digest {
            return Some(bytes);
        }
        // Where it cannot be put aside, it is found damaged again.
        let _ = self.condemn(digest);
        None
    }

    /// Puts a damaged blob where nobody takes it for whole. Another thread may have done so.
    fn condemn(&self, digest: &Digest) -> Result<(), FsError> {
        let aside = self.damaged.join(digest.to_string());
        match fs::rename(&self.path(digest), &aside) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            moved => moved,
        }
    }

    /// Makes `to` (which is not there, in a folder that is) hold the content, by the first of `links` that
    /// the file system can. A damaged blob is put aside.
    pub(super) fn checkout(
        &self,
        digest: &Digest,
        to: &Path,
        executable: bool,
        links: &[Link],
    ) -> Result<Held, FsError> {
        match self.try_checkout(digest, to, executable, links) {
            // Another thread has found it damaged meanwhile.
            Err(_) if plain(&self.path(digest)).is_none() => Ok(Held::Nothing),
            held => held,
        }
    }

    fn try_checkout(
        &self,
        digest: &Digest,
        to: &Path,
        executable: bool,
        links: &[Link],
    ) -> Result<Held, FsError> {
        let path = self.path(digest);
        let Some(meta) = plain(&path) else {
            return Ok(Held::Nothing);
        };
        let (stamp, began) = (Stamp::of(&meta), now());
        if meta.len() <= SMALL && self.copies(links) {
            let bytes = fs::read(&path)?;
            if Digest::of(&bytes) != *digest {
                self.condemn(digest)?;
                return Ok(Held::Damaged);
            }
            fs::at("write", to, write_new(to, &bytes, executable))?;
        } else {
            let shared = fs::at("write", to, self.link(digest, to, executable, links))?;
            let (found, _) = Digest::of_file(to, meta.len())?;
            if found != *digest {
                fs::remove(to)?;
                self.condemn(digest)?;
                return Ok(Held::Damaged);
            }
            if !shared {
                let mode = std::fs::set_permissions(to, ordinary(executable));
                fs::at("write", to, mode)?;
            }
        }
        self.note_whole(digest, stamp, began);
        Ok(Held::Whole)
    }

    /// Whether the first of the links that works is a copy.
    fn copies(&self, links: &[Link]) -> bool {
        let is_lost =
            |link: &&Link| **link == Link::Reflink && self.cannot_reflink.load(Ordering::Relaxed);
        links.iter().find(|link| !is_lost(link)) == Some(&Link::Copy)
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
                Link::Reflink => self.reflink(&path, to),
                Link::Hardlink => std::fs::hard_link(&path, to),
                Link::Symlink => fs::symlink(&std::path::absolute(&path)?, to),
                Link::Copy => std::fs::copy(&path, to).map(|_| ()),
            };
            match made {
                Ok(()) => return Ok(link.is_shared()),
                Err(error) => failed = error,
            }
        }
        if executable && links.iter().all(|link| link.is_shared()) {
            return self.copy(&path, to).map(|()| false);
        }
        Err(failed)
    }

    /// A copy that shares blocks where the file system can.
    fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.reflink(from, to)
            .or_else(|_| std::fs::copy(from, to).map(|_| ()))
    }

    /// Shares blocks. To try costs a file that is made and removed: once it failed it is not tried again.
    fn reflink(&self, from: &Path, to: &Path) -> io::Result<()> {
        if self.cannot_reflink.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let made = reflink_copy::reflink(from, to);
        if made.is_err() {
            self.cannot_reflink.store(true, Ordering::Relaxed);
        }
        made
    }

    /// Makes a file that was just taken in another name of its blob, or a link to it, where that is the
    /// first way to link that works.
    pub(super) fn share(&self, digest: &Digest, file: &Path, links: &[Link]) {
        let path = self.path(digest);
        for link in links.iter().take_while(|link| link.is_shared()) {
            // Whatever does not work leaves the file as it is, and that is right too.
            let Ok(temp) = tempfile::tempdir_in(&self.temp) else {
                return;
            };
            let inside = temp.path().join("link");
            let made = match link {
                Link::Symlink => {
                    std::path::absolute(&path).and_then(|path| fs::symlink(&path, &inside))
                }
                Link::Hardlink | Link::Reflink | Link::Copy => std::fs::hard_link(&path, &inside),
            };
            if made.and_then(|()| std::fs::rename(&inside, file)).is_ok() {
                return;
            }
        }
    }
}

/// Writes a file that is not there yet.
fn write_new(path: &Path, bytes: &[u8], executable: bool) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.set_permissions(ordinary(executable))
}

/// What `lstat` says of a plain file; `None` for anything else, which nobody may open and wait for.
fn plain(path: &Path) -> Option<Metadata> {
    let meta = std::fs::symlink_metadata(path).ok()?;
    meta.is_file().then_some(meta)
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
