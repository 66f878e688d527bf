//! [`LockMerge`]: two versions of a lock made one, stage by stage.
//!
//! An entry says "from this, that was made", and is checked against what is on disk before it counts. So
//! an entry of either side is true, and an entry too few costs no more than a look into the cache or a
//! run: no merge can make a stage look fresh that is not.

use crate::entry::Entry;
use crate::error::EngineError;
use crate::lock::{OURS, parse, text};
use std::collections::{BTreeMap, BTreeSet};

const BASE: &str = "||||||| ";
const PARTING: &str = "=======";
const THEIRS: &str = ">>>>>>> ";

/// Two versions of a lock made one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockMerge {
    /// The text of the merged lock.
    pub text: String,
    /// The stages that both sides changed, each in its own way: they have no entry any more.
    pub dropped: Vec<String>,
}

impl LockMerge {
    /// Merges `ours` and `theirs`, which both come from `base`; an empty text is a lock without stages.
    ///
    /// # Errors
    /// One of them is damaged, holds conflict markers, or is of a version this program does not know.
    pub fn of(name: &str, base: &str, ours: &str, theirs: &str) -> Result<Self, EngineError> {
        let read = |text: &str| match text.trim() {
            "" => Ok(BTreeMap::new()),
            _ => parse(name, text),
        };
        Ok(three_way(Some(&read(base)?), &read(ours)?, &read(theirs)?))
    }

    /// Merges the two sides of a lock that git left with conflict markers. `None` where it has none.
    ///
    /// # Errors
    /// What is between the markers is no lock.
    pub fn of_conflict(name: &str, conflict: &str) -> Result<Option<Self>, EngineError> {
        if !conflict.lines().any(|line| line.starts_with(OURS)) {
            return Ok(None);
        }
        let (ours, theirs) = sides(conflict);
        let (ours, theirs) = (parse(name, &ours)?, parse(name, &theirs)?);
        Ok(Some(three_way(None, &ours, &theirs)))
    }
}

fn three_way(
    base: Option<&BTreeMap<String, Entry>>,
    ours: &BTreeMap<String, Entry>,
    theirs: &BTreeMap<String, Entry>,
) -> LockMerge {
    let (mut merged, mut dropped) = (BTreeMap::new(), Vec::new());
    let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    for name in names {
        let (our, their) = (ours.get(name), theirs.get(name));
        let entry = match base.map(|base| base.get(name)) {
            _ if our == their => our,
            Some(old) if our == old => their,
            Some(old) if their == old => our,
            // What was there before is not known: an entry of one side is as good as any.
            None if our.is_none() || their.is_none() => our.or(their),
            Some(_) | None => {
                dropped.push(name.clone());
                None
            }
        };
        merged.extend(entry.map(|entry| (name.clone(), entry.clone())));
    }
    LockMerge {
        text: text(&merged),
        dropped,
    }
}

/// The two texts that conflict markers part.
fn sides(conflict: &str) -> (String, String) {
    #[derive(Clone, Copy)]
    enum Part {
        Both,
        Ours,
        Base,
        Theirs,
    }
    let (mut ours, mut theirs) = (String::new(), String::new());
    let mut part = Part::Both;
    for line in conflict.split_inclusive('\n') {
        if line.starts_with(OURS) {
            part = Part::Ours;
        } else if line.starts_with(BASE) {
            part = Part::Base;
        } else if line.trim_end() == PARTING {
            part = Part::Theirs;
        } else if line.starts_with(THEIRS) {
            part = Part::Both;
        } else {
            if matches!(part, Part::Both | Part::Ours) {
                ours += line;
            }
            if matches!(part, Part::Both | Part::Theirs) {
                theirs += line;
            }
        }
    }
    (ours, theirs)
}
