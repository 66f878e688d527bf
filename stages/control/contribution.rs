use std::collections::BTreeMap;

use kaslite_nn::SeedId;
use kaslite_stats::{Interval, Paired, Summary};
use serde::Serialize;

use crate::control::arm::Arm;
use crate::control::control_run::ControlRun;
use crate::control::replacement::{Grown, Replacement};

/// A gap of so many percentage points is worth a note, and one of so many makes the removal cost
/// unreliable (esper-lite's expert review, "Causal vs removal").
const NOTABLE: f64 = 0.01;
const UNRELIABLE: f64 = 0.03;

/// What switching a seed off says beside what it caused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Agreement {
    /// Less than a percentage point apart.
    Agrees,
    /// Less than three.
    Differs,
    /// Three or more: the removal cost says nothing of the cause.
    Unreliable,
}

impl Agreement {
    fn of(gap: f64) -> Self {
        match gap.abs() {
            gap if gap < NOTABLE => Self::Agrees,
            gap if gap < UNRELIABLE => Self::Differs,
            _ => Self::Unreliable,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Differs => "differs",
            Self::Unreliable => "unreliable",
        }
    }
}

/// What one slot caused, in shares of the accuracy.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Contribution {
    pub(super) slot: SeedId,
    /// In how many of the runs it grew.
    pub(super) grown_in: usize,
    /// How many runs there are that may grow and did not fail.
    pub(super) runs: usize,
    /// The run that may grow minus that in which the slot is disabled, over the rng seeds with which it
    /// grew: where it never grew the two are the same run, which tells nothing of it.
    pub(super) causal: Option<Paired>,
    /// What switching it off costs in the same trained networks; where there are no runs without the
    /// slot, in all that have it.
    pub(super) removal_cost: Option<f64>,
    pub(super) removal_interval: Option<Interval>,
    /// `causal` − `removal_cost`.
    pub(super) gap: Option<f64>,
    pub(super) agreement: Option<Agreement>,
    /// What grew in its place where it was disabled; none where there is no such run.
    pub(super) replacement: Option<Replacement>,
}

/// Every run by arm and rng seed.
pub(super) type Accuracies = BTreeMap<(Arm, i64), f64>;

/// The accuracy of each run that did not fail.
pub(super) fn accuracies(runs: &[ControlRun]) -> Accuracies {
    let value = |run: &ControlRun| Some(((run.arm, run.rng_seed), run.accuracy()?));
    runs.iter().filter_map(value).collect()
}

/// The run that may grow against another arm, over the rng seeds for which neither failed.
pub(super) fn paired(accuracies: &Accuracies, rng_seeds: &[i64], other: Arm) -> Option<Paired> {
    let difference = |rng_seed: &i64| {
        let grown = accuracies.get(&(Arm::Grown, *rng_seed))?;
        Some(grown - accuracies.get(&(other, *rng_seed))?)
    };
    let differences: Vec<f64> = rng_seeds.iter().filter_map(difference).collect();
    Paired::of(&differences)
}

/// For each rng seed whose run that may grow did not fail, what each grown slot's removal costs.
pub(super) type Costs = BTreeMap<i64, BTreeMap<SeedId, f64>>;

impl Contribution {
    /// Of one slot. `lesions` says whether there are runs in which it is disabled: one that failed takes
    /// its pair out of both cause and cost. `grown` has the slots that grew in them.
    pub(super) fn of(
        slot: SeedId,
        accuracies: &Accuracies,
        costs: &Costs,
        grown: &Grown,
        lesions: bool,
    ) -> Self {
        let removed = |(rng_seed, costs): (&i64, &BTreeMap<SeedId, f64>)| {
            let cost = costs.get(&slot)?;
            let with = accuracies.get(&(Arm::Grown, *rng_seed))?;
            let without = accuracies.get(&(Arm::Lesion(slot), *rng_seed));
            Some((without.map(|without| with - without), *cost))
        };
        let removed: Vec<(Option<f64>, f64)> = costs.iter().filter_map(removed).collect();
        let differences: Vec<f64> = removed.iter().filter_map(|(caused, _)| *caused).collect();
        let told = removed
            .iter()
            .filter(|(caused, _)| caused.is_some() || !lesions);
        let removal: Vec<f64> = told.map(|(_, cost)| *cost).collect();
        let causal = Paired::of(&differences);
        let removal_cost = Summary::of(&removal).mean;
        let gap = causal
            .zip(removal_cost)
            .map(|(causal, cost)| causal.mean - cost);
        Self {
            slot,
            grown_in: removed.len(),
            runs: costs.len(),
            causal,
            removal_cost,
            removal_interval: Interval::of_mean(&removal),
            gap,
            agreement: gap.map(Agreement::of),
            replacement: Replacement::of(slot, costs, grown),
        }
    }

    /// Why cause and removal cost differ, as a fragment; none where they do not. The host cannot have
    /// adapted to the seed, since it is frozen while seeds grow: either another slot does in the runs
    /// without it what this one does, or the seeds beside it have learnt with it.
    pub(super) fn explanation(&self) -> Option<String> {
        let gap = match self.agreement? {
            Agreement::Agrees => return None,
            Agreement::Differs | Agreement::Unreliable => self.gap?,
        };
        let replacement = self.replacement.as_ref()?;
        if replacement.replaced_in > 0 {
            return Some(replacement.to_string());
        }
        let learnt = if gap < 0.0 {
            "have learnt with it and rely on it"
        } else {
            "do its work when it is switched off"
        };
        replacement
            .beside
            .then(|| format!("no other slot grew in its place, but the seeds beside it {learnt}"))
    }
}
