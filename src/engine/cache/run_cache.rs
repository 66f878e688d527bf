//! [`RunEntry`]: what a stage made from one fingerprint.

use crate::digest::Digest;
use crate::fingerprint::{Content, Fingerprint};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was made from one fingerprint, by its run key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunEntry {
    /// The stage's name when it ran.
    pub stage: String,
    /// From what.
    pub fingerprint: Fingerprint,
    /// Path → content.
    pub outs: BTreeMap<String, Content>,
}

impl RunEntry {
    /// The bytes that are kept: one line of JSON, and the digest of it on the next.
    pub(super) fn encode(&self) -> Vec<u8> {
        // Maps of strings and plain structs always serialise.
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        let digest = Digest::of(&bytes);
        bytes.extend(format!("\n{digest}\n").bytes());
        bytes
    }

    /// The entry that was kept, if not one bit of it has changed.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (entry, digest) = bytes.split_at(end);
        let digest: Digest = std::str::from_utf8(digest).ok()?.trim().parse().ok()?;
        if Digest::of(entry) != digest {
            return None;
        }
        serde_json::from_slice(entry).ok()
    }
}
