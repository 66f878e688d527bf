//! [`DvcPointer`]: DVC's pointer, and its cache.

use crate::error::EngineError;
use crate::fs::{self, FsError};
use crate::pointer::{DVC_ENDING, DvcDigest};
use crate::problem::{Problem, Source};
use crate::rel_path::RelPath;
use crate::value::Value;
use crate::yaml;
use md5::{Digest as _, Md5};
use std::path::{Path, PathBuf};

/// A path that DVC keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DvcPointer {
    /// The data.
    pub path: RelPath,
    pub(super) digest: DvcDigest,
}

impl DvcPointer {
    /// The pointer at `file`; `None` where it has no content of its own (an import, say).
    ///
    /// # Errors
    /// It is no YAML.
    pub(super) fn read(root: &Path, file: &RelPath) -> Result<Option<Self>, EngineError> {
        let name = file.to_string();
        let text = fs::read_if_exists(&file.under(root))?.unwrap_or_default();
        let source = Source { name, text };
        let node = yaml::parse(&source).map_err(EngineError::Problems)?;
        let value = node.to_value();
        let out = value.get("outs.0");
        let word = |key: &str| out.and_then(|out| out.get(key)).and_then(Value::as_text);
        let (Some(path), Some(md5)) = (word("path"), word("md5")) else {
            return Ok(None);
        };
        let is_sound = md5.len() >= 32 && md5.bytes().take(32).all(|byte| byte.is_ascii_hexdigit());
        if !is_sound {
            let problem = Problem::at(&source, node.place, format!("`{md5}` is no MD5"));
            return Err(EngineError::Problems(vec![problem]));
        }
        let own = file.as_str().strip_suffix(DVC_ENDING).unwrap_or_default();
        let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
        let wdir = value.get("wdir").and_then(Value::as_text);
        let folder = RelPath::root().join(folder).join(wdir.unwrap_or_default());
        let path = folder.join(path);
        let digest = DvcDigest {
            md5: md5.to_owned(),
            is_legacy: word("hash").is_none(),
        };
        Ok(path.is_inside().then_some(Self { path, digest }))
    }

    /// Brings the data back from DVC's cache where nothing lies there; whether it did.
    ///
    /// # Errors
    /// A file operation failed. `Ok(None)`: the cache has lost it, or never had it.
    pub(crate) fn restore(&self, root: &Path, scratch: &Path) -> Result<Option<bool>, FsError> {
        let place = self.path.under(root);
        if place.symlink_metadata().is_ok() {
            return Ok(Some(false));
        }
        let Some(cache) = cache(root) else {
            return Ok(None);
        };
        fs::remove(scratch)?;
        let md5 = &self.digest.md5;
        let is_folder = md5.strip_suffix(".dir").is_some();
        let whole = if is_folder {
            folder(&cache, md5, scratch)?
        } else {
            file(&cache, md5, scratch)?
        };
        if whole {
            fs::rename(scratch, &place)?;
        }
        Ok(whole.then_some(true))
    }
}

/// DVC's cache: in the nearest `.dvc`, from `root` upwards.
fn cache(root: &Path) -> Option<PathBuf> {
    let mut folders = root.ancestors().map(|folder| folder.join(".dvc"));
    let own = folders.find(|folder| folder.is_dir())?;
    Some(own.join("cache"))
}

/// The bytes of a content, checked; `None` where the cache does not have it whole.
fn bytes(cache: &Path, md5: &str) -> Option<Vec<u8>> {
    let (head, tail) = md5.split_at_checked(2)?;
    // Where DVC 3 keeps it, and where DVC 2 did.
    let places = [cache.join("files").join("md5"), cache.to_owned()];
    let mut found = places.iter().map(|place| place.join(head).join(tail));
    let found = found.find_map(|path| std::fs::read(path).ok())?;
    let digest = format!("{:x}", Md5::digest(&found));
    (digest == md5.trim_end_matches(".dir")).then_some(found)
}

fn file(cache: &Path, md5: &str, to: &Path) -> Result<bool, FsError> {
    let Some(bytes) = bytes(cache, md5) else {
        return Ok(false);
    };
    fs::write_atomic(to, &bytes)?;
    Ok(true)
}

fn folder(cache: &Path, md5: &str, to: &Path) -> Result<bool, FsError> {
    let list = bytes(cache, md5).and_then(|list| serde_json::from_slice::<Value>(&list).ok());
    let Some(Value::List(files)) = list else {
        return Ok(false);
    };
    fs::create_dir(to)?;
    for entry in &files {
        let word = |key: &str| entry.get(key).and_then(Value::as_text);
        let inside = word("relpath").map(|path| RelPath::root().join(path));
        let (Some(path), Some(md5)) = (inside.filter(RelPath::is_inside), word("md5")) else {
            return Ok(false);
        };
        if !file(cache, md5, &path.under(to))? {
            return Ok(false);
        }
    }
    Ok(true)
}
