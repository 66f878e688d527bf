//! [`Gathered`]: the sources of a run, found again.

use crate::provenance::{ProvenanceError, inside, open, tree, unreadable};
use crate::sources::kept::{Lies, SourceFile, Sources};
use crate::sources::uncommitted::blobs;
use git2::{Oid, Repository};
use kaslite_engine::digest::Digest;
use kaslite_engine::fingerprint::Content;
use kaslite_engine::fs::{self, FsError};
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::workspace::Workspace;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The sources of a run, found again in git, in the record and in the project.
pub struct Gathered {
    repository: Option<Repository>,
    files: BTreeMap<String, Found>,
    /// What is not as the run had it.
    pub amiss: Vec<Amiss>,
}

/// A source that is not as the run had it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Amiss {
    /// Its path in the project.
    pub path: String,
    /// Why, as a phrase.
    pub why: String,
    /// Whether there is nothing at all in its place.
    pub missing: bool,
}

/// Where one of them lies.
enum Found {
    Blob { id: Oid, mode: i32 },
    File { place: PathBuf, executable: bool },
    Folder(PathBuf),
}

/// The mode of a link, and of a file that may be executed, in git.
const LINK: i32 = 0o120_000;
const EXECUTABLE: i32 = 0o100_755;

impl Gathered {
    /// Those of a record; what it does not hold is taken from the project.
    ///
    /// # Errors
    /// The commit is not known here, something cannot be read.
    pub fn of(
        sources: &Sources,
        record: &Path,
        workspace: &Workspace,
    ) -> Result<Self, ProvenanceError> {
        let root = &workspace.project.root;
        let mut gathered = Self {
            repository: None,
            files: BTreeMap::new(),
            amiss: Vec::new(),
        };
        if let Some(commit) = &sources.commit {
            let repository = open(root)?;
            let folder = inside(&repository, root, Path::new(""))?;
            let tree = tree(&repository, commit)?;
            let blobs = blobs(&repository, &tree, &folder).map_err(|error| unreadable(&error))?;
            let found = blobs
                .into_iter()
                .map(|(path, id, mode)| (path, Found::Blob { id, mode }));
            gathered.files = found.collect();
            drop(tree);
            gathered.repository = Some(repository);
        }
        for path in &sources.removed {
            gathered.files.remove(path);
        }
        for (path, file) in &sources.files {
            gathered.add(path, file, record, workspace);
        }
        Ok(gathered)
    }

    fn add(&mut self, path: &str, file: &SourceFile, record: &Path, workspace: &Workspace) {
        match file.lies {
            Lies::Commit => {}
            Lies::Record => {
                let place = Sources::place(record, path);
                let executable = file.content.executable;
                self.files
                    .insert(path.to_owned(), Found::File { place, executable });
            }
            Lies::Masked | Lies::Nowhere => {
                self.take_from_project(path, file, record, workspace);
                return;
            }
        }
        let bytes = self.read(path);
        if bytes.as_ref().map(|bytes| Digest::of(bytes)) != Some(file.content.digest) {
            let why = match bytes {
                Some(_) => "is not what the run read",
                None => "is lost",
            };
            self.miss(path, why, bytes.is_none());
        }
    }

    /// What the record does not hold may lie in the project as it was.
    fn take_from_project(
        &mut self,
        path: &str,
        file: &SourceFile,
        record: &Path,
        workspace: &Workspace,
    ) {
        let own = RelPath::root().join(path);
        let state = workspace.snapshot.get(&own).ok();
        let there = state.and_then(|state| Content::of(&state));
        let masked = (file.lies == Lies::Masked).then(|| Sources::place(record, path));
        let place = own.under(&workspace.project.root);
        let found = match (&there, masked) {
            (Some(there), _) if there.digest == file.content.digest => None,
            (_, Some(masked)) => {
                let why = "had secrets, which the record does not hold";
                self.miss(path, why, false);
                let executable = file.content.executable;
                let place = masked;
                self.files
                    .insert(path.to_owned(), Found::File { place, executable });
                return;
            }
            (Some(_), None) => Some("is too large for the record, and not here as it was"),
            (None, None) => {
                return self.miss(path, "is too large for the record, and not here", true);
            }
        };
        let is_folder = place.is_dir();
        let from = if is_folder {
            Found::Folder(place)
        } else {
            let executable = file.content.executable;
            Found::File { place, executable }
        };
        self.files.insert(path.to_owned(), from);
        if let Some(why) = found {
            self.miss(path, why, false);
        }
    }

    fn miss(&mut self, path: &str, why: &str, missing: bool) {
        self.amiss.push(Amiss {
            path: path.to_owned(),
            why: why.to_owned(),
            missing,
        });
    }

    /// The paths of all files; a large folder is one.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The bytes of a file; `None` where there is none.
    pub fn read(&self, path: &str) -> Option<Vec<u8>> {
        match self.files.get(path)? {
            Found::Blob { id, .. } => {
                let repository = self.repository.as_ref()?;
                Some(repository.find_blob(*id).ok()?.content().to_vec())
            }
            Found::File { place, .. } => std::fs::read(place).ok(),
            Found::Folder(_) => None,
        }
    }

    /// Writes one of them where it belongs in the project at `root`.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, path: &str, root: &Path) -> Result<(), FsError> {
        let place = RelPath::root().join(path).under(root);
        match self.files.get(path) {
            Some(Found::Blob { id: _, mode }) if *mode == LINK => {
                let target = self.read(path).unwrap_or_default();
                link(&String::from_utf8_lossy(&target), &place)
            }
            Some(Found::Folder(from)) => copy_folder(from, &place),
            Some(Found::Blob { mode, .. }) => {
                let bytes = self.read(path).unwrap_or_default();
                fs::write_atomic(&place, &bytes)?;
                set_executable(&place, *mode == EXECUTABLE)
            }
            Some(Found::File {
                place: from,
                executable,
            }) => {
                fs::write_atomic(&place, &fs::read(from)?)?;
                set_executable(&place, *executable)
            }
            None => Ok(()),
        }
    }

    /// Writes all of them.
    ///
    /// # Errors
    /// One cannot be written.
    pub fn write_all(&self, root: &Path) -> Result<(), FsError> {
        self.paths().try_for_each(|path| self.write(path, root))
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), FsError> {
    fs::create_dir(to)?;
    let entries = std::fs::read_dir(from).map_err(|error| FsError::new("list", from, error))?;
    for entry in entries.flatten() {
        let (path, place) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_folder(&path, &place)?;
        } else {
            std::fs::copy(&path, &place).map_err(|error| FsError::new("copy", &path, error))?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link(target: &str, place: &Path) -> Result<(), FsError> {
    fs::create_parent(place)?;
    fs::remove(place)?;
    std::os::unix::fs::symlink(target, place).map_err(|error| FsError::new("link", place, error))
}

#[cfg(not(unix))]
fn link(target: &str, place: &Path) -> Result<(), FsError> {
    fs::write_atomic(place, target.as_bytes())
}

#[cfg(unix)]
fn set_executable(place: &Path, executable: bool) -> Result<(), FsError> {
    use std::os::unix::fs::PermissionsExt;
    let failed = |error| FsError::new("change", place, error);
    let mut permissions = place.metadata().map_err(failed)?.permissions();
    let mode = permissions.mode();
    let wanted = if executable {
        mode | 0o111
    } else {
        mode & !0o111
    };
    permissions.set_mode(wanted);
    std::fs::set_permissions(place, permissions).map_err(failed)
}

#[cfg(not(unix))]
fn set_executable(_: &Path, _: bool) -> Result<(), FsError> {
    Ok(())
}
