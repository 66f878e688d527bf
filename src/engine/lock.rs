//! [`Lock`]: what was last made, from what (`pipeline.lock`), and its journal.
//!
//! `pipeline.lock` is written once, at the end of a run. In between, every step is one appended line
//! of `.kaslite/journal-pipeline.yaml`: a stage that begins to run loses its entry, a stage that is done gets
//! its new one. A run that was killed leaves its journal; the next one folds it in first. Readers
//! overlay the journal without writing. The journal is not forced to the disk: what the power takes of it
//! leaves an older truth, and an entry counts only together with the contents of its outs.
//! Several runs at once share the journal: each writes when it is its turn.

use crate::entry::Entry;
use crate::error::EngineError;
use crate::fs::{self, FsError};
use crate::lock_files::{Entries, LockFiles};
use crate::lock_text;
use crate::pipeline_files::PipelineFiles;
use crate::problem::{Place, Problem, Source};
use crate::project::Project;
use crate::snapshot::Stamp;
use crate::turn::Turn;
use crate::yaml;
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

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

/// What was read, and how far.
#[derive(Debug, Default)]
struct Inner {
    entries: Entries,
    /// As `pipeline.lock` has them.
    written: Entries,
    /// The stamps of the lock files before they were read.
    stamps: Vec<(String, Option<Stamp>)>,
    /// Stages that began and are not known to have ended.
    begun: BTreeSet<String>,
    /// The stamp of the journal before it was read.
    journal: Option<Stamp>,
}

/// What was last made, from what.
#[derive(Debug)]
pub struct Lock {
    project: Project,
    files: LockFiles,
    journal: PathBuf,
    inner: Mutex<Inner>,
}

impl Lock {
    /// Reads the lock and overlays the journal of runs that go on or were killed.
    ///
    /// # Errors
    /// [`EngineError::Lock`] with the line, where the file is damaged or holds conflict markers.
    pub fn load(project: &Project) -> Result<Self, EngineError> {
        Self::of(project, &PipelineFiles::find(project))
    }

    /// The same, where the pipeline files are known.
    pub(crate) fn of(project: &Project, files: &PipelineFiles) -> Result<Self, EngineError> {
        let lock = Self {
            project: project.clone(),
            files: LockFiles::new(project, files),
            journal: project.own_state("journal"),
            inner: Mutex::default(),
        };
        let inner = lock.read()?;
        *lock.inner() = inner;
        Ok(lock)
    }

    /// The lock files, each with its stamp before it was read.
    pub(crate) fn inputs(&self) -> Vec<(String, Option<Stamp>)> {
        self.inner().stamps.clone()
    }

    /// The entry of a stage.
    pub fn get(&self, stage: &str) -> Option<Arc<Entry>> {
        self.inner().entries.get(stage).cloned()
    }

    /// The names of all stages with an entry.
    pub fn names(&self) -> Vec<String> {
        self.inner().entries.keys().cloned().collect()
    }

    /// All entries, by stage.
    pub fn entries(&self) -> BTreeMap<String, Entry> {
        let inner = self.inner();
        let entries = inner.entries.iter();
        entries
            .map(|(stage, entry)| (stage.clone(), Entry::clone(entry)))
            .collect()
    }

    /// All entries as the text of one lock, by the names and paths of the project.
    pub fn text(&self) -> String {
        text(&self.inner().entries)
    }

    /// All entries, and those that a run which was killed has taken back: their outs may be good.
    pub fn needed(&self) -> Vec<Entry> {
        let inner = self.inner();
        let all = inner.entries.values().chain(inner.written.values());
        all.map(|entry| Entry::clone(entry)).collect()
    }

    /// Whether a stage began, here or in another process, and did not end.
    pub(crate) fn has_begun(&self, stage: &str) -> bool {
        self.inner().begun.contains(stage)
    }

    /// The stages that began, here or in another process, and did not end.
    pub(crate) fn begun(&self) -> BTreeSet<String> {
        self.inner().begun.clone()
    }

    /// Learns what other processes have recorded.
    ///
    /// # Errors
    /// As [`Lock::load`].
    pub(crate) fn refresh(&self) -> Result<(), EngineError> {
        let mut inner = self.inner();
        let as_before =
            self.files.stamps() == inner.stamps && Stamp::look(&self.journal) == inner.journal;
        if !as_before {
            *inner = self.read()?;
        }
        Ok(())
    }

    /// Before a stage runs: whatever happens now, its outs are not known to be right.
    pub fn invalidate(&self, stage: &str) -> Result<(), FsError> {
        self.append(Step::Begin {
            stage: stage.to_owned(),
        })
    }

    /// After a stage is done, and its outs are in place.
    pub fn record(&self, stage: &str, entry: Entry) -> Result<(), FsError> {
        self.append(Step::Done {
            stage: stage.to_owned(),
            entry: Box::new(entry),
        })
    }

    /// Writes `pipeline.lock`, where it would differ, and ends the journal; for the only process there is.
    ///
    /// # Errors
    /// As [`Lock::load`], and where it cannot be written.
    pub fn fold(&self) -> Result<(), EngineError> {
        let turn = Turn::take(&self.project)?;
        self.fold_beside(&BTreeSet::new(), |_| true, &turn)
    }

