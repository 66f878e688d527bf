use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::interval::{Interval, student};
use crate::moments::Moments;
use crate::ranks::{midranks, ties};

/// Most ways to choose the first group of which all are counted.
const MOST_COUNTED: f64 = 1_000_000.0;

/// Two groups of runs that share nothing: the second against the first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Unpaired {
    /// Runs in each.
    pub n: [usize; 2],
    /// Mean of each.
    pub means: [f64; 2],
    /// Second mean minus first.
    pub difference: f64,
    /// Of the difference, by Welch: Student's distribution with Satterthwaite's degrees of freedom.
    /// None where a group has one run, or nothing varies.
    pub interval: Option<Interval>,
    /// Two-sided p of Welch's test; none where there is no interval.
    ///
    /// Welch, "The generalization of Student's problem when several different population variances
    /// are involved" (1947).
    pub welch_p: Option<f64>,
    /// Two-sided p of the Mann-Whitney test: the share of the ways to choose the first group from all
    /// runs whose rank sum is as far from its mean, equal values sharing their ranks. Of more than a
    /// million ways by the normal distribution, corrected for ties and continuity.
    ///
    /// Mann & Whitney, "On a test of whether one of two random variables is stochastically larger than
    /// the other" (1947).
    pub mann_whitney_p: f64,
    /// The smallest Mann-Whitney p that so many runs can give: 2 / C(n₁ + n₂, n₁).
    pub least_p: f64,
    /// How probable it is that a run of the second group lies above one of the first, equal ones
    /// counting half: A₁₂ of Vargha & Delaney, "A critique and improvement of the CL common language
    /// effect size statistics" (2000).
    pub superiority: f64,
}

impl Unpaired {
    /// None where a group is empty or a value is not finite.
    pub fn of(first: &[f64], second: &[f64]) -> Option<Self> {
        let (one, other) = (Moments::of(first)?, Moments::of(second)?);
        let n = [one.count, other.count];
        let difference = other.mean - one.mean;
        let welch = Welch::of(&one, &other, difference);
        let ranks = midranks(&[first, second].concat());
        let rank_sum: f64 = ranks[first.len()..].iter().sum();
        let count = other.count as f64;
        let wins = rank_sum - count * (count + 1.0) / 2.0;
        Some(Self {
            n,
            means: [one.mean, other.mean],
            difference,
            interval: welch.as_ref().and_then(|welch| welch.interval),
            welch_p: welch.map(|welch| welch.p),
            mann_whitney_p: mann_whitney(&ranks, first.len()),
            least_p: (2.0 / ways(n)).min(1.0),
            superiority: wins / (one.count as f64 * count),
        })
    }
}

struct Welch {
    interval: Option<Interval>,
    p: f64,
}

impl Welch {
    fn of(one: &Moments, other: &Moments, difference: f64) -> Option<Self> {
        let (first, second) = (one.variance_of_mean()?, other.variance_of_mean()?);
        let variance = first + second;
        let part = |variance: f64, count: usize| variance.powi(2) / (count as f64 - 1.0);
        let freedom = variance.powi(2) / (part(first, one.count) + part(second, other.count));
        let t = difference / variance.sqrt();
        let p = 2.0 * student(freedom)?.cdf(-t.abs());
        Some(Self {
            interval: Interval::around(difference, variance, freedom),
            p,
        })
    }
}

/// C(n₁ + n₂, n₁).
fn ways(n: [usize; 2]) -> f64 {
    let all = n[0] + n[1];
    let factor = |at: usize| (all - at) as f64 / (at + 1) as f64;
    (0..n[0].min(n[1])).map(factor).product()
}

fn mann_whitney(ranks: &[f64], first: usize) -> f64 {
    let all = ranks.len();
    // The smaller group has fewer members to choose.
    let (seen, members) = if first <= all - first {
        (ranks[..first].iter().sum::<f64>(), first)
    } else {
        (ranks[first..].iter().sum::<f64>(), all - first)
    };
    let mean = members as f64 * (all as f64 + 1.0) / 2.0;
    let far = (seen - mean).abs();
    let ways = ways([members, all - members]);
    if ways > MOST_COUNTED {
        return by_normal(ranks, members, far);
    }
    let mut count = 0.0;
    each_choice(ranks, members, -mean, &mut |sum| {
        // Ranks are halves: sums are exact.
        if sum.abs() >= far {
            count += 1.0;
        }
    });
    count / ways
}

/// Every sum of `members` of the ranks, plus `sum`.
fn each_choice(ranks: &[f64], members: usize, sum: f64, visit: &mut dyn FnMut(f64)) {
    if members == 0 {
        return visit(sum);
    }
    for at in 0..=ranks.len() - members {
        each_choice(&ranks[at + 1..], members - 1, sum + ranks[at], visit);
    }
}

fn by_normal(ranks: &[f64], members: usize, far: f64) -> f64 {
    let (all, one) = (ranks.len() as f64, members as f64);
    let spread = all + 1.0 - ties(ranks) / (all * (all - 1.0));
    let variance = one * (all - one) / 12.0 * spread;
    let z = (far - 0.5).max(0.0) / variance.sqrt();
    if z.is_nan() {
        return 1.0; // All runs are equal.
    }
    (2.0 * Normal::standard().cdf(-z)).min(1.0)
}
