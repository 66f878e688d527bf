//! The permutation test of paired differences: were the signs of the differences chance?

use super::comparison::Test;

/// So many pairs are worked out exactly; of more, flips are drawn.
const EXACT: usize = 15;
const DRAWN: u32 = 100_000;
/// Sums that differ by less are the same sum, added up in another order.
const ROUNDING: f64 = 1e-12;

/// Every way to flip signs is as likely as any other, if the pairs do not differ.
pub(super) fn sign_flip(differences: &[f64]) -> Option<Test> {
    let n = differences.len();
    if n < 2 {
        return None;
    }
    let scale: f64 = differences.iter().map(|value| value.abs()).sum();
    let seen = differences.iter().sum::<f64>().abs() - ROUNDING * scale;
    let pairs = i32::try_from(n).ok()?;
    let smallest = 2.0 / 2.0_f64.powi(pairs);
    let p = if n <= EXACT {
        let ways = 1_u32 << n;
        let extreme = (0..ways).filter(|flips| flipped(differences, u64::from(*flips)) >= seen);
        extreme.count() as f64 / f64::from(ways)
    } else {
        let mut generator = SplitMix(0);
        let extreme = (0..DRAWN).filter(|_| drawn(differences, &mut generator) >= seen);
        (extreme.count() as f64 + 1.0) / (f64::from(DRAWN) + 1.0)
    };
    let name = if n <= EXACT {
        "sign-flip permutation"
    } else {
        "sign-flip permutation, 100000 drawn with the seed 0"
    };
    Some(Test {
        name: name.to_owned(),
        p,
        smallest: Some(smallest.max(if n <= EXACT { 0.0 } else { 1.0 / 100_001.0 })),
    })
}

/// The sum with those signs flipped whose bit is set.
fn flipped(differences: &[f64], flips: u64) -> f64 {
    let signed = differences.iter().enumerate().map(|(index, value)| {
        if flips >> (index % 64) & 1 == 1 {
            -value
        } else {
            *value
        }
    });
    signed.sum::<f64>().abs()
}

fn drawn(differences: &[f64], generator: &mut SplitMix) -> f64 {
    let parts = differences.chunks(64);
    let sum: f64 = parts
        .map(|part| {
            let flips = generator.next();
            let signed = part.iter().enumerate().map(|(index, value)| {
                if flips >> index & 1 == 1 {
                    -value
                } else {
                    *value
                }
            });
            signed.sum::<f64>()
        })
        .sum();
    sum.abs()
}

/// `SplitMix64`: the same flips everywhere.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }
}