    /// The same beside others, with the entries of stages that `keep` names. Stages that others make now
    /// keep their old entry in the file, and the journal goes on to say that it is not valid.
    pub(crate) fn fold_beside(
        &self,
        others: &BTreeSet<String>,
        keep: impl Fn(&str) -> bool,
        _turn: &Turn,
    ) -> Result<(), EngineError> {
        self.refresh()?;
        let mut inner = self.inner();
        inner.entries.retain(|name, _| keep(name));
        let mut entries = inner.entries.clone();
        inner.begun.retain(|stage| others.contains(stage));
        for stage in &inner.begun {
            let old = inner.written.get(stage);
            entries.extend(old.map(|entry| (stage.clone(), entry.clone())));
        }
        if entries != inner.written {
            self.files.write(&inner.written, &entries)?;
            inner.written = entries;
            inner.stamps = self.files.stamps();
        }
        inner.journal = None;
        if inner.begun.is_empty() {
            fs::remove(&self.journal)?;
            return Ok(());
        }
        let begun = inner.begun.iter().cloned();
        let lines: Vec<u8> = begun
            .flat_map(|stage| line(&Step::Begin { stage }))
            .collect();
        fs::write_through(&self.project.temp_dir(), &self.journal, &lines)?;
        inner.journal = Stamp::look(&self.journal);
        Ok(())
    }

    fn append(&self, step: Step) -> Result<(), FsError> {
        let _turn = Turn::take(&self.project)?;
        let mut inner = self.inner();
        let known = Stamp::look(&self.journal) == inner.journal;
        let open = || {
            let mut options = OpenOptions::new();
            options.create(true).read(true).append(true);
            options.open(&self.journal)
        };
        let mut journal = fs::in_parent(&self.journal, open)?;
        let line = line(&step);
        let written = end_torn_line(&mut journal).and_then(|()| journal.write_all(&line));
        fs::at("write", &self.journal, written)?;
        inner.take(step);
        // Where another process wrote before this line, all is read again.
        if known {
            inner.journal = Stamp::look(&self.journal);
        }
        Ok(())
    }

    /// Reads all. A run that folds meanwhile changes the lock file: then it is read again.
    fn read(&self) -> Result<Inner, EngineError> {
        loop {
            let mut inner = Inner {
                stamps: self.files.stamps(),
                written: self.files.read()?,
                ..Inner::default()
            };
            inner.entries.clone_from(&inner.written);
            inner.journal = Stamp::look(&self.journal);
            let journal = journal_text(&self.journal)?;
            // A line cut off by a crash says nothing that was promised.
            for step in journal
                .lines()
                .filter_map(|line| serde_json::from_str(line).ok())
            {
                inner.take(step);
            }
            if self.files.stamps() == inner.stamps {
                return Ok(inner);
            }
        }
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The journal, which a crash may have cut off within a character.
fn journal_text(path: &Path) -> Result<String, FsError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(FsError::new("read", path, error)),
    }
}

impl Inner {
    fn take(&mut self, step: Step) {
        match step {
            Step::Begin { stage } => {
                self.entries.remove(&stage);
                self.begun.insert(stage);
            }
            Step::Done { stage, entry } => {
                self.begun.remove(&stage);
                self.entries.insert(stage, Arc::from(entry));
            }
        }
    }
}

fn line(step: &Step) -> Vec<u8> {
    let mut line = serde_json::to_vec(step).unwrap_or_default();
    line.push(b'\n');
    line
}

/// A crash can leave half a line: nothing may be written behind it.
fn end_torn_line(journal: &mut File) -> io::Result<()> {
    if journal.seek(SeekFrom::End(0))? == 0 {
        return Ok(());
    }
    let mut last = [0];
    journal.seek(SeekFrom::End(-1))?;
    journal.read_exact(&mut last)?;
    if last == *b"\n" {
        return Ok(());
    }
    journal.write_all(b"\n")
}

/// The entries of a lock file's text.
pub fn parse(name: &str, text: &str) -> Result<BTreeMap<String, Entry>, EngineError> {
    let source = || Source {
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
            &source(),
            line_of(index + 1),
            "the lock holds an unfinished merge",
        );
        let hint = "type `kaslite git-merge-lock`: it takes what either side made, stage by stage; \
                    `kaslite init --git` does so at each merge to come";
        return Err(EngineError::Lock(problem.hint(hint)));
    }
    if let Some(entries) = lock_text::entries(text) {
        return Ok(entries);
    }
    let damaged = |(message, place): (String, Place)| {
        let problem = Problem::at(&source(), place, format!("the lock is damaged: {message}"));
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
        let problem = Problem::at(&source(), line_of(1), message);
        return Err(EngineError::Lock(
            problem.hint("update kaslite, or delete the lock to make all anew"),
        ));
    }
    Ok(lock.stages)
}

/// The text of a lock. A line that stays parts each entry from the next, and the last one from the end:
/// so git merges branches that changed neighbouring stages, or added one beside a changed one.
pub(crate) fn text<E: Borrow<Entry>>(entries: &BTreeMap<String, E>) -> String {
    let mut text = format!("{HEADER}version: {VERSION}\n");
    if entries.is_empty() {
        return text + "stages: {}\n";
    }
    text += "stages:\n";
    for (name, entry) in entries {
        let entry: &Entry = entry.borrow();
        // Indented by YAML's own rules: there are more line ends than one within a text.
        let stages = BTreeMap::from([("stages", BTreeMap::from([(name, entry)]))]);
        let stages = yaml::to_text(&stages);
        text += stages.strip_prefix("stages:\n").unwrap_or(&stages);
        // A text that ends in empty lines would take one more for its own.
        if !text.ends_with("\n\n") {
            text.push('\n');
        }
    }
    text + FOOTER
}
