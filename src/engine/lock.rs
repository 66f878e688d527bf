//! [`Lock`]: what was last made, from what (`pipeline.lock`), and its journal.
//!
//! `pipeline.lock` is written once, at the end of a run. In between, every step is one appended line
//! of `.kaslite/journal-pipeline.yaml`: a stage that begins to run loses its entry, a stage that is done gets
//! its new one. A run that was killed leaves its journal; the next one folds it in first. Readers
//! overlay the journal without writing. The journal is not forced to the disk: what the power takes of it
//! leaves an older truth, and an entry counts only together with the contents of its outs.

use crate::digest::Digest;
use crate::entry::Entry;
use crate::error::EngineError;
use crate::fs::{self, FsError};
use crate::memo;
use crate::problem::{Place, Problem, Source};
use crate::project::Project;
use crate::snapshot::Stamp;
use crate::yaml;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The version of the format.
const VERSION: u32 = 1;
const HEADER: &str =
    "# What was last made, from what. Written by kaslite; commit it, do not edit it.\n";
const FOOTER: &str = "# `kaslite init --git` lets git merge this file by stage.\n";
/// How git begins a conflict.
pub(crate) const OURS: &str = "<<<<<<< ";

#[derive(Debug, Default, Deserialize)]
struct LockText {
    version: u32,
    #[serde(default)]
    stages: BTreeMap<String, Entry>,
}

/// One line of the journal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Step {
    Begin { stage: String },
    Done { stage: String, entry: Box<Entry> },
}

#[derive(Debug, Default)]
struct Inner {
    entries: BTreeMap<String, Entry>,
    /// As `pipeline.lock` has them.
    written: BTreeMap<String, Entry>,
    journal: Option<File>,
}

/// What was last made, from what.
#[derive(Debug)]
pub struct Lock {
    name: String,
    /// As the file was before it was read.
    stamp: Option<Stamp>,
    path: PathBuf,
    /// Where its temp files lie.
    temp: PathBuf,
    journal: PathBuf,
    inner: Mutex<Inner>,
}

impl Lock {
    /// Reads the lock and overlays the journal of a run that was killed.
    ///
    /// # Errors
    /// [`EngineError::Lock`] with the line, where the file is damaged or holds conflict markers.
    pub fn load(project: &Project) -> Result<Self, EngineError> {
        let path = project.lock_path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let stamp = Stamp::look(&path);
        let written = match fs::read_if_exists(&path)? {
            Some(text) => remembered(project, &name, &text)?,
            None => BTreeMap::new(),
        };
        let journal = project.own_state("journal");
        let mut entries = written.clone();
        for line in journal_text(&journal)?.lines() {
            // A line cut off by a crash is the last one, and says nothing that was promised.
            match serde_json::from_str(line) {
                Ok(Step::Begin { stage }) => {
                    entries.remove(&stage);
                }
                Ok(Step::Done { stage, entry }) => {
                    entries.insert(stage, *entry);
                }
                Err(_) => break,
            }
        }
        Ok(Self {
            name,
            stamp,
            temp: project.temp_dir(),
            path,
            journal,
            inner: Mutex::new(Inner {
                entries,
                written,
                journal: None,
            }),
        })
    }

    /// The lock file's name, and its stamp before it was read.
    pub(crate) fn input(&self) -> (String, Option<Stamp>) {
        (self.name.clone(), self.stamp)
    }

    /// The entry of a stage.
    pub fn get(&self, stage: &str) -> Option<Entry> {
        self.inner().entries.get(stage).cloned()
    }

    /// The names of all stages with an entry.
    pub fn names(&self) -> Vec<String> {
        self.inner().entries.keys().cloned().collect()
    }

    /// All entries, by stage.
    pub fn entries(&self) -> BTreeMap<String, Entry> {
        self.inner().entries.clone()
    }

    /// All entries, and those that a run which was killed has taken back: their outs may be good.
    pub fn needed(&self) -> Vec<Entry> {
        let inner = self.inner();
        let all = inner.entries.values().chain(inner.written.values());
        all.cloned().collect()
    }

    /// Before a stage runs: whatever happens now, its outs are not known to be right.
    pub fn invalidate(&self, stage: &str) -> Result<(), FsError> {
        self.append(&Step::Begin {
            stage: stage.to_owned(),
        })?;
        self.inner().entries.remove(stage);
        Ok(())
    }

