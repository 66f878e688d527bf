//! [`Walk`]: the files of a folder, looked at by all cores.

use crate::fs::{self, FsError};
use crate::snapshot::ignores::{self, Rules};
use crate::snapshot::path_state::FileState;
use crate::snapshot::stamp::Stamp;
use crate::snapshot::stat_cache::{Look, Seen, StatCache};
use rayon::prelude::*;
use std::fs::{DirEntry, Metadata};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// A walk through a folder that the pipeline names.
#[derive(Clone, Copy)]
pub(super) struct Walk<'a> {
    pub(super) root: &'a Path,
    /// The folder's path in the project.
    pub(super) key: &'a str,
    pub(super) stats: &'a StatCache,
}

/// What lies in a folder and is not left out.
#[derive(Default)]
pub(super) struct Listing {
    /// Each file by its path in the folder.
    pub(super) files: Vec<(String, FileState, Look)>,
    /// The folders themselves, by their path in the project.
    pub(super) folders: Vec<Seen>,
    /// Files and folders that are left out, by their path in the folder.
    pub(super) left_out: Vec<PathBuf>,
}

impl Listing {
    fn append(&mut self, other: Self) {
        self.files.extend(other.files);
        self.folders.extend(other.folders);
        self.left_out.extend(other.left_out);
    }
}

/// One folder on the way.
struct Folder<'a> {
    path: &'a Path,
    /// Its path from where the walk began; empty, or with a slash at its end.
    below: String,
    /// The patterns of the folders above it.
    rules: Vec<Rules>,
}

impl Walk<'_> {
    /// All of it.
    pub(super) fn all(self, meta: &Metadata, above: &[Rules]) -> Result<Listing, FsError> {
        self.folder(
            meta,
            Folder {
                path: self.root,
                below: String::new(),
                rules: above.to_vec(),
            },
        )
    }

    fn folder(self, meta: &Metadata, mut folder: Folder<'_>) -> Result<Listing, FsError> {
        let key = self.key_of(&folder.below);
        let path = folder.path;
        let entries = std::fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let entries = fs::at("read", path, entries)?;
        let own = if entries
            .iter()
            .any(|entry| ignores::is_rules(&entry.file_name()))
        {
            ignores::rules(path, &key, self.stats)?
        } else {
            None
        };
        folder.rules.push(own);
        let listing = entries
            .par_iter()
            .try_fold(Listing::default, |mut listing, entry| {
                self.entry(entry, &folder, &mut listing)?;
                Ok(listing)
            })
            .try_reduce(Listing::default, |mut left, right| {
                left.append(right);
                Ok(left)
            });
        let mut listing = listing?;
        listing
            .folders
            .push((Arc::from(key), Some(Stamp::of(meta))));
        Ok(listing)
    }

    fn entry(
        self,
        entry: &DirEntry,
        folder: &Folder<'_>,
        listing: &mut Listing,
    ) -> Result<(), FsError> {
        let path = entry.path();
        let kind = fs::at("read", &path, entry.file_type())?;
        let behind = if kind.is_symlink() {
            match self.behind_link(&path)? {
                None => return Ok(()),
                behind => behind,
            }
        } else {
            None
        };
        let is_dir = behind.as_ref().map_or(kind.is_dir(), Metadata::is_dir);
        let is_rules = ignores::is_rules(&entry.file_name()) && !is_dir;
        if is_rules || ignores::glob(&folder.rules, &path, is_dir).is_some() {
            let below = path.strip_prefix(self.root).unwrap_or(&path);
            listing.left_out.push(below.to_owned());
            return Ok(());
        }
        let meta = behind.map_or_else(|| entry.metadata(), Ok);
        let meta = fs::at("read", &path, meta)?;
        let Ok(name) = entry.file_name().into_string() else {
            let error = io::Error::other("its name is not UTF-8");
            return Err(FsError::new("read", &path, error));
        };
        let name = format!("{}{name}", folder.below);
        if meta.is_dir() {
            let inner = self.folder(
                &meta,
                Folder {
                    path: &path,
                    below: name + "/",
                    rules: folder.rules.clone(),
                },
            )?;
            listing.append(inner);
            return Ok(());
        }
        let (state, look) = file(&path, &self.key_of(&name), &meta, self.stats)?;
        listing.files.push((name, state, look));
        Ok(())
    }

    /// A path in the folder as the project names it.
    fn key_of(&self, below: &str) -> String {
        match self.key {
            "" => below.to_owned(),
            key => format!("{key}/{below}"),
        }
    }

    /// What a link leads to; `None` where that is a content that the cache has lost.
    fn behind_link(self, path: &Path) -> Result<Option<Metadata>, FsError> {
        let meta = match std::fs::metadata(path) {
            Err(_) if is_lost(path) => return Ok(None),
            meta => fs::at("read", path, meta)?,
        };
        if meta.is_dir() {
            self.refuse_loop(path)?;
        }
        Ok(Some(meta))
    }

    /// A link to a folder that it lies in has no end.
    fn refuse_loop(self, link: &Path) -> Result<(), FsError> {
        let target = fs::at("read", link, std::fs::canonicalize(link))?;
        let mut above = link.ancestors().skip(1);
        let is_target = |folder: &&Path| {
            folder.starts_with(self.root)
                && std::fs::canonicalize(folder).is_ok_and(|folder| folder == target)
        };
        match above.find(is_target) {
            None => Ok(()),
            Some(folder) => {
                let text = format!(
                    "a loop: it leads to `{}`, which it lies in",
                    folder.display()
                );
                Err(FsError::new("read", link, io::Error::other(text)))
            }
        }
    }
}

/// The state of one file.
pub(super) fn file(
    path: &Path,
    key: &str,
    meta: &Metadata,
    stats: &StatCache,
) -> Result<(FileState, Look), FsError> {
    if !meta.is_file() {
        let error = io::Error::other("it is neither a file nor a folder");
        return Err(FsError::new("read", path, error));
    }
    let look = stats.look(key, path, meta)?;
    let state = FileState {
        digest: look.digest,
        size: meta.len(),
        executable: executable(meta),
    };
    Ok((state, look))
}

/// Whether a path is a link to a content that the cache has no more: as good as not there.
fn is_lost(path: &Path) -> bool {
    let leads = |target: PathBuf| {
        let parts: Vec<_> = target.components().map(Component::as_os_str).collect();
        parts
            .windows(2)
            .any(|pair| pair[0] == ".kaslite" && pair[1] == "cache")
    };
    !path.exists() && std::fs::read_link(path).is_ok_and(leads)
}

#[cfg(unix)]
fn executable(meta: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    meta.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn executable(_: &Metadata) -> bool {
    false
}
