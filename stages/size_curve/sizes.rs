use std::collections::BTreeMap;

use kaslite_stats::{EqualSize, Interval, Paired, Rising};

use crate::size_curve::plan::Kind;
use crate::size_curve::sized_run::SizedRun;

/// Runs of one kind that did not fail.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    /// By rng seed.
    accuracies: BTreeMap<i64, f64>,
    /// Weights in all, a mean: networks that grow do not all end alike.
    pub(super) parameters: f64,
}

impl Group {
    /// None where all failed.
    fn of(runs: &[SizedRun], kind: Kind) -> Option<Self> {
        let runs = || runs.iter().filter(|run| run.kind == kind);
        let accuracies = runs().filter_map(|run| Some((run.rng_seed, run.accuracy()?)));
        let accuracies: BTreeMap<i64, f64> = accuracies.collect();
        let sizes: Vec<f64> = runs()
            .filter_map(|run| Some(run.parameters()? as f64))
            .collect();
        (!sizes.is_empty()).then(|| Self {
            parameters: sizes.iter().sum::<f64>() / sizes.len() as f64,
            accuracies,
        })
    }

    fn values(&self) -> Vec<f64> {
        self.accuracies.values().copied().collect()
    }

    pub(super) fn count(&self) -> usize {
        self.accuracies.len()
    }

    pub(super) fn accuracy(&self) -> f64 {
        self.accuracies.values().sum::<f64>() / self.count() as f64
    }

    pub(super) fn interval(&self) -> Option<Interval> {
        Interval::of_mean(&self.values())
    }

    /// This minus the other, over the rng seeds that both have.
    fn differences(&self, other: &Self) -> Vec<f64> {
        let both = self.accuracies.iter();
        both.filter_map(|(rng_seed, one)| Some(one - other.accuracies.get(rng_seed)?))
            .collect()
    }
}

/// Hosts of one width.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Size {
    pub(super) width: i64,
    pub(super) hosts: Group,
    /// The accuracy by a curve that can only rise; none of a single width.
    pub(super) fitted: Option<f64>,
    /// The network that grew minus these; none where no rng seed has both.
    pub(super) difference: Option<Paired>,
}

/// All of them, and the network that grew.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sizes {
    /// Rising.
    pub(super) hosts: Vec<Size>,
    /// None where all its runs failed.
    pub(super) grown: Option<Group>,
    /// How large a host has to be to be as accurate; none where that was not measured.
    pub(super) equal: Option<EqualSize>,
}

impl Sizes {
    pub(super) fn of(runs: &[SizedRun]) -> Self {
        let grown = Group::of(runs, Kind::Grown);
        let mut widths: Vec<i64> = runs
            .iter()
            .filter_map(|run| match run.kind {
                Kind::Host(width) => Some(width),
                Kind::Grown => None,
            })
            .collect();
        widths.sort_unstable();
        widths.dedup();
        let groups = widths
            .into_iter()
            .filter_map(|width| Some((width, Group::of(runs, Kind::Host(width))?)));
        let groups: Vec<(i64, Group)> = groups.collect();
        let places: Vec<f64> = groups.iter().map(|(_, it)| it.parameters.ln()).collect();
        let means: Vec<f64> = groups.iter().map(|(_, it)| it.accuracy()).collect();
        let curve = Rising::fit(&places, &means);
        let missing = |hosts: &Group| grown.as_ref().map(|grown| grown.differences(hosts));
        // A width that shares no rng seed with what grew says nothing of it.
        let compared = groups.iter().filter_map(|(_, hosts)| {
            let missing = missing(hosts).filter(|missing| !missing.is_empty())?;
            Some((hosts.parameters, missing))
        });
        let equal = EqualSize::of(&compared.collect::<Vec<_>>());
        let sizes = groups.iter().enumerate().map(|(at, (width, hosts))| Size {
            width: *width,
            hosts: hosts.clone(),
            fitted: curve.as_ref().map(|curve| curve.values()[at]),
            difference: missing(hosts).and_then(|missing| Paired::of(&missing)),
        });
        Self {
            hosts: sizes.collect(),
            equal,
            grown,
        }
    }

    /// The hosts of this width.
    pub(super) fn at(&self, width: i64) -> Option<&Size> {
        self.hosts.iter().find(|size| size.width == width)
    }
}
