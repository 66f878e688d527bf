//! [`RunLog`]: `logs/train.log`, everything that a run said.

use jiff::Zoned;
use kaslite_engine::event::Event;
use kaslite_engine::fs::{self, FsError};
use kaslite_engine::stale::StaleReason;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::record::component::Components;
use crate::record::said::Said;
use crate::record::speaker::Speaker;

/// Everything that a run said, whatever the terminal showed: a line has a time, a level, the stage and
/// what it is about.
#[derive(Debug)]
pub(super) struct RunLog {
    file: File,
    path: PathBuf,
    speaker: Speaker,
}

impl RunLog {
    /// In the folder of a run, behind what is there.
    pub(super) fn open(
        folder: &Path,
        describe: fn(&StaleReason) -> String,
    ) -> Result<Self, FsError> {
        let path = folder.join("logs/train.log");
        fs::create_parent(&path)?;
        let opened = OpenOptions::new().create(true).append(true).open(&path);
        Ok(Self {
            file: opened.map_err(|error| FsError::new("open", &path, error))?,
            path,
            speaker: Speaker::new(describe),
        })
    }

    /// Says what happened.
    pub(super) fn take(&mut self, event: &Event) -> Result<(), FsError> {
        match self.speaker.say(event) {
            Some(said) => self.write(&said),
            None => Ok(()),
        }
    }

    /// Says of every optional part how it went. No event tells of it, so it is traced here.
    pub(super) fn components(&mut self, components: &Components) -> Result<(), FsError> {
        for said in Said::of_components(components) {
            said.trace();
            self.write(&said)?;
        }
        Ok(())
    }

    fn write(&mut self, said: &Said<'_>) -> Result<(), FsError> {
        let time = Zoned::now().strftime("%Y-%m-%d %H:%M:%S%.3f");
        let level = said.level.word();
        let about = said
            .stage
            .map_or_else(String::new, |stage| format!("{stage}: "));
        let mut lines = String::new();
        for line in said.lines() {
            // A String takes any text.
            let _ = writeln!(lines, "{time} {level:<7} {about}{line}");
        }
        let written = self.file.write_all(lines.as_bytes());
        written.map_err(|error| FsError::new("write", &self.path, error))
    }
}
