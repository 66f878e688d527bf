use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use kaslite_nn::SeedId;

use crate::control::arm::Arm;
use crate::control::contribution::Costs;

/// The slots that grew, for each run that did not fail.
pub(super) type Grown = BTreeMap<(Arm, i64), BTreeSet<SeedId>>;

/// What grew in a slot's place where it was disabled from the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Replacement {
    /// Runs without the slot that came to their end.
    pub(super) runs: usize,
    /// In how many of them another slot grew that did not grow with it.
    pub(super) replaced_in: usize,
    /// Which slots these are, and in how many of the runs.
    pub(super) by: BTreeMap<SeedId, usize>,
    /// Whether other slots grew beside it in one of the runs with it.
    pub(super) beside: bool,
}

impl Replacement {
    /// Of a slot, by what grew in the runs with it and in those without it; none where there is no run
    /// without it.
    pub(super) fn of(slot: SeedId, costs: &Costs, grown: &Grown) -> Option<Self> {
        let mut found = Self::default();
        for (rng_seed, with) in costs.iter().filter(|(_, with)| with.contains_key(&slot)) {
            let Some(without) = grown.get(&(Arm::Lesion(slot), *rng_seed)) else {
                continue;
            };
            found.runs += 1;
            found.beside |= with.len() > 1;
            let instead: Vec<SeedId> = without
                .iter()
                .filter(|other| !with.contains_key(other))
                .copied()
                .collect();
            found.replaced_in += usize::from(!instead.is_empty());
            for other in instead {
                *found.by.entry(other).or_default() += 1;
            }
        }
        (found.runs > 0).then_some(found)
    }
}

impl fmt::Display for Replacement {
    /// `in 3 of 4 runs without it another slot grew in its place (seed2_1 in 3)`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            runs, replaced_in, ..
        } = self;
        let mut by: Vec<_> = self.by.iter().collect();
        by.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
        let by: Vec<String> = by
            .into_iter()
            .map(|(slot, times)| format!("{slot} in {times}"))
            .collect();
        write!(
            formatter,
            "in {replaced_in} of {runs} runs without it another slot grew in its place ({})",
            by.join(", ")
        )
    }
}
