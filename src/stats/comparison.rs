use serde::Serialize;
use statrs::distribution::ContinuousCDF;

use crate::interval::{Interval, student};
use crate::moments::Moments;
use crate::paired::Paired;
use crate::rank_sum::{above, rank_sum};

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
        let pairs = Paired::of(&differences)?;
        let variance = Moments::of(&differences)?.variance_of_mean();
        let (interval, test) = by_student(pairs.mean, variance, pairs.n as f64 - 1.0, "paired t");
        let flips = (pairs.n > 1).then(|| Test {
            name: pairs.test().to_owned(),
            p: pairs.p,
            smallest: Some(pairs.least_p),
        });
        Some(Self {
            paired: true,
            n: (pairs.n, pairs.n),
            difference: pairs.mean,
            interval,
            above: above(a, b),
            tests: flips.into_iter().chain(test).collect(),
        })
    }

    /// Of values that have nothing to do with one another; `None` where one group has none.
    pub fn unpaired(a: &[f64], b: &[f64]) -> Option<Self> {
        let (one, other) = (Moments::of(a)?, Moments::of(b)?);
        let difference = other.mean - one.mean;
        let shares = one.variance_of_mean().zip(other.variance_of_mean());
        let freedom = shares.map_or(f64::NAN, |(x, y)| {
            let part = |share: f64, n: usize| share.powi(2) / (n as f64 - 1.0);
            (x + y).powi(2) / (part(x, one.count) + part(y, other.count))
        });
        let variance = shares.map(|(x, y)| x + y);
        let (interval, test) = by_student(difference, variance, freedom, "Welch's t");
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

/// The interval and the test of a difference with this variance.
fn by_student(
    difference: f64,
    variance: Option<f64>,
    freedom: f64,
    name: &str,
) -> (Option<(f64, f64)>, Option<Test>) {
    // Values that are all alike leave nothing to go by.
    let Some(variance) = variance.filter(|variance| *variance > 0.0) else {
        return (None, None);
    };
    let statistic = difference / variance.sqrt();
    let p = student(freedom).map(|student| 2.0 * student.cdf(-statistic.abs()));
    let test = p.filter(|p| p.is_finite()).map(|p| Test {
        name: name.to_owned(),
        p,
        smallest: None,
    });
    let interval = Interval::around(difference, variance, freedom);
    (interval.map(|Interval { low, high }| (low, high)), test)
}
