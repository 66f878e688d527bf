//! [`Compared`]: params and metrics of groups side by side.

use super::group::Group;
use kaslite_engine::value::Value;
use kaslite_stats::{Comparison, Summary, holm};
use serde::Serialize;
use std::collections::BTreeSet;

/// What sets groups apart.
pub(crate) struct Compared {
    pub(crate) params: Vec<ParamRow>,
    pub(crate) metrics: Vec<MetricRow>,
}

/// A param, with its value in each group.
#[derive(Serialize)]
pub(crate) struct ParamRow {
    pub(crate) key: String,
    pub(crate) values: Vec<Option<Value>>,
}

/// A metric, with what each group measured, and how the others compare with the first.
#[derive(Serialize)]
pub(crate) struct MetricRow {
    pub(crate) key: String,
    pub(crate) groups: Vec<Measured>,
    pub(crate) comparisons: Vec<Option<Against>>,
}

/// What one group measured.
#[derive(Serialize)]
pub(crate) struct Measured {
    pub(crate) values: Vec<f64>,
    #[serde(flatten)]
    pub(crate) summary: Summary,
}

/// A group against the first.
#[derive(Serialize)]
pub(crate) struct Against {
    #[serde(flatten)]
    pub(crate) comparison: Comparison,
    /// The p of its first test, corrected where the metric is compared several times.
    pub(crate) p: Option<f64>,
}

impl ParamRow {
    pub(crate) fn differs(&self) -> bool {
        self.values.iter().any(|value| *value != self.values[0])
    }
}

impl MetricRow {
    pub(crate) fn differs(&self) -> bool {
        let all: Vec<f64> = self
            .groups
            .iter()
            .flat_map(|group| group.values.iter().copied())
            .collect();
        let is_other = |value: &f64| value.to_bits() != all[0].to_bits();
        all.iter().any(is_other) || self.groups.iter().any(|group| group.values.is_empty())
    }
}

impl Compared {
    /// Of these groups; `tested`: whether a test makes sense.
    pub(crate) fn new(groups: &[Group], tested: bool) -> Self {
        let members = || groups.iter().flat_map(|group| &group.runs);
        let params: BTreeSet<&String> = members().flat_map(|run| run.params.keys()).collect();
        let metrics: BTreeSet<&String> = members().flat_map(|run| run.metrics.keys()).collect();
        let param = |key: &String| ParamRow {
            key: key.clone(),
            values: groups.iter().map(|group| group.param(key)).collect(),
        };
        Self {
            params: params.into_iter().map(param).collect(),
            metrics: metrics
                .into_iter()
                .map(|key| metric(groups, key, tested))
                .collect(),
        }
    }
}

fn metric(groups: &[Group], key: &str, tested: bool) -> MetricRow {
    let measured = groups.iter().map(|group| {
        let values = group.values(key);
        Measured {
            summary: Summary::of(&values),
            values,
        }
    });
    let (first, others) = groups.split_at(1);
    let mut comparisons: Vec<Option<Against>> = others
        .iter()
        .map(|other| {
            let mut comparison = match first[0].paired(other, key) {
                Some((a, b)) => Comparison::paired(&a, &b),
                None => Comparison::unpaired(&first[0].values(key), &other.values(key)),
            }?;
            if !tested {
                comparison.tests.clear();
                comparison.interval = None;
                comparison.above = None;
            }
            let p = comparison.tests.first().map(|test| test.p);
            Some(Against { comparison, p })
        })
        .collect();
    correct(&mut comparisons);
    MetricRow {
        key: key.to_owned(),
        groups: measured.collect(),
        comparisons,
    }
}

/// Several comparisons of one metric: the p-values hold for all of them.
fn correct(comparisons: &mut [Option<Against>]) {
    let known = || comparisons.iter().flatten().filter_map(|against| against.p);
    let corrected = holm(&known().collect::<Vec<f64>>());
    let tested = comparisons
        .iter_mut()
        .flatten()
        .filter(|against| against.p.is_some());
    for (against, p) in tested.zip(corrected) {
        against.p = Some(p);
    }
}
