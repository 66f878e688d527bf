//! [`RunEntry`]: what a stage made from one fingerprint.

use crate::digest::Digest;
use crate::fingerprint::{Contents, Fingerprint};
use serde::{Deserialize, Serialize};

/// What was made from one fingerprint, by its run key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunEntry {
    /// The stage's name when it ran.
    pub stage: String,
    /// From what.
    pub fingerprint: Fingerprint,
    /// Path → content.
    pub outs: Contents,
}

/// Bytes of a digest.
const DIGEST: usize = 32;

impl RunEntry {
    /// The bytes that are kept: the digest of what follows, then the entry as `MessagePack`, which has all
    /// numbers (JSON has no `.inf`).
    pub(super) fn encode(&self) -> Vec<u8> {
        // Maps of strings and plain structs always serialise.
        let entry = rmp_serde::to_vec_named(self).unwrap_or_default();
        [Digest::of(&entry).as_bytes().as_slice(), &entry].concat()
    }

    /// The entry that was kept, if not one bit of it has changed.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (digest, entry) = bytes.split_at_checked(DIGEST)?;
        if digest != Digest::of(entry).as_bytes() {
            return None;
        }
        rmp_serde::from_slice(entry).ok()
    }
}
