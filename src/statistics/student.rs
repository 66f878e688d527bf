//! Student's t distribution.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The share of a 95 % interval that lies below its upper end.
const UPPER: f64 = 0.975;

/// How many standard errors a 95 % interval reaches to each side.
pub(super) fn quantile(freedom: f64) -> Option<f64> {
    let distribution = StudentsT::new(0.0, 1.0, freedom).ok()?;
    Some(distribution.inverse_cdf(UPPER))
}

/// The two-sided p of a statistic.
pub(super) fn p(statistic: f64, freedom: f64) -> Option<f64> {
    let distribution = StudentsT::new(0.0, 1.0, freedom).ok()?;
    let p = 2.0 * distribution.cdf(-statistic.abs());
    p.is_finite().then_some(p)
}
