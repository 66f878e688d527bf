use crate::origins::made_by::MadeBy;
use kaslite_engine::entry::Entry;
use kaslite_engine::lock;
use kaslite_track::record::{RunRecord, RunStore};
use std::collections::BTreeMap;
use std::path::Path;

/// How many runs are looked at, the newest first.
const LOOKED_AT: usize = 200;

/// Run records, read one after the other as far as it takes.
pub(super) struct Records<'a> {
    store: RunStore,
    locks: &'a [String],
    /// Those not yet read, the newest last.
    unread: Vec<String>,
    read: Vec<(RunRecord, BTreeMap<String, Entry>)>,
}

impl<'a> Records<'a> {
    /// Of the project at `root`; those after `last` left out, where one is named.
    pub(super) fn new(root: &Path, locks: &'a [String], last: Option<&str>) -> Self {
        let store = RunStore::new(root);
        let mut unread = store.ids();
        if let Some(at) = unread.iter().position(|id| Some(id.as_str()) == last) {
            unread.truncate(at + 1);
        }
        unread.drain(..unread.len().saturating_sub(LOOKED_AT));
        Self {
            store,
            locks,
            unread,
            read: Vec::new(),
        }
    }

    /// The newest run in which the stage ran and left this.
    pub(super) fn maker(&mut self, stage: &str, entry: &Entry) -> Option<MadeBy> {
        let mut at = 0;
        loop {
            while let Some((run, entries)) = self.read.get(at) {
                if entries.get(stage) == Some(entry) && has_run(run, stage) {
                    return MadeBy::of(run, false, self.locks);
                }
                at += 1;
            }
            self.read_next()?;
        }
    }

    /// Reads one more; `None` where there is none. A record that cannot be read tells nothing.
    fn read_next(&mut self) -> Option<()> {
        loop {
            let id = self.unread.pop()?;
            let Ok(run) = self.store.load(&id) else {
                continue;
            };
            let Ok(Some(text)) = run.lock() else {
                continue;
            };
            if let Ok(entries) = lock::parse(&id, &text) {
                self.read.push((run, entries));
                return Some(());
            }
        }
    }
}

/// Whether the stage ran there, and its outs were not there before or restored.
fn has_run(run: &RunRecord, stage: &str) -> bool {
    let stages = run.summary.iter().flat_map(|summary| &summary.stages);
    stages
        .filter(|one| one.stage == stage)
        .any(|one| one.outcome == "done")
}
