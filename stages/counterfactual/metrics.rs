use std::collections::BTreeMap;

use kaslite_nn::{Configuration, Data, GrownSeed};
use serde::Serialize;

use crate::counterfactual::finding::Findings;
use crate::counterfactual::measured::Measured;
use crate::counterfactual::quantity::Quantity;
use crate::counterfactual::study::Study;
use crate::shared::one_class;

/// `metrics.json`: the network without its grown seeds and with them. What was not measured is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Metrics {
    attribution: Attribution,
    metric: Measures,
    /// Cross-entropy in nats, mean of the validation samples.
    loss: Comparison,
    seeds: Seeds,
    /// What each grown seed is worth, by its name, in shares of the accuracy.
    contributions: BTreeMap<String, Contribution>,
}

/// A grown seed's part of the gain.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Contribution {
    shapley: Option<f64>,
    /// The ends of its interval of 95 % over the validation samples.
    shapley_low: Option<f64>,
    shapley_high: Option<f64>,
    removal_cost: Option<f64>,
}

/// Whether the gain could be shared out among the seeds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
enum Attribution {
    /// It could.
    Success {
        /// `exact` or `sampled`.
        method: &'static str,
        /// Orders of seeds that were drawn.
        orders: Option<usize>,
        /// What a reader has to know.
        caveat: Option<String>,
    },
    /// There is nothing to share out.
    Disabled { reason: String },
    /// What was measured does not allow it.
    Failed { reason: String },
}

/// What is measured beside losses.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Measures {
    /// Share of the validation samples, 0 to 1.
    accuracy: Comparison,
}

/// One measure of the network.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Comparison {
    /// All grown seeds off: the host alone.
    baseline: Option<f64>,
    /// All of them on.
    full: Option<f64>,
    /// `full` − `baseline`.
    gain: Option<f64>,
    /// The ends of its interval of 95 % over the validation samples.
    gain_low: Option<f64>,
    gain_high: Option<f64>,
    /// The sum of the seeds' Shapley values, which is the gain; where orders were drawn too, since
    /// each order shares out all of it.
    shapley_sum: Option<f64>,
}

/// How much there was to evaluate.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Seeds {
    grown: usize,
    configurations: usize,
}

impl Metrics {
    pub(super) fn new(study: &Study, rows: &Data) -> Self {
        let accuracy = Comparison::of(study, &study.accuracy, Measured::accuracy);
        Self {
            attribution: Attribution::of(study, rows),
            metric: Measures { accuracy },
            loss: Comparison::of(study, &study.loss, Measured::loss),
            seeds: Seeds {
                grown: study.seeds.len(),
                configurations: study.as_trained.len(),
            },
            contributions: contributions(study),
        }
    }

    /// As a line of the log.
    pub(super) fn summary(&self) -> String {
        let told = |share: Option<f64>| share.map_or("—".to_owned(), |it| format!("{it:.4}"));
        let accuracy = &self.metric.accuracy;
        let (full, baseline) = (told(accuracy.full), told(accuracy.baseline));
        match &self.attribution {
            Attribution::Disabled { reason } => format!("{reason}: accuracy {full}"),
            Attribution::Failed { reason } => format!("nothing can be shared out: {reason}"),
            Attribution::Success { .. } => {
                let Seeds {
                    grown,
                    configurations,
                } = self.seeds;
                format!(
                    "accuracy {full} with all grown seeds on, {baseline} with all off \
                     (seeds: {grown}, configurations: {configurations})"
                )
            }
        }
    }
}

impl Attribution {
    fn of(study: &Study, rows: &Data) -> Self {
        if let Some(configuration) = study.not_a_number() {
            let bits = configuration.bits(study.seeds.len());
            let reason = format!("the loss of configuration `{bits}` is not a number");
            return Self::Failed { reason };
        }
        if study.seeds.is_empty() {
            let reason = "no seed has grown, so there is none to switch off".to_owned();
            return Self::Disabled { reason };
        }
        let method = if study.is_exact() { "exact" } else { "sampled" };
        Self::Success {
            method,
            orders: study.orders,
            caveat: one_class(rows.labels()),
        }
    }
}

fn contributions(study: &Study) -> BTreeMap<String, Contribution> {
    let findings = &study.accuracy;
    let contribution = |(place, seed): (usize, &GrownSeed)| {
        let interval = findings.interval(Quantity::Shapley(place));
        let contribution = Contribution {
            shapley: findings.value(Quantity::Shapley(place)),
            shapley_low: interval.map(|interval| interval.low),
            shapley_high: interval.map(|interval| interval.high),
            removal_cost: findings.value(Quantity::RemovalCost(place)),
        };
        (seed.seed.to_string(), contribution)
    };
    study.seeds.iter().enumerate().map(contribution).collect()
}

impl Comparison {
    fn of(study: &Study, findings: &Findings, measure: fn(&Measured) -> Option<f64>) -> Self {
        let of = |one| study.as_trained.get(&one).and_then(measure);
        let seeds = study.seeds.len();
        let shares = (0..seeds).map(|seed| findings.value(Quantity::Shapley(seed)));
        let interval = findings.interval(Quantity::Gain);
        Self {
            baseline: of(Configuration::NONE),
            full: of(Configuration::all(seeds)),
            gain: findings.value(Quantity::Gain),
            gain_low: interval.map(|interval| interval.low),
            gain_high: interval.map(|interval| interval.high),
            // An empty sum of floats is −0, which JSON would show.
            shapley_sum: shares.sum::<Option<f64>>().map(|sum| sum + 0.0),
        }
    }
}
