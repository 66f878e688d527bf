//! [`StatCache`]: digests of files that have not been touched since they were hashed.

use crate::digest::Digest;
use crate::fs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// A file changed this shortly before it was hashed may change again within one tick of the file
/// system's clock without showing it; its digest is not kept. Ten milliseconds is the longest tick
/// of Linux kernels (100 Hz).
const TICK_NS: i128 = 10_000_000;

/// What `stat` says of a file. The change time cannot be set by programs, unlike the modification
/// time, so an edit that puts the latter back is still seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    size: u64,
    modified_ns: i128,
    changed_ns: i128,
    inode: u64,
    device: u64,
}

impl Stamp {
    #[cfg(unix)]
    fn of(meta: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let ns = |secs: i64, nanos: i64| i128::from(secs) * 1_000_000_000 + i128::from(nanos);
        Self {
            size: meta.size(),
            modified_ns: ns(meta.mtime(), meta.mtime_nsec()),
            changed_ns: ns(meta.ctime(), meta.ctime_nsec()),
            inode: meta.ino(),
            device: meta.dev(),
        }
    }

    #[cfg(not(unix))]
    fn of(meta: &Metadata) -> Self {
        let modified_ns = meta.modified().map_or(i128::MAX, nanoseconds);
        Self {
            size: meta.len(),
            modified_ns,
            changed_ns: modified_ns,
            inode: 0,
            device: 0,
        }
    }
}

fn nanoseconds(time: SystemTime) -> i128 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| i128::try_from(since.as_nanos()).unwrap_or(0))
}

#[derive(Debug, Default)]
struct Entries {
    known: BTreeMap<String, (Stamp, Digest)>,
    dirty: bool,
}

/// Digests by path, each valid as long as the file's stamp is the same.
#[derive(Debug)]
pub(super) struct StatCache {
    path: PathBuf,
    entries: Mutex<Entries>,
}

impl StatCache {
    /// The cache kept in a file; an unreadable one is an empty one.
    pub(super) fn load(path: PathBuf) -> Self {
        let known = fs::read_if_exists(&path)
            .ok()
            .flatten()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        Self {
            path,
            entries: Mutex::new(Entries {
                known,
                dirty: false,
            }),
        }
    }

    /// The digest of a file, hashed only where its stamp is new.
    pub(super) fn digest(
        &self,
        key: &str,
        file: &Path,
        meta: &Metadata,
    ) -> Result<Digest, fs::FsError> {
        let stamp = Stamp::of(meta);
        if let Some((known, digest)) = self.lock().known.get(key)
            && *known == stamp
        {
            return Ok(*digest);
        }
        let before = nanoseconds(SystemTime::now());
        let digest = Digest::of_file(file, meta.len())?;
        let after = fs::at("read", file, std::fs::metadata(file))?;
        let settled = stamp.changed_ns.max(stamp.modified_ns) < before - TICK_NS;
        let mut entries = self.lock();
        if settled && Stamp::of(&after) == stamp {
            entries.known.insert(key.to_owned(), (stamp, digest));
            entries.dirty = true;
        } else if entries.known.remove(key).is_some() {
            entries.dirty = true;
        }
        Ok(digest)
    }

    /// Writes what is new. A failure costs only time later, so it is not reported.
    pub(super) fn save(&self) {
        let mut entries = self.lock();
        if entries.dirty
            && let Ok(text) = serde_json::to_vec(&entries.known)
            && fs::write_atomic(&self.path, &text).is_ok()
        {
            entries.dirty = false;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
