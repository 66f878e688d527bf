use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use kaslite_engine::context::StageContext;
use kaslite_engine::registry::StageError;
use kaslite_engine::trial::Trial;
use kaslite_engine::value::Value;
use serde::Deserialize;

use crate::control::Arm;
use crate::shared::trials::{self, RNG_SEED};
use crate::size_curve::sized_run::SizedRun;

const WIDTH: &str = "train.hidden_dim";

/// The section `size_curve` of the params.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SizeCurveSection {
    widths: Vec<f64>,
    rng_seeds: i64,
}

/// What is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The network that may grow.
    Grown,
    /// A host of this width that learns when the seeds do, as [`Arm::HostContinued`].
    Host(i64),
}

/// A run, its rng seed, and the epochs after which seeds germinated in that which grew with it.
type Planned = (Kind, i64, BTreeSet<usize>);

/// Which runs there are, and from what they start.
#[derive(Debug)]
pub(super) struct Plan {
    /// The params of `train`, by dotted key.
    base: BTreeMap<String, Value>,
    /// Rising.
    widths: BTreeSet<i64>,
    /// That of the network that grows.
    pub(super) own_width: i64,
    pub(super) rng_seeds: Vec<i64>,
}

impl Plan {
    /// Refuses a width that `train` does not take, and a curve of a single one.
    pub(super) fn of(context: &StageContext<'_>) -> Result<Self, StageError> {
        let section: SizeCurveSection = context.section("size_curve")?;
        let base = trials::base(context, "size_curve");
        let own_width = base.get(WIDTH).and_then(Value::as_int).unwrap_or(0);
        let mut widths = BTreeSet::from([own_width]);
        for width in section.widths {
            widths.insert(checked(context, width)?);
        }
        if widths.len() < 2 {
            return Err(StageError::new(format!(
                "`size_curve.widths` names no width but {own_width}, that of `{WIDTH}`: a curve needs another"
            )));
        }
        let first = base.get(RNG_SEED).and_then(Value::as_int).unwrap_or(0);
        Ok(Self {
            base,
            widths,
            own_width,
            rng_seeds: (first..first + section.rng_seeds).collect(),
        })
    }

    /// A plan that is not run.
    #[cfg(test)]
    pub(super) fn for_tests(own_width: i64, rng_seeds: Vec<i64>) -> Self {
        Self {
            base: BTreeMap::new(),
            widths: BTreeSet::new(),
            own_width,
            rng_seeds,
        }
    }

    /// Runs everything, each as a trial of `train` through the run cache: the network that grows first,
    /// since its seeds tell when the hosts learn.
    pub(super) fn run(&self, context: &StageContext<'_>) -> Result<Vec<SizedRun>, StageError> {
        let grown = self.rng_seeds.iter();
        let grown: Vec<Planned> = grown
            .map(|&rng_seed| (Kind::Grown, rng_seed, BTreeSet::new()))
            .collect();
        let mut runs = self.run_each(context, &grown)?;
        // What `control` trains too comes last: it may be in the cache by then.
        let mut widths: Vec<i64> = self.widths.iter().copied().collect();
        widths.sort_by_key(|width| *width == self.own_width);
        let mut hosts = Vec::new();
        for width in widths {
            for one in &runs {
                // Without a network that grew there is nothing to compare with, nor a time to learn at.
                if let Ok(metrics) = &one.result {
                    let germinations = metrics.germination_epochs();
                    hosts.push((Kind::Host(width), one.rng_seed, germinations));
                }
            }
        }
        runs.extend(self.run_each(context, &hosts)?);
        runs.sort_by_key(|run| (run.kind, run.rng_seed));
        Ok(runs)
    }

    fn run_each(
        &self,
        context: &StageContext<'_>,
        planned: &[Planned],
    ) -> Result<Vec<SizedRun>, StageError> {
        let trials: Vec<Trial> = planned.iter().map(|one| self.trial(one)).collect();
        let folder = context.out("folder")?.file.join("trials");
        let tried = context.trials("train", &trials, &folder)?;
        context.log(trials::counts("runs", &tried));
        let runs = planned.iter().zip(trials.iter().zip(&tried));
        let runs = runs.map(|(&(kind, rng_seed, _), (trial, tried))| {
            let result = trials::result(tried, &folder.join(&trial.name))?;
            Ok(SizedRun {
                kind,
                rng_seed,
                result,
            })
        });
        runs.collect()
    }

    fn trial(&self, (kind, rng_seed, germinations): &Planned) -> Trial {
        let arm = match kind {
            Kind::Grown => Arm::Grown,
            Kind::Host(_) => Arm::HostContinued,
        };
        let mut params = arm.params(&self.base, germinations);
        if let Kind::Host(width) = kind {
            params.insert(WIDTH.to_owned(), Value::Int(*width));
        }
        params.insert(RNG_SEED.to_owned(), Value::Int(*rng_seed));
        Trial {
            name: format!("{kind}_{rng_seed}"),
            params,
        }
    }
}

/// A width as `train` takes it.
fn checked(context: &StageContext<'_>, width: f64) -> Result<i64, StageError> {
    let mut specs = context.param_specs().iter();
    let spec = specs.find(|spec| spec.key == WIDTH);
    let value = Value::Float(width);
    let checked = spec.map_or_else(|| Ok(value.clone()), |spec| spec.check(&value));
    let refused = |reason: String| StageError::new(format!("`size_curve.widths`: each {reason}"));
    let checked = checked.map_err(refused)?;
    checked
        .as_int()
        .ok_or_else(|| refused("must be a whole number".to_owned()))
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grown => formatter.write_str("grown"),
            Self::Host(width) => write!(formatter, "host{width}"),
        }
    }
}
