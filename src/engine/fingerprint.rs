//! [`Fingerprint`]: everything that can make a stage stale, as a struct that can be printed.
//!
//! No times, absolute paths or hosts are in it. The run key is the digest of its canonical,
//! length-prefixed encoding; [`crate::stale`] compares two of them field by field, so what `why`
//! says cannot disagree with the hash.

use crate::digest::Digest;
use crate::rel_path::RelPath;
use crate::snapshot::PathState;
use crate::spec::StageSpec;
use crate::stage::{Action, Stage};
use crate::value::{Value, encode_bytes};
use litemap::LiteMap;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Raised when the meaning of a field changes: every stage becomes stale.
const VERSION: u64 = 2;

/// Everything that can make a stage stale.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fingerprint {
    /// Commands of a command stage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cmd: Vec<String>,
    /// Name of a built-in stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<String>,
    /// Code of a built-in stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Working folder, where it is not the root.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub wdir: String,
    /// Declared environment; `null` is "not set".
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, Option<String>>,
    /// File → dotted key → value.
    #[serde(default, skip_serializing_if = "LiteMap::is_empty")]
    pub params: Params,
    /// Path → content.
    #[serde(default, skip_serializing_if = "LiteMap::is_empty")]
    pub deps: Contents,
    /// Declared outs, by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub makes: Vec<String>,
}

/// The code of a built-in stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Code {
    /// Over all files and the libraries' versions.
    pub digest: String,
    /// Each file's digest (its first 16 digits), so that `why` can name the file.
    pub files: BTreeMap<String, String>,
}

/// Path → content, of a few paths: a tree would take ten times as much memory.
pub type Contents = LiteMap<String, Content>;

/// File → dotted key → value, of a few of each.
pub type Params = LiteMap<String, LiteMap<String, Value>>;

/// The content of a path, short enough for the lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Of the file, or of the folder's tree.
    pub digest: Digest,
    /// Bytes.
    pub size: u64,
    /// Number of files, for a folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<usize>,
    /// Whether the file is executable.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub executable: bool,
}

impl Content {
    /// Of a path's state; `None` where nothing is there.
    pub fn of(state: &PathState) -> Option<Self> {
        match state {
            PathState::Missing => None,
            PathState::File(file) => Some(Self {
                digest: file.digest,
                size: file.size,
                files: None,
                executable: file.executable,
            }),
            PathState::Folder(tree) => Some(Self {
                digest: tree.digest(),
                size: tree.size(),
                files: Some(tree.files().len()),
                executable: false,
            }),
        }
    }
}

impl Code {
    /// Of a built-in stage.
    pub fn of(spec: &StageSpec) -> Self {
        let short = |digest: &str| digest.get(..16).unwrap_or(digest).to_owned();
        Self {
            digest: spec.code.digest.to_owned(),
            files: spec
                .code
                .files
                .iter()
                .map(|(path, digest)| ((*path).to_owned(), short(digest)))
                .collect(),
        }
    }

    /// The files of either that are not alike in both, by name; none where only a library differs.
    pub fn differing(&self, other: &Self) -> Vec<String> {
        let names: BTreeSet<&String> = self.files.keys().chain(other.files.keys()).collect();
        let differs = |name: &&String| self.files.get(*name) != other.files.get(*name);
        names.into_iter().filter(differs).cloned().collect()
    }
}

impl Fingerprint {
    /// Of a stage, given the content of its deps. Pure.
    pub fn compute(stage: &Stage, deps: Contents) -> Self {
        let mut makes: Vec<String> = stage.outs.iter().map(|out| out.path.to_string()).collect();
        makes.sort();
        let base = Self {
            wdir: if stage.wdir == RelPath::root() {
                String::new()
            } else {
                stage.wdir.to_string()
            },
            env: stage.env.clone(),
            params: by_file(stage),
            deps,
            makes,
            ..Self::default()
        };
        match &stage.action {
            Action::Command(cmd) => Self {
                cmd: cmd.clone(),
                ..base
            },
            Action::Builtin(spec) => Self {
                uses: Some(spec.name.to_owned()),
                code: Some(Code::of(spec)),
                ..base
            },
        }
    }

    /// The key of the run cache.
    pub fn run_key(&self) -> Digest {
        let mut bytes = Vec::with_capacity(1024);
        bytes.extend(VERSION.to_le_bytes());
        encode_list(self.cmd.iter().map(String::as_bytes), &mut bytes);
        encode_option(self.uses.as_deref(), &mut bytes);
        encode_option(
            self.code.as_ref().map(|code| code.digest.as_str()),
            &mut bytes,
        );
        encode_bytes(self.wdir.as_bytes(), &mut bytes);
        bytes.extend((self.env.len() as u64).to_le_bytes());
        for (name, value) in &self.env {
            encode_bytes(name.as_bytes(), &mut bytes);
            encode_option(value.as_deref(), &mut bytes);
        }
        bytes.extend((self.params.len() as u64).to_le_bytes());
        for (file, values) in &self.params {
            encode_bytes(file.as_bytes(), &mut bytes);
            bytes.extend((values.len() as u64).to_le_bytes());
            for (key, value) in values {
                encode_bytes(key.as_bytes(), &mut bytes);
                value.encode(&mut bytes);
            }
        }
        bytes.extend((self.deps.len() as u64).to_le_bytes());
        for (path, content) in &self.deps {
            encode_bytes(path.as_bytes(), &mut bytes);
            bytes.extend(content.digest.as_bytes());
            bytes.push(u8::from(content.executable));
        }
        encode_list(self.makes.iter().map(String::as_bytes), &mut bytes);
        Digest::of(&bytes)
    }
}

/// The params of a stage, each file with its own.
fn by_file(stage: &Stage) -> Params {
    let params: Vec<_> = stage.params.iter().collect();
    let files = params.chunk_by(|((one, _), _), ((other, _), _)| one == other);
    let of_file = |params: &[(&(RelPath, String), &Value)]| {
        let file = params.first().map(|((file, _), _)| file.to_string());
        let values = params
            .iter()
            .map(|((_, key), value)| (key.clone(), (*value).clone()));
        Some((file?, values.collect()))
    };
    files.filter_map(of_file).collect()
}

fn encode_list<'a>(items: impl ExactSizeIterator<Item = &'a [u8]>, into: &mut Vec<u8>) {
    into.extend((items.len() as u64).to_le_bytes());
    items.for_each(|item| encode_bytes(item, into));
}

fn encode_option(text: Option<&str>, into: &mut Vec<u8>) {
    into.push(u8::from(text.is_some()));
    encode_bytes(text.unwrap_or_default().as_bytes(), into);
}
