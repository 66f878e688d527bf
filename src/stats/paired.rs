use kaslite_random::NumpyGenerator;
use serde::{Deserialize, Serialize};

use statrs::distribution::ContinuousCDF;

use crate::interval::{Interval, student};
use crate::moments::Moments;

/// Most pairs of which all sign flips are counted.
const MOST_COUNTED: usize = 20;
/// Flips that are drawn of more pairs, and the seed of the draws.
const DRAWN: u32 = 100_000;
const RNG_SEED: u64 = 0;
/// Pairs from which on 2 / 2^n, the smallest p of the sign-flip test, is no more than 0.05.
pub const FEWEST_FOR_FIVE_PERCENT: usize = 6;
const MOST_PAIRS: usize = 1000;
/// How near two sums are that count as equal, beside the largest that there can be.
const ROUNDING: f64 = 1e-12;

/// The differences of pairs of runs that share their rng seed, data and evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Paired {
    /// Number of pairs.
    pub n: usize,
    /// Their mean difference.
    pub mean: f64,
    /// Of the mean difference, by Student; none of one pair.
    pub interval: Option<Interval>,
    /// Two-sided p of the sign-flip test: the share of the 2^n ways to flip the signs of the
    /// differences whose mean is at least as far from 0. With more than 20 pairs, of 100,000 drawn
    /// ways and the one that was seen.
    ///
    /// Pitman, "Significance tests which may be applied to samples from any populations" (1937).
    pub p: f64,
    /// The smallest p that the test can give: 2 / 2^n, or that of one among the drawn ways.
    pub least_p: f64,
    /// Mean difference by the standard deviation of the differences (Cohen's d of pairs); none of one
    /// pair, or where all differ by the same.
    pub effect: Option<f64>,
}

impl Paired {
    /// What the test is called.
    pub(crate) fn test(&self) -> &'static str {
        if self.n <= MOST_COUNTED {
            "sign-flip permutation"
        } else {
            "sign-flip permutation, 100000 drawn with the seed 0"
        }
    }

    /// None without differences, or where one is not finite.
    pub fn of(differences: &[f64]) -> Option<Self> {
        let moments = Moments::of(differences)?;
        let deviation = moments.variance.map(f64::sqrt).filter(|it| *it > 0.0);
        let flips = i32::try_from(moments.count).unwrap_or(i32::MAX);
        Some(Self {
            n: moments.count,
            mean: moments.mean,
            interval: Interval::of_mean(differences),
            p: sign_flip(differences),
            least_p: if moments.count > MOST_COUNTED {
                1.0 / f64::from(DRAWN + 1)
            } else {
                2.0 * 0.5_f64.powi(flips)
            },
            effect: deviation.map(|deviation| moments.mean / deviation),
        })
    }
}

/// How many pairs in all it takes, if the effect ([`Paired::effect`]) stays what it is, until the
/// interval leaves 0 out and the sign-flip test can give a p of 0.05; none where it takes more than a
/// thousand.
pub fn pairs_needed(effect: f64) -> Option<usize> {
    (FEWEST_FOR_FIVE_PERCENT..=MOST_PAIRS).find(|pairs| {
        let pairs = *pairs as f64;
        let reach = student(pairs - 1.0).map(|student| student.inverse_cdf(0.975));
        reach.is_some_and(|reach| effect.abs() * pairs.sqrt() > reach)
    })
}

fn sign_flip(differences: &[f64]) -> f64 {
    let seen = differences.iter().sum::<f64>().abs();
    let most: f64 = differences.iter().map(|it| it.abs()).sum();
    let as_far = |sum: f64| sum.abs() >= seen - ROUNDING * most;
    if differences.len() <= MOST_COUNTED {
        let ways = 1_u32 << differences.len();
        let far = (0..ways).filter(|way| as_far(flipped(differences, *way)));
        return far.count() as f64 / f64::from(ways);
    }
    let mut generator = NumpyGenerator::new(RNG_SEED);
    let mut drawn = || {
        let flip = |difference: &f64| {
            if generator.integers(0..2) == 0 {
                *difference
            } else {
                -difference
            }
        };
        differences.iter().map(flip).sum::<f64>()
    };
    let far = (0..DRAWN).filter(|_| as_far(drawn())).count();
    (far as f64 + 1.0) / (f64::from(DRAWN) + 1.0)
}

/// The sum with the sign of each difference flipped whose bit is set.
fn flipped(differences: &[f64], way: u32) -> f64 {
    let signed = |(at, difference): (usize, &f64)| {
        if way >> at & 1 == 1 {
            -difference
        } else {
            *difference
        }
    };
    differences.iter().enumerate().map(signed).sum()
}
