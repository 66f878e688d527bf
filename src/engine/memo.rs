//! Memos: what was worked out before, kept in `.kaslite`, dropped where it does not fit.
//!
//! A memo is a key (what it was worked out from), a digest of its body and the body in `MessagePack`. A
//! damaged memo is no memo.

use crate::digest::Digest;
use crate::fs;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::Path;

const MAGIC: &[u8; 8] = b"kasmemo1";
const HEAD: usize = 8 + 32 + 32;

/// The memo at `path`, if it is whole and was made for `key`.
pub(crate) fn load<T: DeserializeOwned>(path: &Path, key: &Digest) -> Option<T> {
    let bytes = std::fs::read(path).ok()?;
    let (head, body) = bytes.split_at_checked(HEAD)?;
    let wanted = [&MAGIC[..], key.as_bytes(), Digest::of(body).as_bytes()].concat();
    if head != wanted {
        return None;
    }
    rmp_serde::from_slice(body).ok()
}

/// Keeps a memo. A failure costs time later, nothing else.
pub(crate) fn store<T: Serialize>(path: &Path, key: &Digest, value: &T) {
    if let Ok(body) = rmp_serde::to_vec_named(value) {
        let bytes = [
            &MAGIC[..],
            key.as_bytes(),
            Digest::of(&body).as_bytes(),
            &body,
        ]
        .concat();
        let _ = fs::write_cache(path, &bytes);
    }
}
