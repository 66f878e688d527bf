//! [`Reach`]: the sources that a stage can reach, found, not declared.

use crate::describe::Description;
use crate::normalise::normalise;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::{Component, Path, PathBuf};
use walkdir::WalkDir;

/// Crates, modules and types whose name in a stage's tokens means that it uses them, with the folder or
/// file of their code.
const SHARED: &[(&str, &str)] = &[
    ("kaslite_nn", "stages/nn"),
    ("kaslite_random", "stages/random"),
    ("kaslite_track :: table", "src/track/table"),
    ("kaslite_track :: metrics", "src/track/metrics.rs"),
    ("kaslite :: sweep", "src/sweep"),
    ("kaslite :: report", "src/report"),
    ("kaslite_stats", "src/stats"),
    ("crate :: telemetry", "stages/telemetry"),
    ("control :: Arm", "stages/control/arm.rs"),
    (
        "counterfactual :: validation_rows",
        "stages/counterfactual/validation_rows.rs",
    ),
    (
        "counterfactual :: trained_config",
        "stages/counterfactual/trained_config.rs",
    ),
    ("crate :: verdict", "src/verdict"),
    ("crate :: unmade", "src/unmade.rs"),
    ("crate :: origins", "src/origins"),
];

/// Crates outside this project that shape results; their versions count where a stage reaches them.
const LIBRARIES: &[(&str, &str)] = &[("tch ::", "tch"), ("tch ::", "torch-sys")];

/// Endings of files that are not code of any stage.
const NOT_CODE: &[&str] = &["md", "snap", "proptest-regressions"];

struct File {
    normalised: Vec<u8>,
    digest: blake3::Hash,
}

/// Files of the project as they were read, by path relative to the root.
pub(crate) struct Reach {
    root: PathBuf,
    files: BTreeMap<PathBuf, File>,
    raw: BTreeMap<String, blake3::Hash>,
    folders: BTreeSet<PathBuf>,
    versions: BTreeMap<String, String>,
}

/// The code of one stage.
pub(crate) struct Code {
    pub(crate) digest: blake3::Hash,
    /// Path → digest of what counts of it.
    pub(crate) files: Vec<(String, blake3::Hash)>,
}

impl Reach {
    pub(crate) fn new(root: &Path) -> Result<Self, Box<dyn Error>> {
        let versions = versions(&std::fs::read_to_string(root.join("Cargo.lock"))?);
        Ok(Self {
            root: root.to_owned(),
            files: BTreeMap::new(),
            raw: BTreeMap::new(),
            folders: BTreeSet::new(),
            versions,
        })
    }

    /// The stage's own folder, that of the stage it runs, the helpers beside them, every shared folder whose name occurs in what is
    /// reached so far, and the versions of the libraries used there.
    pub(crate) fn of(&mut self, stage: &Description) -> Result<Code, Box<dyn Error>> {
        let mut folders = BTreeSet::from([stage.folder.clone()]);
        folders.extend(stage.runs_folder.clone());
        if stage.folder.starts_with("stages") && self.root.join("stages/shared").is_dir() {
            folders.insert(PathBuf::from("stages/shared"));
        }
        let mut reached: BTreeSet<PathBuf> = BTreeSet::new();
        for file in &stage.embeds {
            reached.extend(self.read(file)?);
        }
        loop {
            for folder in &folders {
                reached.extend(self.read(folder)?);
            }
            let found: BTreeSet<PathBuf> = SHARED
                .iter()
                .filter(|(name, _)| self.mentions(&reached, name))
                .map(|(_, folder)| PathBuf::from(folder))
                .filter(|folder| !folders.contains(folder))
                .collect();
            if found.is_empty() {
                break;
            }
            folders.extend(found);
        }
        Ok(self.digest(&reached))
    }

    fn mentions(&self, reached: &BTreeSet<PathBuf>, name: &str) -> bool {
        let is_code = |path: &&PathBuf| path.extension().is_some_and(|ending| ending == "rs");
        reached.iter().filter(is_code).any(|path| {
            let tokens = String::from_utf8_lossy(&self.files[path].normalised);
            tokens.contains(name)
        })
    }

    fn digest(&self, reached: &BTreeSet<PathBuf>) -> Code {
        let mut hasher = blake3::Hasher::new();
        let mut field = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        field(b"kaslite-code-v1");
        let mut files = Vec::new();
        for path in reached {
            let name = text(path);
            let digest = self.files[path].digest;
            field(name.as_bytes());
            field(digest.as_bytes());
            files.push((name, digest));
        }
        for (name, library) in LIBRARIES {
            if self.mentions(reached, name) {
                field(library.as_bytes());
                field(
                    self.versions
                        .get(*library)
                        .map_or("", String::as_str)
                        .as_bytes(),
                );
            }
        }
        Code {
            digest: hasher.finalize(),
            files,
        }
    }

    /// Reads a file, or every file of a folder; gives their paths.
    fn read(&mut self, path: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
        self.folders.insert(path.to_owned());
        let mut paths = Vec::new();
        for entry in WalkDir::new(self.root.join(path)).sort_by_file_name() {
            let entry = entry?;
            let relative = entry.path().strip_prefix(&self.root)?.to_owned();
            if !entry.file_type().is_file() || !counts(&relative) {
                continue;
            }
            if !self.files.contains_key(&relative) {
                let bytes = std::fs::read(entry.path())?;
                let normalised = normalise(&relative, &bytes)?;
                let digest = blake3::hash(&normalised);
                self.raw.insert(text(&relative), blake3::hash(&bytes));
                self.files
                    .insert(relative.clone(), File { normalised, digest });
            }
            paths.push(relative);
        }
        Ok(paths)
    }

    /// The digest of every file as it stands, so that a program can tell when it is older than them.
    pub(crate) fn raw(&self) -> &BTreeMap<String, blake3::Hash> {
        &self.raw
    }

    /// What Cargo has to watch.
    pub(crate) fn watched(&self) -> Vec<PathBuf> {
        let build = PathBuf::from("stages/catalog");
        let lock = PathBuf::from("Cargo.lock");
        self.folders
            .iter()
            .chain([&build, &lock])
            .map(|path| self.root.join(path))
            .collect()
    }
}

/// A path with `/` between its parts.
fn text(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Tests, benchmarks and texts are no code; neither is how Cargo builds it.
fn counts(path: &Path) -> bool {
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    let mut parts = path.components().map(Component::as_os_str);
    let is_check = parts.any(|part| part == "tests" || part == "benches");
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    !NOT_CODE.contains(&ending)
        && !is_check
        && !matches!(name, "Cargo.toml" | "build.rs" | "tests.rs")
        && !name.starts_with('.')
}

/// Package → version, from Cargo.lock.
fn versions(lock: &str) -> BTreeMap<String, String> {
    let quoted = |line: &str| line.split('"').nth(1).map(str::to_owned);
    let mut versions = BTreeMap::new();
    let mut name = None;
    for line in lock.lines() {
        if line.starts_with("name = ") {
            name = quoted(line);
        } else if line.starts_with("version = ")
            && let (Some(name), Some(version)) = (name.take(), quoted(line))
        {
            versions.insert(name, version);
        }
    }
    versions
}
