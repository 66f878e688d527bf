//! [`Parts`]: a memo of many parts, each found by its name without reading the others.

use crate::digest::Digest;
use crate::memo::body_writer::BodyWriter;
use crate::memo::whole::{body_digest, load_body};
use std::convert::Infallible;
use std::path::Path;

/// Bytes of a place in the table.
const PLACE: usize = 8;

/// Many named parts, sorted by name. The body is names and contents in turn, then a table of where each
/// name and each content ends, and last their number.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    bytes: Vec<u8>,
    /// Where the contents begin.
    contents: usize,
    /// Where the table begins.
    table: usize,
    count: usize,
}

impl Parts {
    /// The parts kept at `path`; none where that does not fit.
    pub(crate) fn load(path: &Path, key: &Digest) -> Self {
        Self::whole(path, key).unwrap_or_default()
    }

    fn whole(path: &Path, key: &Digest) -> Option<Self> {
        let (bytes, body) = load_body(path, key)?;
        let number_at = body.end.checked_sub(PLACE)?;
        let count = usize::try_from(number(&bytes, number_at)?).ok()?;
        Some(Self {
            bytes,
            contents: body.start,
            table: number_at.checked_sub(count.checked_mul(2 * PLACE)?)?,
            count,
        })
    }

    /// Keeps parts; they must come sorted by name.
    pub(crate) fn store(path: &Path, key: &Digest, parts: &[(&str, &[u8])]) {
        let mut writer = PartsWriter::new(path);
        for (name, part) in parts {
            writer.put(name, part);
        }
        writer.finish(key);
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Bytes on disk.
    pub(crate) fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The digest of all; `None` where there are none.
    pub(crate) fn digest(&self) -> Option<Digest> {
        body_digest(&self.bytes)
    }

    /// A part by its place in the order of names.
    pub(crate) fn at(&self, index: usize) -> Option<(&str, &[u8])> {
        let name = std::str::from_utf8(self.piece(2 * index)?).ok()?;
        Some((name, self.piece(2 * index + 1)?))
    }

    /// A part by its name.
    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low.midpoint(high);
            match self.piece(2 * middle)?.cmp(name.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return self.piece(2 * middle + 1),
            }
        }
        None
    }

    /// All parts, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        (0..self.count).filter_map(|index| self.at(index))
    }

    /// Names and contents in turn.
    fn piece(&self, index: usize) -> Option<&[u8]> {
        let start = match index.checked_sub(1) {
            None => 0,
            Some(before) => self.end(before)?,
        };
        let end = self.contents + self.end(index)?;
        self.bytes.get(self.contents + start..end)
    }

    fn end(&self, index: usize) -> Option<usize> {
        if index >= 2 * self.count {
            return None;
        }
        usize::try_from(number(&self.bytes, self.table + PLACE * index)?).ok()
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + PLACE)?;
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

/// Parts that are written one after the other; they must come sorted by name.
#[derive(Debug)]
pub(crate) struct PartsWriter {
    /// Where each name and each content ends.
    ends: Vec<u8>,
    body: BodyWriter,
}

impl PartsWriter {
    /// Parts to be kept at `path`.
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            ends: Vec::new(),
            body: BodyWriter::new(path),
        }
    }

    /// Adds a part; `None` where it cannot be written.
    pub(crate) fn add<E>(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Option<()> {
        self.body.bytes().extend(name.as_bytes());
        self.end();
        write(self.body.bytes()).ok()?;
        self.end();
        Some(())
    }

    /// Adds a part.
    pub(crate) fn put(&mut self, name: &str, part: &[u8]) {
        let whole = |bytes: &mut Vec<u8>| {
            bytes.extend(part);
            Ok::<(), Infallible>(())
        };
        self.add(name, whole);
    }

    /// Keeps them all; returns the digest of all.
    pub(crate) fn finish(mut self, key: &Digest) -> Digest {
        let count = (self.ends.len() / (2 * PLACE)) as u64;
        self.body.bytes().extend(&self.ends);
        self.body.bytes().extend(count.to_le_bytes());
        self.body.finish(key)
    }

    fn end(&mut self) {
        self.ends.extend((self.body.len() as u64).to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_found_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("parts");
        let key = Digest::of(b"key");
        let names: Vec<String> = (0..100).map(|i| format!("{i:03}")).collect();
        let parts: Vec<(&str, &[u8])> = names
            .iter()
            .map(|name| (name.as_str(), &name.as_bytes()[..name.len() - 1]))
            .collect();
        Parts::store(&path, &key, &parts);
        let kept = Parts::load(&path, &key);
        assert_eq!(kept.iter().collect::<Vec<_>>(), parts);
        for (name, part) in &parts {
            assert_eq!(kept.get(name), Some(*part));
        }
        for other in ["", "0000", "0995", "100", "zzz"] {
            assert_eq!(kept.get(other), None, "{other}");
        }
        assert_eq!(Parts::load(&path, &Digest::of(b"other")).iter().count(), 0);
        let mut bytes = std::fs::read(&path).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(Parts::load(&path, &key).iter().count(), 0);
    }
}
