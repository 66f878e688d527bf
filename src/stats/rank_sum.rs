use statrs::distribution::{ContinuousCDF, Normal};

use crate::comparison::Test;

/// So many values are worked out exactly, ties too; of more, a normal distribution stands in.
const EXACT: usize = 40;

/// The probability that a value of `b` is above one of `a`; ties count half.
pub(crate) fn above(a: &[f64], b: &[f64]) -> Option<f64> {
    let pairs = (a.len() * b.len()) as f64;
    let score = |x: f64, y: f64| match y.total_cmp(&x) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Less => 0.0,
    };
    let sum: f64 = a
        .iter()
        .flat_map(|x| b.iter().map(move |y| score(*x, *y)))
        .sum();
    (pairs > 0.0).then_some(sum / pairs)
}

/// Every way to share the ranks out is as likely as any other, if the groups do not differ.
pub(crate) fn rank_sum(a: &[f64], b: &[f64]) -> Option<Test> {
    let (n, all) = (a.len(), a.len() + b.len());
    if n == 0 || b.is_empty() || all < 3 {
        return None;
    }
    let mut values: Vec<f64> = a.iter().chain(b).copied().collect();
    values.sort_by(f64::total_cmp);
    let rank = |value: f64| doubled_rank(&values, value);
    let seen: usize = a.iter().map(|value| rank(*value)).sum();
    let ranks: Vec<usize> = values.iter().map(|value| rank(*value)).collect();
    // Of doubled ranks, which are whole numbers with ties too.
    let middle = n * (all + 1);
    let distance = seen.abs_diff(middle);
    let (p, name) = if all <= EXACT {
        (exact(&ranks, n, middle, distance), "Mann-Whitney U, exact")
    } else {
        (
            normal(&ranks, n, distance)?,
            "Mann-Whitney U, by a normal distribution",
        )
    };
    Some(Test {
        name: name.to_owned(),
        p,
        smallest: (all <= EXACT).then(|| 2.0 / ways(all, n)),
    })
}

/// Twice the mean rank of the values that equal `value`; the first rank is 1.
fn doubled_rank(sorted: &[f64], value: f64) -> usize {
    let below = sorted.partition_point(|other| other.total_cmp(&value).is_lt());
    let up_to = sorted.partition_point(|other| other.total_cmp(&value).is_le());
    below + 1 + up_to
}

/// How many ways there are to choose `n` of `all`.
fn ways(all: usize, n: usize) -> f64 {
    (0..n).fold(1.0, |ways, index| {
        ways * (all - index) as f64 / (index + 1) as f64
    })
}

/// The share of all ways to choose `n` ranks whose sum is as far from the middle as this, or farther.
fn exact(ranks: &[usize], n: usize, middle: usize, distance: usize) -> f64 {
    let most: usize = ranks.iter().sum();
    // counts[k][s]: the ways to choose k ranks with the sum s.
    let mut counts = vec![vec![0.0_f64; most + 1]; n + 1];
    counts[0][0] = 1.0;
    for rank in ranks {
        for chosen in (1..=n).rev() {
            let (fewer, more) = counts.split_at_mut(chosen);
            let (from, to) = (&fewer[chosen - 1], &mut more[0]);
            for sum in *rank..=most {
                to[sum] += from[sum - rank];
            }
        }
    }
    let last = &counts[n];
    let far = last.iter().enumerate();
    let far: f64 = far
        .filter(|(sum, _)| sum.abs_diff(middle) >= distance)
        .map(|(_, count)| count)
        .sum();
    (far / last.iter().sum::<f64>()).min(1.0)
}

/// With the correction for ties, and for the steps of the sum.
fn normal(ranks: &[usize], n: usize, distance: usize) -> Option<f64> {
    let all = ranks.len() as f64;
    let mean = all + 1.0;
    let spread: f64 = ranks.iter().map(|rank| (*rank as f64 - mean).powi(2)).sum();
    let (n, m) = (n as f64, all - n as f64);
    let deviation = (n * m / (all * (all - 1.0)) * spread).sqrt();
    let z = ((distance as f64 - 1.0).max(0.0)) / deviation;
    let normal = Normal::new(0.0, 1.0).ok()?;
    Some((2.0 * normal.cdf(-z)).min(1.0)).filter(|p| p.is_finite())
}
