//! [`Cache::sweep`]: removes what nothing needs, by mark and sweep.

use crate::cache::run_cache::RunEntry;
use crate::cache::store::Cache;
use crate::digest::Digest;
use crate::entry::Entry;
use crate::fingerprint::{Contents, Fingerprint};
use crate::fs::{self, FsError};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use walkdir::WalkDir;

/// Which past runs stay though no root needs them. Without either limit, none does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Those last made or restored longer ago than this go.
    pub older_than: Option<Duration>,
    /// The oldest go until the contents that are needed have at most so many bytes; roots always stay.
    pub max_size: Option<u64>,
}

/// What was removed, or would be.
#[derive(Clone, Debug, Default)]
pub struct Swept {
    /// Past runs: the stage and its run key.
    pub runs: Vec<(String, Digest)>,
    /// Contents with their bytes.
    pub contents: Vec<(Digest, u64)>,
    /// Bytes of the contents that stay.
    pub kept: u64,
}

impl Swept {
    /// Bytes of the contents that go.
    pub fn freed(&self) -> u64 {
        self.contents.iter().map(|(_, size)| size).sum()
    }
}

struct Past {
    path: PathBuf,
    used: SystemTime,
    entry: RunEntry,
}

impl Cache {
    /// Removes every past run beyond the limits, and every content that neither `roots` nor a past run
    /// that stays needs. `dry` only says what would go. Nobody else may use the cache meanwhile.
    ///
    /// # Errors
    /// Something cannot be listed or removed.
    pub fn sweep(
        &self,
        roots: &[Entry],
        limits: &Limits,
        now: SystemTime,
        dry: bool,
    ) -> Result<Swept, FsError> {
        let mut marks = Marks::new(self);
        let mut keys = BTreeSet::new();
        for root in roots {
            marks.entry(&root.fingerprint, &root.outs);
            keys.insert(root.fingerprint.run_key());
        }
        let mut swept = Swept::default();
        let mut gone = Vec::new();
        let mut rest = Vec::new();
        for past in self.pasts(&mut gone)? {
            if keys.contains(&past.entry.fingerprint.run_key()) {
                marks.entry(&past.entry.fingerprint, &past.entry.outs);
            } else {
                rest.push(past);
            }
        }
        rest.sort_by_key(|past| std::cmp::Reverse(past.used));
        let limited = limits.older_than.is_some() || limits.max_size.is_some();
        let mut room = limited;
        for past in rest {
            let age = now.duration_since(past.used).unwrap_or_default();
            room &= limits.older_than.is_none_or(|most| age <= most);
            if room && marks.fits(&past.entry, limits.max_size) {
                keys.insert(past.entry.fingerprint.run_key());
                continue;
            }
            room = false;
            let key = past.entry.fingerprint.run_key();
            swept.runs.push((past.entry.stage, key));
            gone.push(past.path);
        }
        self.unmarked(&marks, &mut swept, &mut gone)?;
        self.logs_without(&keys, &mut gone)?;
        gone.extend(self.blobs.waste().map(Path::to_owned));
        if !dry {
            gone.iter().try_for_each(|path| fs::remove(path))?;
        }
        Ok(swept)
    }

    /// Every readable past run; unreadable ones are `gone`.
    fn pasts(&self, gone: &mut Vec<PathBuf>) -> Result<Vec<Past>, FsError> {
        let mut pasts = Vec::new();
        for path in files(&self.runs)? {
            let meta = fs::at("read", &path, std::fs::metadata(&path))?;
            let used = fs::at("read", &path, meta.modified())?;
            let bytes = fs::read(&path)?;
            match RunEntry::decode(&bytes) {
                Some(entry) => pasts.push(Past { path, used, entry }),
                None => gone.push(path),
            }
        }
        Ok(pasts)
    }

    fn unmarked(
        &self,
        marks: &Marks<'_>,
        swept: &mut Swept,
        gone: &mut Vec<PathBuf>,
    ) -> Result<(), FsError> {
        for path in files(self.blobs.folder())? {
            let size = fs::at("read", &path, std::fs::symlink_metadata(&path))?.len();
            match digest_of(&path) {
                Some(digest) if marks.sizes.contains_key(&digest) => swept.kept += size,
                Some(digest) => {
                    swept.contents.push((digest, size));
                    gone.push(path);
                }
                None => gone.push(path),
            }
        }
        Ok(())
    }

    fn logs_without(
        &self,
        keys: &BTreeSet<Digest>,
        gone: &mut Vec<PathBuf>,
    ) -> Result<(), FsError> {
        let logs = files(&self.logs)?.into_iter();
        gone.extend(logs.filter(|path| digest_of(path).is_none_or(|key| !keys.contains(&key))));
        Ok(())
    }
}

/// What is needed: digest → bytes.
struct Marks<'a> {
    cache: &'a Cache,
    sizes: BTreeMap<Digest, u64>,
    total: u64,
}

impl<'a> Marks<'a> {
    fn new(cache: &'a Cache) -> Self {
        Self {
            cache,
            sizes: BTreeMap::new(),
            total: 0,
        }
    }

    fn entry(&mut self, fingerprint: &Fingerprint, outs: &Contents) {
        for (digest, size) in self.needs(fingerprint, outs) {
            if self.sizes.insert(digest, size).is_none() {
                self.total += size;
            }
        }
    }

    /// Marks what a past run needs, unless that is too much.
    fn fits(&mut self, past: &RunEntry, most: Option<u64>) -> bool {
        let needs = self.needs(&past.fingerprint, &past.outs);
        let new = needs
            .iter()
            .filter(|(digest, _)| !self.sizes.contains_key(digest));
        let more: u64 = new.map(|(_, size)| size).sum();
        if most.is_some_and(|most| self.total + more > most) {
            return false;
        }
        self.entry(&past.fingerprint, &past.outs);
        true
    }

    /// The outs, file by file, and the lists of files of folders that were read: `why` compares them.
    fn needs(&self, fingerprint: &Fingerprint, outs: &Contents) -> BTreeMap<Digest, u64> {
        let mut needs = BTreeMap::new();
        let mut add = |digest: Digest| {
            // What is not there takes no room.
            needs.insert(digest, self.cache.blobs.size(&digest).unwrap_or(0));
        };
        for content in outs.values() {
            add(content.digest);
            if content.files.is_some() {
                let tree = self.cache.tree(content).unwrap_or_default();
                tree.files().values().for_each(|file| add(file.digest));
            }
        }
        let folders = fingerprint.deps.values();
        folders
            .filter(|content| content.files.is_some())
            .for_each(|content| add(content.digest));
        needs
    }
}

/// All files in a folder of folders; none where it is not there.
fn files(folder: &Path) -> Result<Vec<PathBuf>, FsError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = fs::at("read", folder, entry.map_err(std::io::Error::from))?;
        if !entry.file_type().is_dir() {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

/// The digest that a file of the cache is named after: two digits the folder, the rest the file.
fn digest_of(path: &Path) -> Option<Digest> {
    let folder = path.parent()?.file_name()?.to_str()?;
    let rest = path.file_stem()?.to_str()?;
    format!("{folder}{rest}").parse().ok()
}
