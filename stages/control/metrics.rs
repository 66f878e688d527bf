use std::collections::BTreeMap;

use kaslite_stats::{Interval, Paired};
use serde::Serialize;

use crate::control::arm::Arm;
use crate::control::contribution::{Accuracies, Agreement, Contribution, paired};
use crate::control::control_run::ControlRun;

/// `metrics.json`: what growth caused, in shares of the validation accuracy of the last epoch. What
/// was not measured is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Metrics {
    runs: Runs,
    accuracy: Arms,
    growth: Growth,
    /// By slot.
    slots: BTreeMap<String, Slot>,
    /// What a reader has to know.
    notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Runs {
    rng_seeds: Vec<i64>,
    done: usize,
    failed: usize,
    /// Run → why it failed.
    failures: BTreeMap<String, String>,
}

/// Mean over the rng seeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Arms {
    grown: Average,
    host_only: Average,
    host_continued: Average,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Average {
    n: usize,
    mean: Option<f64>,
    interval: Option<Interval>,
}

/// The run that may grow minus those in which nothing grows.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Growth {
    /// After the warm-up the host stays as it is, as it does while seeds grow.
    against_host_only: Option<Paired>,
    /// The host learns when the seeds of the run that may grow did, at the same learning rates.
    against_host_continued: Option<Paired>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Slot {
    /// In how many of the `runs` that may grow it did. What follows is of the pairs among these, of
    /// which `causal.n` tells the number.
    grown_in: usize,
    runs: usize,
    causal: Option<Paired>,
    removal_cost: Option<f64>,
    removal_interval: Option<Interval>,
    confounding_gap: Option<f64>,
    agreement: Option<Agreement>,
    /// In how many of the runs without the slot another one grew that did not grow with it.
    replaced_in: Option<usize>,
    /// Which, and in how many of them.
    replaced_by: BTreeMap<String, usize>,
    /// Where cause and removal cost differ, what explains it.
    explanation: Option<String>,
}

impl Metrics {
    pub(super) fn new(
        rng_seeds: &[i64],
        runs: &[ControlRun],
        accuracies: &Accuracies,
        contributions: &[Contribution],
    ) -> Self {
        let done = runs.iter().filter(|run| run.result.is_ok()).count();
        let mean = |arm| Average::of(accuracies, rng_seeds, arm);
        let against = |arm| paired(accuracies, rng_seeds, arm);
        let slot = |one: &Contribution| (one.slot.to_string(), Slot::of(one));
        let growth = Growth {
            against_host_only: against(Arm::HostOnly),
            against_host_continued: against(Arm::HostContinued),
        };
        Self {
            accuracy: Arms {
                grown: mean(Arm::Grown),
                host_only: mean(Arm::HostOnly),
                host_continued: mean(Arm::HostContinued),
            },
            notes: notes(rng_seeds, accuracies, &growth, contributions),
            growth,
            slots: contributions.iter().map(slot).collect(),
            runs: Runs {
                rng_seeds: rng_seeds.to_vec(),
                done,
                failed: runs.len() - done,
                failures: runs.iter().filter_map(failure).collect(),
            },
        }
    }

    /// As a line of the log.
    pub(super) fn summary(&self) -> String {
        let Runs { done, failed, .. } = &self.runs;
        let failed = match failed {
            0 => String::new(),
            failed => format!(", {failed} failed"),
        };
        let Growth {
            against_host_only,
            against_host_continued,
        } = &self.growth;
        let caused = [
            ("the host alone", against_host_only),
            ("a host that learns on", against_host_continued),
        ];
        let caused = caused.map(|(against, growth)| growth.map(|one| told(&one, against)));
        let caused: Vec<String> = caused.into_iter().flatten().collect();
        if caused.is_empty() {
            return format!("{done} runs done{failed}");
        }
        format!(
            "{done} runs done{failed}; growth caused, in percentage points of accuracy, {}",
            caused.join(" and ")
        )
    }
}

/// `+4.00 (95 %: -1.91 to +9.91, n = 5) against a host that learns on`.
fn told(growth: &Paired, against: &str) -> String {
    let interval = growth.interval.map_or_else(
        || "no interval".to_owned(),
        |it| format!("95 %: {:+.2} to {:+.2}", 100.0 * it.low, 100.0 * it.high),
    );
    let (mean, n) = (100.0 * growth.mean, growth.n);
    format!("{mean:+.2} ({interval}, n = {n}) against {against}")
}

impl Average {
    fn of(accuracies: &Accuracies, rng_seeds: &[i64], arm: Arm) -> Self {
        let of_seed = |rng_seed: &i64| accuracies.get(&(arm, *rng_seed)).copied();
        let values: Vec<f64> = rng_seeds.iter().filter_map(of_seed).collect();
        let n = values.len();
        Self {
            n,
            mean: (n > 0).then(|| values.iter().sum::<f64>() / n as f64),
            interval: Interval::of_mean(&values),
        }
    }
}

impl Slot {
    fn of(one: &Contribution) -> Self {
        Self {
            grown_in: one.grown_in,
            runs: one.runs,
            causal: one.causal,
            removal_cost: one.removal_cost,
            removal_interval: one.removal_interval,
            confounding_gap: one.gap,
            agreement: one.agreement,
            replaced_in: one.replacement.as_ref().map(|found| found.replaced_in),
            replaced_by: one
                .replacement
                .iter()
                .flat_map(|found| &found.by)
                .map(|(slot, runs)| (slot.to_string(), *runs))
                .collect(),
            explanation: one.explanation(),
        }
    }
}

fn failure(run: &ControlRun) -> Option<(String, String)> {
    Some((run.name(), run.result.as_ref().err()?.clone()))
}

fn notes(
    rng_seeds: &[i64],
    accuracies: &Accuracies,
    growth: &Growth,
    contributions: &[Contribution],
) -> Vec<String> {
    let mut notes = Vec::new();
    let grew = |rng_seed: &&i64| accuracies.contains_key(&(Arm::Grown, **rng_seed));
    let (grown, failed): (Vec<&i64>, Vec<&i64>) = rng_seeds.iter().partition(grew);
    if !failed.is_empty() {
        let failed: Vec<String> = failed.into_iter().map(i64::to_string).collect();
        notes.push(format!(
            "with rng seed {} there is no host that learns on, since it learns when seeds grow, and \
             that run failed",
            failed.join(", ")
        ));
    }
    if contributions.is_empty() {
        let note = if grown.is_empty() {
            "no run in which seeds may grow came to its end"
        } else {
            "no slot grew in any run, so there is nothing that growth caused"
        };
        notes.push(note.to_owned());
    }
    if let Some(Paired { n, least_p, .. }) = growth.against_host_only
        && least_p > 0.05
    {
        notes.push(format!(
            "{n} pairs cannot give a p below {least_p}: more rng seeds are needed to reach 0.05"
        ));
    }
    notes
}
