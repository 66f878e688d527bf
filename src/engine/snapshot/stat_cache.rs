//! [`StatCache`]: digests of files that have not been touched since they were hashed.

use crate::digest::Digest;
use crate::fs::FsError;
use crate::memo::Parts;
use crate::snapshot::stamp::{Stamp, now};
use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tracing::debug;

/// A path that was looked at, and its stamp then; `None` where nothing was there. Of hundreds of thousands
/// of paths, each name is held once.
pub(crate) type Seen = (Arc<str>, Option<Stamp>);

/// Digests by path, each valid as long as the file's stamp is the same.
#[derive(Debug)]
pub(super) struct StatCache {
    path: PathBuf,
    kept: Parts,
    news: RwLock<News>,
}

/// What has been learned since the cache was loaded.
#[derive(Debug, Default)]
struct News {
    /// Over what was kept; `None` where a file is not known any more.
    known: BTreeMap<Arc<str>, Option<Known>>,
    /// Every file and folder that was looked at, `None` where nothing was there: a change after that shows in the stamp,
    /// provided it is settled.
    seen: Vec<Seen>,
    /// Whether there is something to write.
    dirty: bool,
    /// Bytes that were hashed.
    hashed: u64,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    stamp: Stamp,
    digest: Digest,
}

/// A file that was looked at.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) digest: Digest,
    key: Arc<str>,
    stamp: Stamp,
    learned: Learned,
}

#[derive(Clone, Copy, Debug)]
enum Learned {
    Nothing,
    Content,
    /// The content, but the file may change again without showing it.
    Unsettled,
}

impl StatCache {
    /// The cache kept in a file; an unreadable one is an empty one.
    pub(super) fn load(path: PathBuf) -> Self {
        Self {
            kept: Parts::load(&path, &key()),
            path,
            news: RwLock::default(),
        }
    }

    /// How many files were known when it was loaded.
    pub(super) fn kept(&self) -> usize {
        self.kept.len()
    }

    /// Looks at a file, and hashes it where its stamp is new. The look is to be noted.
    pub(super) fn look(&self, key: &str, file: &Path, meta: &Metadata) -> Result<Look, FsError> {
        let known = self.known(key);
        let key = Arc::from(key);
        let stamp = Stamp::of(meta);
        if let Some(known) = known
            && known.stamp == stamp
        {
            return Ok(Look {
                digest: known.digest,
                key,
                stamp,
                learned: Learned::Nothing,
            });
        }
        let before = now();
        let (digest, after) = Digest::of_file(file, meta.len())?;
        let settled = stamp.is_settled(before) && Stamp::of(&after) == stamp;
        Ok(Look {
            digest,
            key,
            stamp,
            learned: if settled {
                Learned::Content
            } else {
                Learned::Unsettled
            },
        })
    }

    /// Notes files that were looked at.
    pub(super) fn note(&self, looks: impl IntoIterator<Item = Look>) {
        let mut news = self.write();
        for look in looks {
            let (stamp, digest) = (look.stamp, look.digest);
            news.seen.push((look.key.clone(), Some(stamp)));
            let known = match look.learned {
                Learned::Nothing => continue,
                Learned::Content => Some(Known { stamp, digest }),
                Learned::Unsettled => None,
            };
            news.dirty |= known.is_some();
            news.hashed += stamp.size();
            news.known.insert(look.key, known);
        }
    }

    /// Notes a file or folder that was looked at otherwise; `None` where nothing was there.
    pub(super) fn see(&self, key: &str, stamp: Option<Stamp>) {
        self.see_all([(Arc::from(key), stamp)]);
    }

    /// The same for several.
    pub(super) fn see_all(&self, seen: impl IntoIterator<Item = Seen>) {
        self.write().seen.extend(seen);
    }

    /// Every file and folder looked at, with its stamp then.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.read().seen.clone()
    }

    /// Writes what is new. A failure costs only time later, so it is not reported.
    pub(super) fn save(&self) {
        let mut news = self.write();
        if !std::mem::take(&mut news.dirty) {
            return;
        }
        let coded: BTreeMap<&str, Option<Vec<u8>>> = news
            .known
            .iter()
            .map(|(key, known)| (&**key, known.map(|known| known.encode())))
            .collect();
        let mut parts: BTreeMap<&str, &[u8]> = self.kept.iter().collect();
        for (key, known) in &coded {
            match known {
                Some(known) => parts.insert(key, known),
                None => parts.remove(key),
            };
        }
        let parts: Vec<_> = parts.into_iter().collect();
        debug!(
            files = parts.len(),
            hashed = news.hashed,
            "stat cache written"
        );
        Parts::store(&self.path, &key(), &parts);
    }

    /// The same, unless it is cheaper to hash again what was hashed than to write all that is known.
    pub(super) fn save_what_is_dear(&self) {
        if self.read().hashed > self.kept.size() {
            self.save();
        }
    }

    fn known(&self, key: &str) -> Option<Known> {
        match self.read().known.get(key) {
            Some(known) => *known,
            None => Known::decode(self.kept.get(key)?),
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, News> {
        self.news.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, News> {
        self.news.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn encode(&self) -> Vec<u8> {
        [&self.stamp.encode()[..], self.digest.as_bytes()].concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (stamp, digest) = bytes.split_at_checked(Stamp::BYTES)?;
        Some(Self {
            stamp: Stamp::decode(stamp)?,
            digest: Digest::from_bytes(digest.try_into().ok()?),
        })
    }
}

/// Stamps mean the same in every project.
fn key() -> Digest {
    Digest::of(b"stat cache 2")
}
