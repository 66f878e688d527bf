//! [`Stamp`]: what `stat` says of a path.

use serde::{Deserialize, Serialize};
use std::fs::Metadata;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// A file changed this shortly before it was looked at may change again within one tick of the file
/// system's clock without showing it. Ten milliseconds is the longest tick of Linux kernels (100 Hz).
const TICK_NS: i64 = 10_000_000;

const SECOND_NS: i64 = 1_000_000_000;

/// What `stat` says of a path; times in nanoseconds since 1970. The change time cannot be set by
/// programs, unlike the modification time, so an edit that puts the latter back is still seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Parts", into = "Parts")]
pub struct Stamp {
    size: u64,
    modified_ns: i64,
    changed_ns: i64,
    inode: u64,
    device: u64,
    /// Kind and permissions.
    mode: u32,
}

/// A stamp without the names of its fields: a memo holds one for every path.
type Parts = (u64, i64, i64, u64, u64, u32);

impl From<Parts> for Stamp {
    fn from((size, modified_ns, changed_ns, inode, device, mode): Parts) -> Self {
        Self {
            size,
            modified_ns,
            changed_ns,
            inode,
            device,
            mode,
        }
    }
}

impl From<Stamp> for Parts {
    fn from(stamp: Stamp) -> Self {
        let Stamp {
            size,
            modified_ns,
            changed_ns,
            inode,
            device,
            mode,
        } = stamp;
        (size, modified_ns, changed_ns, inode, device, mode)
    }
}

impl Stamp {
    /// Bytes of the file.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// The length of its code.
    pub(crate) const BYTES: usize = 44;

    /// For memos.
    pub(crate) fn encode(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..8].copy_from_slice(&self.size.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.modified_ns.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.changed_ns.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.inode.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.device.to_le_bytes());
        bytes[40..].copy_from_slice(&self.mode.to_le_bytes());
        bytes
    }

    /// The reverse; `None` where these are no such bytes.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let whole = |at: usize| bytes.get(at..at + 8)?.try_into().ok();
        Some(Self {
            size: u64::from_le_bytes(whole(0)?),
            modified_ns: i64::from_le_bytes(whole(8)?),
            changed_ns: i64::from_le_bytes(whole(16)?),
            inode: u64::from_le_bytes(whole(24)?),
            device: u64::from_le_bytes(whole(32)?),
            mode: u32::from_le_bytes(bytes.get(40..)?.try_into().ok()?),
        })
    }

    #[cfg(unix)]
    pub(crate) fn of(meta: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let ns =
            |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Self {
            size: meta.size(),
            modified_ns: ns(meta.mtime(), meta.mtime_nsec()),
            changed_ns: ns(meta.ctime(), meta.ctime_nsec()),
            inode: meta.ino(),
            device: meta.dev(),
            mode: meta.mode(),
        }
    }

    #[cfg(not(unix))]
    pub(crate) fn of(meta: &Metadata) -> Self {
        let modified_ns = meta.modified().map_or(i64::MAX, nanoseconds);
        Self {
            size: meta.len(),
            modified_ns,
            changed_ns: modified_ns,
            inode: 0,
            device: 0,
            mode: 0,
        }
    }

    /// Of what lies at a path; `None` where nothing does.
    pub fn look(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|meta| Self::of(&meta))
    }

    /// Whether a change after the moment `looked` would show in the stamp.
    pub(crate) fn is_settled(&self, looked: i64) -> bool {
        // A file system that counts no finer than by one second or two.
        let is_coarse = self.modified_ns % SECOND_NS == 0;
        let tick = if is_coarse { 2 * SECOND_NS } else { TICK_NS };
        self.changed_ns.max(self.modified_ns) < looked.saturating_sub(tick)
    }
}

/// The time now.
pub(crate) fn now() -> i64 {
    nanoseconds(SystemTime::now())
}

fn nanoseconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| {
        i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
    })
}
