use serde::{Deserialize, Serialize};

use crate::interval::Interval;
use crate::rising::{Reached, Rising};

/// How large something has to be that gets better as it grows, to be as good as something else: from
/// differences at several sizes, each over pairs that share their rng seed.
///
/// Between the sizes the differences are interpolated over the logarithm of the size, as curves that
/// can only fall. The interval is that of the sizes which the pairs do not tell apart from it: at its
/// lower end the interval (Student's, 95 %) of the difference begins to hold 0, at its upper end it ends
/// to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EqualSize {
    /// Where the mean difference is 0.
    pub estimate: Size,
    /// From which size on; none where a size has fewer than two pairs.
    pub low: Option<Size>,
    /// Up to which size; none where a size has fewer than two pairs.
    pub high: Option<Size>,
}

/// A size, or on which side of the sizes that were measured it lies: nothing is extrapolated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", content = "size", rename_all = "snake_case")]
pub enum Size {
    /// The smallest that was measured is as good, or better.
    BelowRange,
    /// Between two that were measured.
    WithinRange(f64),
    /// The largest that was measured is not as good.
    AboveRange,
}

impl EqualSize {
    /// From sizes, rising, each with the differences of its pairs: what it is to be as good as minus
    /// what is so large. None of fewer than two sizes, or where a size has no difference, or a number is
    /// not finite.
    pub fn of(sizes: &[(f64, Vec<f64>)]) -> Option<Self> {
        let places: Vec<f64> = sizes.iter().map(|(size, _)| size.ln()).collect();
        // What is missing falls as the size rises, so what is there rises.
        let zero = |missing: Vec<f64>| -> Option<Size> {
            let there: Vec<f64> = missing.into_iter().map(|it| -it).collect();
            Some(Size::of(Rising::fit(&places, &there)?.place_of(0.0)))
        };
        let pairs = || sizes.iter().map(|(_, differences)| differences);
        let mean = |of: &Vec<f64>| of.iter().sum::<f64>() / of.len() as f64;
        let intervals: Option<Vec<Interval>> = pairs().map(|of| Interval::of_mean(of)).collect();
        let end = |end: fn(&Interval) -> f64| {
            let ends = intervals.as_ref()?.iter().map(end);
            zero(ends.collect())
        };
        Some(Self {
            estimate: zero(pairs().map(mean).collect())?,
            low: end(|interval| interval.low),
            high: end(|interval| interval.high),
        })
    }
}

impl Size {
    fn of(reached: Reached) -> Self {
        match reached {
            Reached::Before => Self::BelowRange,
            Reached::At(place) => Self::WithinRange(place.exp()),
            Reached::Behind => Self::AboveRange,
        }
    }

    /// The number, where it is one.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::WithinRange(size) => Some(size),
            Self::BelowRange | Self::AboveRange => None,
        }
    }
}
