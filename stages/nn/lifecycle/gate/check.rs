use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that a gate looks at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What.
    pub measure: Measure,
    /// What was found; none where it was not measured.
    pub value: Option<f64>,
    /// What it must be, or on which side of it; none where it must only have been measured.
    pub threshold: Option<f64>,
    /// Whether it is so. What was not measured is not.
    pub passed: bool,
}

/// What a gate can look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The code of the stage.
    Stage,
    /// Percentage points of accuracy gained since the stage began.
    Improvement,
    /// Epochs since the stage began.
    EpochsInStage,
    /// How much the seed learns beside the host.
    GradientRatio,
    /// How sound its gradients are, 0 to 1.
    GradientHealth,
    /// Share of its tensors whose gradient explodes.
    Exploding,
    /// Where alpha is led.
    AlphaTarget,
    /// How far alpha is from there.
    AlphaDistance,
    /// What the accuracy loses without the seed, in percentage points.
    Contribution,
}

impl Check {
    pub(super) fn at_least(measure: Measure, value: Option<f64>, threshold: f64) -> Self {
        Self::new(measure, value, Some(threshold), |value| value >= threshold)
    }

    pub(super) fn at_most(measure: Measure, value: Option<f64>, threshold: f64) -> Self {
        Self::new(measure, value, Some(threshold), |value| value <= threshold)
    }

    pub(super) fn measured(measure: Measure, value: Option<f64>) -> Self {
        Self::new(measure, value, None, |_| true)
    }

    /// A value that is no number counts as not measured.
    fn new(
        measure: Measure,
        value: Option<f64>,
        threshold: Option<f64>,
        holds: impl Fn(f64) -> bool,
    ) -> Self {
        let value = value.filter(|value| value.is_finite());
        Self {
            measure,
            value,
            threshold,
            passed: value.is_some_and(holds),
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let measure = self.measure;
        match (self.value, self.threshold) {
            (None, _) => write!(formatter, "{measure} was not measured"),
            (Some(value), None) => write!(formatter, "{measure} is {value:.6}"),
            (Some(value), Some(threshold)) => {
                let needed = if self.passed {
                    "as needed"
                } else {
                    "not as needed"
                };
                write!(formatter, "{measure} is {value:.6}, {needed}: {threshold}")
            }
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Stage => "stage",
            Self::Improvement => "improvement",
            Self::EpochsInStage => "epochs_in_stage",
            Self::GradientRatio => "gradient_ratio",
            Self::GradientHealth => "gradient_health",
            Self::Exploding => "exploding",
            Self::AlphaTarget => "alpha_target",
            Self::AlphaDistance => "alpha_distance",
            Self::Contribution => "contribution",
        })
    }
}
