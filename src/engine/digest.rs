//! [`Digest`]: BLAKE3 of content.

use crate::fs::{self, FsError};
use crate::large_file;
use serde::de::Visitor;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::str::FromStr;

/// Files from this size on are hashed by several threads.
const PARALLEL_FROM: u64 = 1 << 20;

/// A 256-bit BLAKE3 digest; shown as 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of bytes in memory.
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.len() as u64 >= PARALLEL_FROM {
            let mut hasher = blake3::Hasher::new();
            return Self::from(hasher.update_rayon(bytes).finalize());
        }
        Self::from(blake3::hash(bytes))
    }

    /// Of a file's content, and what `stat` says of the file after that.
    pub(crate) fn of_file(path: &Path, size: u64) -> Result<(Self, Metadata), FsError> {
        let result = if size >= PARALLEL_FROM {
            Self::of_large_file(path)
        } else {
            Self::of_small_file(path)
        };
        fs::at("read", path, result)
    }

    /// By several threads, each of which reads the parts that it hashes. The file is not mapped into
    /// memory: another program may cut it off meanwhile, and the system ends who then reads behind its
    /// end.
    fn of_large_file(path: &Path) -> io::Result<(Self, Metadata)> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        // What shrinks or grows while it is read is read once more, up to its end.
        match large_file::hash(&file, size) {
            Ok(digest) => {
                let meta = file.metadata()?;
                if meta.len() == size {
                    return Ok((Self(digest), meta));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {}
            Err(error) => return Err(error),
        }
        Self::of_small_file(path)
    }

    fn of_small_file(path: &Path) -> io::Result<(Self, Metadata)> {
        thread_local! {
            static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; 1 << 16]);
        }
        BUFFER.with_borrow_mut(|buffer| {
            let mut file = File::open(path)?;
            let mut hasher = blake3::Hasher::new();
            let mut total = 0;
            loop {
                let count = match file.read(buffer) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    count => count?,
                };
                hasher.update(&buffer[..count]);
                total += count as u64;
                // Most files end where `stat` says, which saves asking for more.
                if count < buffer.len() {
                    let meta = file.metadata()?;
                    if count == 0 || meta.len() == total {
                        return Ok((Self::from(hasher.finalize()), meta));
                    }
                }
            }
        })
    }

    /// One that was kept.
    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The raw bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first eight hex digits, for people.
    pub fn short(&self) -> String {
        self.to_string()[..8].to_owned()
    }
}

impl From<blake3::Hash> for Digest {
    fn from(hash: blake3::Hash) -> Self {
        Self(*hash.as_bytes())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from(self.0).to_hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        blake3::Hash::from_hex(text)
            .map(Self::from)
            .map_err(|_| format!("`{text}` is not a digest of 64 hex digits"))
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&blake3::Hash::from(self.0).to_hex())
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            text.parse().map_err(serde::de::Error::custom)
        } else {
            deserializer.deserialize_bytes(Bytes)
        }
    }
}

/// Reads the 32 bytes.
struct Bytes;

impl Visitor<'_> for Bytes {
    type Value = Digest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a digest of 32 bytes")
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Digest, E> {
        let digest = bytes.try_into().map(Digest);
        digest.map_err(|_| E::invalid_length(bytes.len(), &self))
    }
}
