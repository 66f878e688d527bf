//! [`Makers`]: which stage makes a path.

use crate::rel_path::RelPath;
use crate::stage::Stage;
use std::collections::{BTreeMap, BTreeSet};

/// Out → the stage that makes it, by index. Where two stages claim one path the first counts; that is a
/// problem which the graph reports.
#[derive(Clone, Debug, Default)]
pub struct Makers(BTreeMap<RelPath, usize>);

impl Makers {
    /// The makers among these stages.
    pub fn new(stages: &[Stage]) -> Self {
        let mut makers = BTreeMap::new();
        for (index, stage) in stages.iter().enumerate() {
            for out in &stage.outs {
                makers.entry(out.path.clone()).or_insert(index);
            }
        }
        Self(makers)
    }

    /// The maker of exactly this path.
    pub fn get(&self, path: &RelPath) -> Option<usize> {
        self.0.get(path).copied()
    }

    /// The out in which `path` lies, and its maker.
    pub fn above(&self, path: &RelPath) -> Option<(&RelPath, usize)> {
        let text = path.as_str();
        text.rmatch_indices('/').find_map(|(at, _)| {
            let above = RelPath::root().join(&text[..at]);
            self.0
                .get_key_value(&above)
                .map(|(out, index)| (out, *index))
        })
    }

    /// The makers of what a dep holds: of the path itself, of a folder it lies in, of files in it.
    pub fn of(&self, path: &RelPath) -> BTreeSet<usize> {
        let mut found: BTreeSet<usize> = self.get(path).into_iter().collect();
        found.extend(self.above(path).map(|(_, index)| index));
        let below = self.0.range(path..).skip_while(|(out, _)| *out == path);
        found.extend(
            below
                .take_while(|(out, _)| out.as_str().starts_with(path.as_str()))
                .filter(|(out, _)| path.contains(out))
                .map(|(_, &index)| index),
        );
        found
    }

    /// The maker of a path or of a folder it lies in.
    pub fn whole(&self, path: &RelPath) -> Option<usize> {
        self.get(path)
            .or_else(|| self.above(path).map(|(_, index)| index))
    }
}
