use kaslite_stats::{EqualSize, Interval, Paired, Size};
use serde::Serialize;

use crate::size_curve::plan::Plan;
use crate::size_curve::sized_run::SizedRun;
use crate::size_curve::sizes::{self, Group, Sizes};

/// Weights for which [`Worth::accuracy_for_10k_weights`] counts.
const TEN_THOUSAND: f64 = 1e4;

/// `metrics.json`: how large a host without growth is as accurate as the network that grew, and what the
/// weights are worth. Accuracies are shares, of the last epoch. What was not measured is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Metrics {
    runs: Runs,
    grown: Option<Point>,
    /// Hosts of the grown network's own width.
    baseline: Option<Point>,
    /// The size of such a host, in weights.
    equivalent_traditional_params: Equivalent,
    worth: Worth,
    /// What a reader has to know.
    notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Runs {
    rng_seeds: Vec<i64>,
    done: usize,
    failed: usize,
}

/// Mean over the rng seeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Point {
    n: usize,
    parameters: f64,
    accuracy: f64,
    interval: Option<Interval>,
}

/// `within_range` with the number, `below_range` or `above_range` of what was trained, or
/// `not_measured`; so for the ends of its interval of 95 %.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Equivalent {
    status: &'static str,
    size: Option<f64>,
    low: End,
    high: End,
    /// The smallest host that was trained.
    smallest: Option<f64>,
    /// The largest.
    largest: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct End {
    status: &'static str,
    size: Option<f64>,
}

/// What the weights of the grown network are worth beside those of a host of its width.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Worth {
    /// Its accuracy minus the host's.
    accuracy_delta: Option<Paired>,
    /// Accuracy by weights, relative to the host's.
    params_efficiency_ratio: Option<f64>,
    /// What 10,000 added weights bring; null where none was added.
    accuracy_for_10k_weights: Option<f64>,
}

impl Metrics {
    pub(super) fn new(plan: &Plan, runs: &[SizedRun], sizes: &Sizes) -> Self {
        let done = runs.iter().filter(|run| run.result.is_ok()).count();
        let own = sizes.at(plan.own_width);
        let baseline = own.map(|size| &size.hosts);
        let delta = own.and_then(|size| size.difference);
        Self {
            runs: Runs {
                rng_seeds: plan.rng_seeds.clone(),
                done,
                failed: runs.len() - done,
            },
            grown: sizes.grown.as_ref().map(Point::of),
            baseline: baseline.map(Point::of),
            equivalent_traditional_params: Equivalent::of(sizes),
            worth: Worth::of(sizes.grown.as_ref(), baseline, delta),
            notes: notes(runs, sizes),
        }
    }

    /// As a line of the log.
    pub(super) fn summary(&self) -> String {
        let Runs { done, failed, .. } = &self.runs;
        let failed = match failed {
            0 => String::new(),
            failed => format!(", {failed} failed"),
        };
        let equivalent = &self.equivalent_traditional_params;
        let size = equivalent.size.map_or_else(
            || equivalent.status.replace('_', " "),
            |it| format!("{it:.0} weights"),
        );
        format!("{done} runs done{failed}; a host as accurate as what grew: {size}")
    }
}

impl Point {
    fn of(group: &Group) -> Self {
        Self {
            n: group.count(),
            parameters: group.parameters,
            accuracy: group.accuracy(),
            interval: group.interval(),
        }
    }
}

impl Equivalent {
    fn of(sizes: &Sizes) -> Self {
        let end = |of: fn(&EqualSize) -> Option<Size>| End::of(sizes.equal.as_ref().and_then(of));
        let End { status, size } = end(|equal| Some(equal.estimate));
        let weights = |size: Option<&sizes::Size>| Some(size?.hosts.parameters);
        Self {
            status,
            size,
            low: end(|equal| equal.low),
            high: end(|equal| equal.high),
            smallest: weights(sizes.hosts.first()),
            largest: weights(sizes.hosts.last()),
        }
    }
}

impl End {
    fn of(size: Option<Size>) -> Self {
        let status = match size {
            Some(Size::BelowRange) => "below_range",
            Some(Size::WithinRange(_)) => "within_range",
            Some(Size::AboveRange) => "above_range",
            None => "not_measured",
        };
        Self {
            status,
            size: size.and_then(Size::number),
        }
    }
}

impl Worth {
    fn of(grown: Option<&Group>, host: Option<&Group>, accuracy_delta: Option<Paired>) -> Self {
        let both = grown.zip(host);
        let by_weights = |group: &Group| group.accuracy() / group.parameters;
        let ratio = both.map(|(grown, host)| by_weights(grown) / by_weights(host));
        let added = both.map(|(grown, host)| grown.parameters - host.parameters);
        let brought = accuracy_delta.zip(added.filter(|added| *added > 0.0));
        Self {
            accuracy_delta,
            params_efficiency_ratio: ratio.filter(|ratio| ratio.is_finite()),
            accuracy_for_10k_weights: brought
                .map(|(delta, added)| TEN_THOUSAND * delta.mean / added),
        }
    }
}

fn notes(runs: &[SizedRun], sizes: &Sizes) -> Vec<String> {
    let mut notes = Vec::new();
    if sizes.grown.is_none() {
        notes.push(
            "no run of the network that grows succeeded, so there is nothing to be as accurate as"
                .to_owned(),
        );
    } else if sizes.equal.is_none() {
        notes.push(
            "hosts of fewer than two widths can be compared with the network that grew".to_owned(),
        );
    }
    for run in runs {
        if let Err(reason) = &run.result {
            notes.push(format!("{}, rng seed {}: {reason}", run.kind, run.rng_seed));
        }
    }
    notes
}
