//! [`RunIndex`]: what is known of all runs, kept in `.kaslite` so that not every record is read anew.
//!
//! The records are the truth: of each run the index has the stamps of its two files, and what has other
//! stamps is read again. The index may be removed at any time. Its columns are parsed one by one, as
//! they are asked for.

use crate::cli::error::CliError;
use crate::cli::runs::facts::{Facts, facts};
use crate::cli::runs::filter::{filter, is_part, names};
use kaslite_engine::fs;
use kaslite_engine::snapshot::Stamp;
use kaslite_engine::value::Value;
use kaslite_track::record::RunStore;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

/// Raised when what is known of a run changes, or how it is kept.
const VERSION: u32 = 2;

/// What is known of all runs.
pub(crate) struct RunIndex {
    /// The names of the runs, oldest first.
    pub(crate) ids: Vec<String>,
    head: Head,
    /// The columns, one behind the other.
    body: Vec<u8>,
}

/// The first line of the file.
#[derive(Default, Serialize, Deserialize)]
struct Head {
    version: u32,
    runs: Vec<Run>,
    /// Name → where its values stand: one for each run, null where it has none.
    columns: BTreeMap<String, Range<usize>>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Run {
    id: String,
    stamps: Stamps,
}

/// Of `config.yaml` and `summary.json`.
type Stamps = (Option<Stamp>, Option<Stamp>);

impl RunIndex {
    /// Of all records, brought up to date.
    ///
    /// # Errors
    /// A record is damaged.
    pub(crate) fn load(store: &RunStore, state_dir: &Path) -> Result<Self, CliError> {
        let path = state_dir.join("runs");
        let old = read(&path).unwrap_or_default();
        let now = stamped(store);
        if old.0.runs == now {
            return Ok(Self::new(old));
        }
        let updated = update(store, &Self::new(old), now)?;
        // Without it, all records are read again: slower, and as true. A question makes no folder.
        if state_dir.is_dir() {
            let _ = write(&path, &updated);
        }
        Ok(Self::new(updated))
    }

    fn new((head, body): (Head, Vec<u8>)) -> Self {
        let ids = head.runs.iter().map(|run| run.id.clone()).collect();
        Self { ids, head, body }
    }

    /// Every name that some run has a value of.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        self.head.columns.keys().cloned().collect()
    }

    /// What is known of each run, as far as it is `wanted`.
    pub(crate) fn facts(&self, wanted: impl Fn(&str) -> bool) -> Vec<Facts> {
        let mut all: Vec<Facts> = self.ids.iter().map(|_| Facts::new()).collect();
        for name in self.head.columns.keys().filter(|name| wanted(name)) {
            for (facts, value) in all.iter_mut().zip(self.column(name)) {
                if let Some(value) = value {
                    facts.insert(name.clone(), value);
                }
            }
        }
        all
    }

    /// The runs of which an expression is true, by their number.
    ///
    /// # Errors
    /// It is none, or asks for what no run has.
    pub(crate) fn fit(&self, expression: &str) -> Result<Vec<usize>, CliError> {
        let asked = names(expression)?;
        let facts = self.facts(|key| asked.iter().any(|name| is_part(key, name)));
        filter(&facts, expression, &self.names())
    }

    fn column(&self, name: &str) -> Vec<Option<Value>> {
        let range = self.head.columns.get(name).cloned();
        let bytes = range.and_then(|range| self.body.get(range));
        // A file that is no index has no columns: `read` has seen to that.
        let values: Option<Vec<Value>> = bytes.and_then(|bytes| serde_json::from_slice(bytes).ok());
        let values = values.unwrap_or_default().into_iter();
        values
            .map(|value| Some(value).filter(|value| !value.is_null()))
            .collect()
    }
}

/// The runs that there are, with the stamps of their files.
fn stamped(store: &RunStore) -> Vec<Run> {
    let look = |id: String| {
        let folder = store.folder().join(&id);
        let stamp = |name: &str| Stamp::look(&folder.join(name));
        let stamps = (stamp("config.yaml"), stamp("summary.json"));
        Run { id, stamps }
    };
    let ids = store.folders();
    let runs: Vec<Run> = ids.into_par_iter().map(look).collect();
    runs.into_iter()
        .filter(|run| run.stamps.0.is_some())
        .collect()
}

fn read(path: &Path) -> Option<(Head, Vec<u8>)> {
    let mut bytes = fs::read(path).ok()?;
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let head: Head = serde_json::from_slice(&bytes[..end]).ok()?;
    let body = bytes.split_off(end + 1);
    let whole = head
        .columns
        .values()
        .all(|range| range.start <= range.end && range.end <= body.len());
    (head.version == VERSION && whole).then_some((head, body))
}

/// What is known of the runs as they are now; only what changed is read.
fn update(store: &RunStore, old: &RunIndex, now: Vec<Run>) -> Result<(Head, Vec<u8>), CliError> {
    let known: BTreeMap<&String, usize> = old.ids.iter().zip(0..).collect();
    let mut before = old.facts(|_| true);
    let kept: Vec<Option<usize>> = now
        .iter()
        .map(|run| {
            known
                .get(&run.id)
                .copied()
                .filter(|row| old.head.runs[*row] == *run)
        })
        .collect();
    let fresh = now.par_iter().zip(&kept).filter(|(_, kept)| kept.is_none());
    let read = fresh.map(|(run, _)| Ok((run.id.clone(), facts(&store.load(&run.id)?))));
    let read: BTreeMap<String, Facts> = read.collect::<Result<_, CliError>>()?;
    let rows: Vec<Facts> = now
        .iter()
        .zip(&kept)
        .map(|(run, kept)| match kept {
            Some(row) => std::mem::take(&mut before[*row]),
            None => read.get(&run.id).cloned().unwrap_or_default(),
        })
        .collect();
    let names: BTreeSet<&String> = rows.iter().flat_map(Facts::keys).collect();
    let (mut columns, mut body) = (BTreeMap::new(), Vec::new());
    for name in names {
        let values: Vec<Option<&Value>> = rows.iter().map(|facts| facts.get(name)).collect();
        let start = body.len();
        // Plain data always serialises.
        body.extend(serde_json::to_vec(&values).unwrap_or_default());
        columns.insert(name.clone(), start..body.len());
    }
    let head = Head {
        version: VERSION,
        runs: now,
        columns,
    };
    Ok((head, body))
}

fn write(path: &Path, (head, body): &(Head, Vec<u8>)) -> Result<(), fs::FsError> {
    let mut bytes = serde_json::to_vec(head).unwrap_or_default();
    bytes.push(b'\n');
    bytes.extend(body);
    fs::write_atomic(path, &bytes)
}
