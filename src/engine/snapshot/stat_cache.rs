//! [`StatCache`]: digests of files that have not been touched since they were hashed.

use crate::digest::Digest;
use crate::fs;
use crate::memo;
use crate::snapshot::stamp::{Stamp, now};
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

#[derive(Debug, Default)]
struct Entries {
    known: BTreeMap<String, (Stamp, Digest)>,
    /// Every file and folder that was looked at, `None` where nothing was there: a change after that shows in the stamp,
    /// provided it is settled.
    seen: Vec<(String, Option<Stamp>)>,
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
        let known = memo::load(&path, &key()).unwrap_or_default();
        Self {
            path,
            entries: Mutex::new(Entries {
                known,
                ..Entries::default()
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
        {
            let mut entries = self.lock();
            entries.seen.push((key.to_owned(), Some(stamp)));
            if let Some((known, digest)) = entries.known.get(key)
                && *known == stamp
            {
                return Ok(*digest);
            }
        }
        let before = now();
        let digest = Digest::of_file(file, meta.len())?;
        let after = fs::at("read", file, std::fs::metadata(file))?;
        let settled = stamp.is_settled(before);
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
        if entries.dirty {
            memo::store(&self.path, &key(), &entries.known);
            entries.dirty = false;
        }
    }

    /// Notes a file or folder that was looked at otherwise; `None` where nothing was there.
    pub(super) fn see(&self, key: &str, stamp: Option<Stamp>) {
        self.lock().seen.push((key.to_owned(), stamp));
    }

    /// Every file and folder looked at, with its stamp then.
    pub(super) fn seen(&self) -> Vec<(String, Option<Stamp>)> {
        self.lock().seen.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stamps mean the same in every project.
fn key() -> Digest {
    Digest::of(b"stat cache 1")
}
