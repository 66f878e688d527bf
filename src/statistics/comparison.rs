//! [`Comparison`]: two groups, paired by their seeds or not.

use super::rank_sum::{above, rank_sum};
use super::sign_flip::sign_flip;
use super::student;
use super::summary::{mean, variance};
use serde::Serialize;

/// What sets the second of two groups apart from the first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Whether each value of one belongs to a value of the other.
    pub paired: bool,
    /// How many values there are of the first and of the second.
    pub n: (usize, usize),
    /// The mean of the second minus that of the first.
    pub difference: f64,
    /// Its 95 % interval, by Student's t; `None` where there are too few values.
    pub interval: Option<(f64, f64)>,
    /// How probable it is that a value of the second is above one of the first; ties count half.
    pub above: Option<f64>,
    /// The test that says most first.
    pub tests: Vec<Test>,
}

/// A test of the difference, two-sided.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Test {
    /// What it is called.
    pub name: String,
    /// How probable a difference like this is, if there were none.
    pub p: f64,
    /// The smallest p that so many values can come to; `None` where it has no bound.
    pub smallest: Option<f64>,
}

impl Comparison {
    /// Of values that belong together, in the same order; `None` without any.
    pub fn paired(a: &[f64], b: &[f64]) -> Option<Self> {
        let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| b - a).collect();
        let difference = mean(&differences)?;
        let n = differences.len() as f64;
        let error = variance(&differences).map(|variance| (variance / n).sqrt());
        let (interval, test) = student(difference, error, n - 1.0, "paired t");
        Some(Self {
            paired: true,
            n: (differences.len(), differences.len()),
            difference,
            interval,
            above: above(a, b),
            tests: sign_flip(&differences).into_iter().chain(test).collect(),
        })
    }

    /// Of values that have nothing to do with one another; `None` where one group has none.
    pub fn unpaired(a: &[f64], b: &[f64]) -> Option<Self> {
        let difference = mean(b)? - mean(a)?;
        let share = |values: &[f64]| Some(variance(values)? / values.len() as f64);
        let shares = share(a).zip(share(b));
        let error = shares.map(|(x, y)| (x + y).sqrt());
        let freedom = shares.map_or(f64::NAN, |(x, y)| {
            let part = |share: f64, n: usize| share.powi(2) / (n as f64 - 1.0);
            (x + y).powi(2) / (part(x, a.len()) + part(y, b.len()))
        });
        let (interval, test) = student(difference, error, freedom, "Welch's t");
        Some(Self {
            paired: false,
            n: (a.len(), b.len()),
            difference,
            interval,
            above: above(a, b),
            tests: rank_sum(a, b).into_iter().chain(test).collect(),
        })
    }
}

/// The interval and the test of a difference with this standard error.
fn student(
    difference: f64,
    error: Option<f64>,
    freedom: f64,
    name: &str,
) -> (Option<(f64, f64)>, Option<Test>) {
    // Values that are all alike leave nothing to go by.
    let Some(error) = error.filter(|error| *error > 0.0) else {
        return (None, None);
    };
    let half = student::quantile(freedom).map(|quantile| quantile * error);
    let test = student::p(difference / error, freedom).map(|p| Test {
        name: name.to_owned(),
        p,
        smallest: None,
    });
    (
        half.map(|half| (difference - half, difference + half)),
        test,
    )
}
