use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lifecycle::{
    AlphaController, Check, GateMode, GateParams, GateRecord, LifeStage, Measure, SeedMetrics,
};

/// How far alpha may be from where it is led, to count as there.
const ALPHA_TOLERANCE: f64 = 1e-6;
/// Percentage points of improvement that score 1 at G2.
const GREAT_IMPROVEMENT: f64 = 5.0;
/// Percentage points of contribution that score 1 at G5.
const GREAT_CONTRIBUTION: f64 = 10.0;

/// What stands before a stage. G4 is retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Gate {
    /// Before germination: the slot is empty.
    G0,
    /// Before training: the seed has germinated.
    G1,
    /// Before blending: the seed learns.
    G2,
    /// Before holding: alpha has arrived.
    G3,
    /// Before it stays for good: the seed is worth it.
    G5,
}

/// What a gate looks at.
pub(in crate::lifecycle) struct Evidence<'seed> {
    pub(in crate::lifecycle) stage: LifeStage,
    pub(in crate::lifecycle) epochs_in_stage: usize,
    pub(in crate::lifecycle) alpha: &'seed AlphaController,
    pub(in crate::lifecycle) metrics: &'seed SeedMetrics,
}

impl Gate {
    /// Every gate, in order.
    pub const ALL: [Self; 5] = [Self::G0, Self::G1, Self::G2, Self::G3, Self::G5];

    /// The number under which stored data knows the gate. 4 is retired.
    pub fn code(self) -> u8 {
        match self {
            Self::G0 => 0,
            Self::G1 => 1,
            Self::G2 => 2,
            Self::G3 => 3,
            Self::G5 => 5,
        }
    }

    /// Looks at a seed at the end of `epoch`.
    pub(in crate::lifecycle) fn evaluate(
        self,
        epoch: usize,
        seed: &Evidence<'_>,
        params: &GateParams,
    ) -> GateRecord {
        let checks = match self {
            Self::G0 => vec![stands(seed, LifeStage::Dormant)],
            Self::G1 => vec![stands(seed, LifeStage::Germinated)],
            Self::G2 => learns(seed, params),
            Self::G3 => landed(seed, params),
            Self::G5 => worth_it(seed, params),
        };
        let passed = checks.iter().all(|check| check.passed);
        let safe = checks
            .iter()
            .all(|check| check.passed || !is_safety(check.measure));
        GateRecord {
            gate: self,
            epoch,
            mode: params.mode,
            score: self.score(seed, passed),
            checks,
            passed,
            opened: passed || (params.mode == GateMode::Observe && safe),
        }
    }

    fn score(self, seed: &Evidence<'_>, passed: bool) -> Option<f64> {
        let share = |value: Option<f64>, great: f64| {
            let value = value.filter(|value| value.is_finite());
            value.map(|value| (value / great).clamp(0.0, 1.0))
        };
        match self {
            Self::G0 | Self::G1 => Some(if passed { 1.0 } else { 0.0 }),
            Self::G2 => share(seed.metrics.improvement_in_stage(), GREAT_IMPROVEMENT),
            Self::G3 => Some(seed.alpha.alpha()),
            Self::G5 => share(seed.metrics.contribution, GREAT_CONTRIBUTION),
        }
    }
}

/// Whether going on without it would make no sense, whatever the mode.
fn is_safety(measure: Measure) -> bool {
    match measure {
        Measure::Stage | Measure::AlphaTarget | Measure::AlphaDistance => true,
        Measure::Improvement
        | Measure::EpochsInStage
        | Measure::GradientRatio
        | Measure::GradientHealth
        | Measure::Exploding
        | Measure::Contribution => false,
    }
}

fn stands(seed: &Evidence<'_>, stage: LifeStage) -> Check {
    let (code, expected) = (seed.stage.code(), stage.code());
    let mut check = Check::at_least(Measure::Stage, Some(code.into()), expected.into());
    check.passed = code == expected;
    check
}

fn dwelt(seed: &Evidence<'_>, epochs: usize) -> Check {
    let found = Some(seed.epochs_in_stage as f64);
    Check::at_least(Measure::EpochsInStage, found, epochs as f64)
}

fn healthy(seed: &Evidence<'_>, params: &GateParams) -> Check {
    let health = seed.metrics.gradient_health.map(|found| found.health);
    Check::at_least(Measure::GradientHealth, health, params.min_gradient_health)
}

fn learns(seed: &Evidence<'_>, params: &GateParams) -> Vec<Check> {
    let metrics = seed.metrics;
    let dwelt = dwelt(seed, params.min_training_epochs);
    match params.mode {
        GateMode::Strict | GateMode::Observe => {
            let improvement = metrics.improvement_in_stage();
            let ratio = metrics.gradient_ratio;
            vec![
                Check::at_least(Measure::Improvement, improvement, params.min_improvement),
                dwelt,
                Check::at_least(Measure::GradientRatio, ratio, params.min_gradient_ratio),
            ]
        }
        GateMode::Permissive => {
            let exploding = metrics.gradient_health.map(|found| found.exploding);
            let exploding = Check::at_most(Measure::Exploding, exploding, 0.0);
            vec![dwelt, exploding, healthy(seed, params)]
        }
    }
}

fn landed(seed: &Evidence<'_>, params: &GateParams) -> Vec<Check> {
    let target = seed.alpha.target();
    let distance = (seed.alpha.alpha() - target).abs();
    let mut checks = vec![
        Check::at_least(Measure::AlphaTarget, Some(target), 1.0 - ALPHA_TOLERANCE),
        Check::at_most(Measure::AlphaDistance, Some(distance), ALPHA_TOLERANCE),
    ];
    if params.mode != GateMode::Permissive {
        checks.push(dwelt(seed, params.min_blending_epochs));
    }
    checks
}

fn worth_it(seed: &Evidence<'_>, params: &GateParams) -> Vec<Check> {
    let contribution = seed.metrics.contribution;
    let contribution = match params.mode {
        GateMode::Strict | GateMode::Observe => {
            Check::at_least(Measure::Contribution, contribution, params.min_contribution)
        }
        GateMode::Permissive => Check::measured(Measure::Contribution, contribution),
    };
    vec![contribution, healthy(seed, params)]
}

impl fmt::Display for Gate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "G{}", self.code())
    }
}

#[cfg(test)]
mod tests;