    /// After a stage is done, and its outs are in place.
    pub fn record(&self, stage: &str, entry: Entry) -> Result<(), FsError> {
        let step = Step::Done {
            stage: stage.to_owned(),
            entry: Box::new(entry.clone()),
        };
        self.append(&step)?;
        self.inner().entries.insert(stage.to_owned(), entry);
        Ok(())
    }

    /// Drops the entries of stages that are no longer in the pipeline.
    pub fn retain(&self, keep: impl Fn(&str) -> bool) {
        self.inner().entries.retain(|name, _| keep(name));
    }

    /// Writes `pipeline.lock`, where it would differ, and ends the journal.
    pub fn fold(&self) -> Result<(), FsError> {
        let mut inner = self.inner();
        if inner.entries != inner.written {
            fs::write_through(&self.temp, &self.path, text(&inner.entries).as_bytes())?;
            inner.written = inner.entries.clone();
        }
        inner.journal = None;
        fs::remove(&self.journal)
    }

    fn append(&self, step: &Step) -> Result<(), FsError> {
        let mut inner = self.inner();
        if inner.journal.is_none() {
            fs::create_parent(&self.journal)?;
            let open = OpenOptions::new()
                .create(true)
                .append(true)
                .open(&self.journal);
            inner.journal = Some(fs::at("open", &self.journal, open)?);
        }
        let mut line = serde_json::to_vec(step).unwrap_or_default();
        line.push(b'\n');
        if let Some(journal) = &mut inner.journal {
            let written = journal.write_all(&line);
            fs::at("write", &self.journal, written)?;
        }
        Ok(())
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The journal, which a crash may have cut off within a character.
fn journal_text(path: &Path) -> Result<String, FsError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(FsError::new("read", path, error)),
    }
}

/// The entries of the lock, parsed once for each content it has.
fn remembered(
    project: &Project,
    name: &str,
    text: &str,
) -> Result<BTreeMap<String, Entry>, EngineError> {
    let path = project.own_state("lock-memo");
    let key = Digest::of(text.as_bytes());
    if let Some(entries) = memo::load(&path, &key) {
        return Ok(entries);
    }
    let entries = parse(name, text)?;
    if !entries.is_empty() {
        memo::store(&path, &key, &entries);
    }
    Ok(entries)
}

/// The entries of a lock file's text.
pub fn parse(name: &str, text: &str) -> Result<BTreeMap<String, Entry>, EngineError> {
    let source = Source {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let line_of = |line: usize| Place {
        line,
        column: 1,
        width: 1,
    };
    if let Some(index) = text.lines().position(|line| line.starts_with(OURS)) {
        let problem = Problem::at(
            &source,
            line_of(index + 1),
            "the lock holds an unfinished merge",
        );
        let hint = "type `kaslite git-merge-lock`: it takes what either side made, stage by stage; \
                    `kaslite init --git` does so at each merge to come";
        return Err(EngineError::Lock(problem.hint(hint)));
    }
    let damaged = |(message, place): (String, Place)| {
        let problem = Problem::at(&source, place, format!("the lock is damaged: {message}"));
        EngineError::Lock(
            problem.hint("delete it: what is cached is restored, the rest runs again"),
        )
    };
    let lock: LockText = yaml::from_text(text).map_err(damaged)?;
    if lock.version != VERSION {
        let message = format!(
            "the lock has version {}, this kaslite knows {VERSION}",
            lock.version
        );
        let problem = Problem::at(&source, line_of(1), message);
        return Err(EngineError::Lock(
            problem.hint("update kaslite, or delete the lock to make all anew"),
        ));
    }
    Ok(lock.stages)
}

/// The text of a lock. A line that stays parts each entry from the next, and the last one from the end:
/// so git merges branches that changed neighbouring stages, or added one beside a changed one.
pub(crate) fn text(entries: &BTreeMap<String, Entry>) -> String {
    let mut text = format!("{HEADER}version: {VERSION}\n");
    if entries.is_empty() {
        return text + "stages: {}\n";
    }
    text += "stages:\n";
    for (name, entry) in entries {
        for line in yaml::to_text(&BTreeMap::from([(name, entry)])).split_inclusive('\n') {
            if !line.trim_end_matches('\n').is_empty() {
                text += "  ";
            }
            text += line;
        }
        // A text that ends in empty lines would take one more for its own.
        if !text.ends_with("\n\n") {
            text.push('\n');
        }
    }
    text + FOOTER
}
