//! [`BodyWriter`]: a memo that is written as it is worked out.

use crate::cache_file::CacheFile;
use crate::digest::Digest;
use crate::memo::whole::{HEAD, head};
use std::io;
use std::path::Path;

/// Bytes that are hashed and written at once.
const HELD: usize = 1 << 18;

/// Writes a body piece by piece: of thousands of stages it is as large as all else that is known of them.
#[derive(Debug)]
pub(super) struct BodyWriter {
    /// `None` where it cannot be written.
    file: Option<CacheFile>,
    hasher: blake3::Hasher,
    held: Vec<u8>,
    written: usize,
}

impl BodyWriter {
    /// A body to be kept at `path`.
    pub(super) fn new(path: &Path) -> Self {
        let file = CacheFile::new(path).and_then(|mut file| {
            file.write(&[0; HEAD])?;
            Ok(file)
        });
        Self {
            file: file.ok(),
            hasher: blake3::Hasher::new(),
            held: Vec::with_capacity(HELD),
            written: 0,
        }
    }

    /// How long it is so far.
    pub(super) fn len(&self) -> usize {
        self.written + self.held.len()
    }

    /// Where to write on.
    pub(super) fn bytes(&mut self) -> &mut Vec<u8> {
        if self.held.len() >= HELD / 2 {
            self.write_held();
        }
        &mut self.held
    }

    /// Keeps it; returns its digest.
    pub(super) fn finish(mut self, key: &Digest) -> Digest {
        self.write_held();
        let digest = Digest::from(self.hasher.finalize());
        if let Some(file) = self.file {
            // A memo that cannot be written costs time later.
            let _ = file.finish(&head(key, &digest));
        }
        digest
    }

    fn write_held(&mut self) {
        self.hasher.update(&self.held);
        let write = |file: &mut CacheFile| file.write(&self.held).is_ok();
        self.file = self
            .file
            .take()
            .and_then(|mut file| write(&mut file).then_some(file));
        self.written += self.held.len();
        self.held.clear();
    }
}

impl io::Write for BodyWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
