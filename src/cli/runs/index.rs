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
use serde::de::{DeserializeSeed, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
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
        let all: Vec<usize> = (0..self.ids.len()).collect();
        self.facts_of(&all, wanted)
    }

    /// What is known of some runs, by their number, the smallest first; as far as it is `wanted`.
    pub(crate) fn facts_of(&self, rows: &[usize], wanted: impl Fn(&str) -> bool) -> Vec<Facts> {
        let names: Vec<&String> = self
            .head
            .columns
            .keys()
            .filter(|name| wanted(name))
            .collect();
        let column = |name: &&String| self.column(name, rows);
        let columns: Vec<Vec<Option<Value>>> = names.par_iter().map(column).collect();
        let mut all: Vec<Facts> = rows.iter().map(|_| Facts::new()).collect();
        for (name, column) in names.into_iter().zip(columns) {
            for (facts, value) in all.iter_mut().zip(column) {
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

    /// The values of a column in some rows; none where the column is not there or is damaged.
    fn column(&self, name: &str, rows: &[usize]) -> Vec<Option<Value>> {
        let range = self.head.columns.get(name).cloned();
        let bytes = range.and_then(|range| self.body.get(range));
        let values = bytes.and_then(|bytes| {
            let mut text = serde_json::Deserializer::from_slice(bytes);
            Cells(rows).deserialize(&mut text).ok()
        });
        let mut values: Vec<Option<Value>> = values.unwrap_or_default();
        values.resize(rows.len(), None);
        values
    }
}

/// The cells of a column in these rows; what lies between them is passed over.
struct Cells<'a>(&'a [usize]);

impl<'de> DeserializeSeed<'de> for Cells<'_> {
    type Value = Vec<Option<Value>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Cells<'_> {
    type Value = Vec<Option<Value>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a column")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut cells: A) -> Result<Self::Value, A::Error> {
        let mut found = Vec::with_capacity(self.0.len());
        let mut row = 0;
        for wanted in self.0 {
            while row < *wanted && cells.next_element::<IgnoredAny>()?.is_some() {
                row += 1;
            }
            found.push(cells.next_element::<Option<Value>>()?.flatten());
            row += 1;
        }
        while cells.next_element::<IgnoredAny>()?.is_some() {}
        Ok(found)
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
    let fresh = read.values().flat_map(Facts::keys).cloned();
    let names: BTreeSet<String> = old.names().into_iter().chain(fresh).collect();
    let before: Vec<usize> = (0..old.ids.len()).collect();
    let column = |name: String| {
        let old = old.column(&name, &before);
        let value = |(run, kept): (&Run, &Option<usize>)| match kept {
            Some(row) => old[*row].as_ref(),
            None => read.get(&run.id).and_then(|facts| facts.get(&name)),
        };
        let values: Vec<Option<&Value>> = now.iter().zip(&kept).map(value).collect();
        let some = values.iter().any(Option::is_some);
        // Plain data always serialises.
        some.then(|| {
            (
                name.clone(),
                serde_json::to_vec(&values).unwrap_or_default(),
            )
        })
    };
    let texts: Vec<Option<(String, Vec<u8>)>> = names.into_par_iter().map(column).collect();
    let (mut columns, mut body) = (BTreeMap::new(), Vec::new());
    for (name, text) in texts.into_iter().flatten() {
        let start = body.len();
        body.extend(text);
        columns.insert(name, start..body.len());
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
