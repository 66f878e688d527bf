//! A memo as one value, in `MessagePack`.

use crate::digest::Digest;
use crate::memo::body_writer::BodyWriter;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::ops::Range;
use std::path::Path;

const MAGIC: &[u8; 8] = b"kasmemo3";
/// Bytes before the body.
pub(super) const HEAD: usize = 8 + 32 + 32;

/// The memo at `path`, if it is whole and was made for `key`.
pub(crate) fn load<T: DeserializeOwned>(path: &Path, key: &Digest) -> Option<T> {
    let (bytes, body) = load_body(path, key)?;
    rmp_serde::from_slice(bytes.get(body)?).ok()
}

/// Keeps a memo.
pub(crate) fn store<T: Serialize>(path: &Path, key: &Digest, value: &T) {
    let mut body = BodyWriter::new(path);
    if rmp_serde::encode::write_named(&mut body, value).is_ok() {
        body.finish(key);
    }
}

/// Keeps a memo without the names of fields: all that it is made of must always write all of them.
pub(crate) fn store_short<T: Serialize>(path: &Path, key: &Digest, value: &T) {
    let mut body = BodyWriter::new(path);
    if rmp_serde::encode::write(&mut body, value).is_ok() {
        body.finish(key);
    }
}

/// The bytes of a whole memo, and where its body lies in them.
pub(super) fn load_body(path: &Path, key: &Digest) -> Option<(Vec<u8>, Range<usize>)> {
    let bytes = std::fs::read(path).ok()?;
    let (head, body) = bytes.split_at_checked(HEAD)?;
    let is_whole = head == self::head(key, &Digest::of(body));
    let body = HEAD..bytes.len();
    is_whole.then_some((bytes, body))
}

/// The digest of the body, as the head of a whole memo has it.
pub(super) fn body_digest(bytes: &[u8]) -> Option<Digest> {
    let digest = bytes.get(HEAD - 32..HEAD)?;
    Some(Digest::from_bytes(digest.try_into().ok()?))
}

/// What stands before a body.
pub(super) fn head(key: &Digest, body: &Digest) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    head[..8].copy_from_slice(MAGIC);
    head[8..40].copy_from_slice(key.as_bytes());
    head[40..].copy_from_slice(body.as_bytes());
    head
}
