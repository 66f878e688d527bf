//! [`DvcDigest`]: whether what is on disk is what DVC remembers.

use crate::digest::Digest;
use crate::fs::FsError;
use crate::memo;
use crate::project::Project;
use crate::snapshot::{PathState, Tree};
use md5::{Digest as _, Md5};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

/// Bytes by which DVC tells text from other files.
const HEAD: usize = 512;

/// Raised when what is kept means something else.
const VERSION: &[u8] = b"1";

/// The digest by which DVC knows a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DvcDigest {
    /// MD5, `.dir` at the end for a folder.
    pub md5: String,
    /// Whether it is from a DVC before 3, which read text as if lines ended with `\n` alone.
    pub is_legacy: bool,
}

impl DvcDigest {
    /// Whether this is what lies at `place`, where `state` lists the files.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn holds(&self, state: &PathState, place: &Path) -> Result<bool, FsError> {
        let same = |as_text| Ok(md5(state, place, as_text)?.as_ref() == Some(&self.md5));
        Ok(same(false)? || (self.is_legacy && same(true)?))
    }
}

/// Contents that were digested as DVC does it, so that it need not be done again.
pub(crate) struct DvcDigests {
    path: PathBuf,
    /// Our digest, and whether it was read as text → MD5.
    known: BTreeMap<(String, bool), String>,
    has_more: bool,
}

impl DvcDigests {
    /// Those of a project.
    pub(crate) fn load(project: &Project) -> Self {
        let path = project.state_dir().join("dvc-digests");
        Self {
            known: memo::load(&path, &Digest::of(VERSION)).unwrap_or_default(),
            path,
            has_more: false,
        }
    }

    /// As [`DvcDigest::holds`].
    pub(crate) fn holds(
        &mut self,
        wanted: &DvcDigest,
        state: &PathState,
        place: &Path,
    ) -> Result<bool, FsError> {
        let Some(content) = state.digest() else {
            return Ok(false);
        };
        for as_text in [false, true] {
            if as_text && !wanted.is_legacy {
                break;
            }
            let key = (content.to_string(), as_text);
            if !self.known.contains_key(&key) {
                self.has_more = true;
                let found = md5(state, place, as_text)?.unwrap_or_default();
                self.known.insert(key.clone(), found);
            }
            if self.known[&key] == wanted.md5 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Keeps them.
    pub(crate) fn save(&self) {
        if self.has_more {
            memo::store(&self.path, &Digest::of(VERSION), &self.known);
        }
    }
}

/// The digest as DVC writes it; `None` where nothing is there.
fn md5(state: &PathState, place: &Path, as_text: bool) -> Result<Option<String>, FsError> {
    let found = match state {
        PathState::Missing => return Ok(None),
        PathState::File(_) => of_file(place, as_text),
        PathState::Folder(tree) => of_folder(tree, place, as_text),
    };
    found
        .map(Some)
        .map_err(|error| FsError::new("read", place, error))
}

/// The digest of the list of a folder's files, as DVC writes that list.
fn of_folder(tree: &Tree, place: &Path, as_text: bool) -> io::Result<String> {
    let files: Vec<&String> = tree.files().keys().collect();
    let digests = files
        .into_par_iter()
        .map(|name| Ok((name, of_file(&place.join(name), as_text)?)))
        .collect::<io::Result<Vec<_>>>()?;
    let items: Vec<String> = digests
        .iter()
        .map(|(name, md5)| format!(r#"{{"md5": "{md5}", "relpath": {}}}"#, ascii_json(name)))
        .collect();
    let list = format!("[{}]", items.join(", "));
    Ok(format!(
        "{}.dir",
        hex(Md5::digest(list.as_bytes()).as_slice())
    ))
}

fn of_file(path: &Path, as_text: bool) -> io::Result<String> {
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path)?);
    let mut digest = Md5::new();
    let mut buffer = vec![0; 1 << 16];
    if !as_text {
        loop {
            let count = reader.read(&mut buffer)?;
            if count == 0 {
                return Ok(hex(digest.finalize().as_slice()));
            }
            digest.update(&buffer[..count]);
        }
    }
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    if is_text(&bytes[..bytes.len().min(HEAD)]) {
        bytes = lines_evened(&bytes);
    }
    digest.update(&bytes);
    Ok(hex(digest.finalize().as_slice()))
}

fn is_text(head: &[u8]) -> bool {
    let is_odd = |byte: &&u8| !matches!(byte, 32..=126 | b'\n' | b'\r' | b'\t' | 12 | 8);
    !head.contains(&0) && head.iter().filter(is_odd).count() * 10 <= head.len() * 3
}

/// `\r\n` → `\n`.
fn lines_evened(bytes: &[u8]) -> Vec<u8> {
    let next = bytes.iter().skip(1).map(Some).chain([None]);
    let kept = bytes.iter().zip(next);
    let kept = kept.filter(|(byte, next)| !(**byte == b'\r' && *next == Some(&b'\n')));
    kept.map(|(byte, _)| *byte).collect()
}

/// A text as Python writes it into JSON: in ASCII.
fn ascii_json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let mut ascii = String::with_capacity(quoted.len());
    for letter in quoted.chars() {
        if (' '..='~').contains(&letter) {
            ascii.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            // A String takes any text.
            let _ = write!(ascii, "\\u{unit:04x}");
        }
    }
    ascii
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_as_python_writes_it() {
        assert_eq!(ascii_json("a\"\\\n"), r#""a\"\\\n""#);
        assert_eq!(ascii_json("ä😀\u{7f}"), r#""\u00e4\ud83d\ude00\u007f""#);
    }

    #[test]
    fn only_text_has_its_lines_evened() {
        assert_eq!(lines_evened(b"a\r\nb\rc\r\n"), b"a\nb\rc\n");
        assert!(is_text(b"") && is_text(b"a\tb\r\n") && !is_text(b"a\0"));
        assert!(!is_text(&[200; 10]));
    }
}
