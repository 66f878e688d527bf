//! [`Group`]: runs that differ only in random seeds.

use crate::cli::runs::facts::{FIELDS, Facts, facts};
use crate::ui::plural;
use kaslite_engine::value::Value;
use kaslite_track::record::RunRecord;
use std::collections::{BTreeMap, BTreeSet};

/// The last part of the keys of random seeds.
const SEEDS: [&str; 4] = ["rng_seed", "seed", "random_state", "random_seed"];

/// Runs that are taken as several measurements of one thing.
pub(crate) struct Group {
    pub(crate) runs: Vec<Member>,
}

/// A run with what is known of it.
pub(crate) struct Member {
    pub(crate) run: RunRecord,
    /// Param → value, random seeds left out.
    pub(crate) params: Facts,
    /// Param → value, the random seeds.
    pub(crate) seeds: Facts,
    /// Metric → value, without `metric.` where the file has it.
    pub(crate) metrics: BTreeMap<String, f64>,
}

impl Member {
    fn of(run: RunRecord) -> Self {
        let known = facts(&run);
        let summary = run.summary.as_ref();
        let metrics = summary
            .iter()
            .flat_map(|summary| summary.metrics.values().rev().flatten());
        let metrics = metrics.filter_map(|(key, value)| Some((key.clone(), number(value)?)));
        let params = known
            .into_iter()
            .filter(|(name, _)| !FIELDS.contains(&name.as_str()) && !name.starts_with("metric."));
        let is_seed = |name: &str| SEEDS.contains(&name.rsplit('.').next().unwrap_or_default());
        let (seeds, params) = params.partition(|(name, _)| is_seed(name));
        Self {
            metrics: metrics.collect(),
            run,
            params,
            seeds,
        }
    }
}

/// What is no number, or not finite, was not measured.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().filter(|value| value.is_finite())
}

impl Group {
    pub(crate) fn of(runs: Vec<RunRecord>) -> Self {
        let runs = runs.into_iter().map(Member::of).collect();
        Self { runs }
    }

    /// Runs with equal params together, in the order in which they come.
    pub(crate) fn by_params(runs: Vec<RunRecord>) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for member in runs.into_iter().map(Member::of) {
            let same = |group: &&mut Self| {
                let first = group.runs.first();
                first.is_some_and(|first| first.params == member.params)
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.runs.push(member),
                None => groups.push(Self { runs: vec![member] }),
            }
        }
        groups
    }

    /// Drops runs that measured nothing new: of equal params, seeds and metrics only the first counts.
    pub(crate) fn drop_repeated(&mut self) -> Option<String> {
        let before = self.runs.len();
        let mut kept: Vec<Member> = Vec::new();
        for member in std::mem::take(&mut self.runs) {
            let same = |known: &Member| {
                let all = |member: &Member| (member.params.clone(), member.seeds.clone());
                all(known) == all(&member) && known.metrics == member.metrics
            };
            if !kept.iter().any(same) {
                kept.push(member);
            }
        }
        let dropped = before - kept.len();
        self.runs = kept;
        let first = self.runs.first()?;
        let verb = if dropped == 1 { "is" } else { "are" };
        (dropped > 0).then(|| {
            format!(
                "{} {verb} equal to another one (params, seeds, metrics), as of `{}`, and counted once",
                plural(dropped, "run"),
                first.run.run_id
            )
        })
    }

    /// The value that all of its runs have of a param; several are a list.
    pub(crate) fn param(&self, name: &str) -> Option<Value> {
        let mut values: Vec<&Value> = Vec::new();
        for value in self.runs.iter().filter_map(|run| run.params.get(name)) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        match values.as_slice() {
            [] => None,
            [only] => Some((*only).clone()),
            several => Some(Value::List(
                several.iter().map(|value| (*value).clone()).collect(),
            )),
        }
    }

    /// What was measured of a metric, run by run.
    pub(crate) fn values(&self, metric: &str) -> Vec<f64> {
        let values = self.runs.iter().filter_map(|run| run.metrics.get(metric));
        values.copied().collect()
    }

    /// The random seeds of its runs as text; nothing where there are none.
    pub(crate) fn seeds(&self) -> String {
        let keys: BTreeSet<&String> = self.runs.iter().flat_map(|run| run.seeds.keys()).collect();
        let of = |key: &&String| {
            let mut values: Vec<String> = Vec::new();
            for value in self.runs.iter().filter_map(|run| run.seeds.get(*key)) {
                let text = value.to_string();
                if !values.contains(&text) {
                    values.push(text);
                }
            }
            format!("{key} {}", values.join(", "))
        };
        keys.iter().map(of).collect::<Vec<_>>().join("; ")
    }

    /// The values of a metric of two groups in the order of their seeds; `None` where their seeds are
    /// not the same, one for each run.
    pub(crate) fn paired(&self, other: &Self, metric: &str) -> Option<(Vec<f64>, Vec<f64>)> {
        let by_seed = |group: &Self| {
            let mut values: Vec<(String, f64)> = Vec::new();
            for run in &group.runs {
                let seed = format!("{:?}", run.seeds);
                if run.seeds.is_empty() || values.iter().any(|(known, _)| *known == seed) {
                    return None;
                }
                values.push((seed, *run.metrics.get(metric)?));
            }
            values.sort_by(|a, b| a.0.cmp(&b.0));
            Some(values)
        };
        let (a, b) = (by_seed(self)?, by_seed(other)?);
        let equal = a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.0 == b.0);
        let values = |list: Vec<(String, f64)>| list.into_iter().map(|(_, value)| value).collect();
        equal.then(|| (values(a), values(b)))
    }
}
