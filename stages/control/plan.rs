use std::collections::{BTreeMap, BTreeSet};

use kaslite_engine::context::StageContext;
use kaslite_engine::registry::StageError;
use kaslite_engine::trial::Trial;
use kaslite_engine::value::Value;
use serde::Deserialize;

use crate::control::arm::Arm;
use crate::control::control_run::{ControlRun, name};
use crate::shared::trials::{self, RNG_SEED, counts};

/// The section `control` of the params.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ControlSection {
    rng_seeds: i64,
    pub(super) lesions: bool,
}

/// For each rng seed whose run that may grow did not fail, the epochs after which seeds germinated.
pub(super) type Germinations = BTreeMap<i64, BTreeSet<usize>>;

/// Which runs there are, and from what they start.
#[derive(Debug)]
pub(super) struct Plan {
    /// The params of `train`, by dotted key.
    base: BTreeMap<String, Value>,
    pub(super) rng_seeds: Vec<i64>,
}

impl Plan {
    pub(super) fn of(context: &StageContext<'_>, section: ControlSection) -> Self {
        let base = trials::base(context, "control");
        let first = base.get(RNG_SEED).and_then(Value::as_int).unwrap_or(0);
        Self {
            base,
            rng_seeds: (first..first + section.rng_seeds).collect(),
        }
    }

    /// Runs the arms, each as a trial of `train` through the run cache. Those of a host that learns on
    /// need the `germinations`.
    pub(super) fn run(
        &self,
        context: &StageContext<'_>,
        arms: &[(i64, Arm)],
        germinations: &Germinations,
    ) -> Result<Vec<ControlRun>, StageError> {
        let trials: Vec<Trial> = arms
            .iter()
            .map(|&(rng_seed, arm)| self.trial(rng_seed, arm, germinations.get(&rng_seed)))
            .collect();
        let folder = context.out("folder")?.file.join("trials");
        let tried = context.trials("train", &trials, &folder)?;
        context.log(counts("runs", &tried));
        let runs = arms.iter().zip(trials.iter().zip(&tried));
        runs.map(|(&(rng_seed, arm), (trial, tried))| {
            ControlRun::of(rng_seed, arm, tried, folder.join(&trial.name))
        })
        .collect()
    }

    fn trial(&self, rng_seed: i64, arm: Arm, germinations: Option<&BTreeSet<usize>>) -> Trial {
        let mut params = arm.params(&self.base, germinations.unwrap_or(&BTreeSet::new()));
        params.insert(RNG_SEED.to_owned(), Value::Int(rng_seed));
        Trial {
            name: name(arm, rng_seed),
            params,
        }
    }
}
