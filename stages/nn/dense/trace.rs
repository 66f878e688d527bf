use serde::{Deserialize, Serialize};

use crate::seed::SeedId;

/// One epoch, looked at closely. What was not measured is none, or not there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DenseEpoch {
    /// The epoch, from 1.
    pub epoch: usize,
    /// Every batch that was trained on.
    pub batches: Vec<DenseBatch>,
    /// How the last gradients of host and seeds are spread, where all batches were measured.
    pub gradients: Vec<GradientSpread>,
    /// What passes each slot on the validation rows.
    pub activations: Vec<Activations>,
    /// How far the gates are open on the validation rows, of each seed that joins through one.
    pub openness: Vec<Openness>,
}

/// One batch of training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DenseBatch {
    /// Within the epoch, from 1.
    pub batch: usize,
    /// Mean over the rows.
    pub loss: f64,
    /// Share of the rows that were classified rightly.
    pub accuracy: f64,
    /// Norm of the host's gradient; of a frozen one it is measured in few batches, unless every epoch
    /// is looked at closely.
    pub host_gradient_norm: Option<f64>,
    /// Norms of the gradients of the seeds that learn.
    pub seed_gradient_norms: Vec<(SeedId, f64)>,
    /// How much of the host's gradient comes through seeds that are kept away from it.
    pub leakage: Option<f64>,
}

/// How the gradients of one module are spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradientSpread {
    /// The seed; none is the host.
    pub seed: Option<SeedId>,
    /// Weights whose gradient is exactly 0.
    pub zeros: usize,
    /// Weights by the power of ten of their gradient's magnitude: from [`GradientSpread::LOWEST`], and
    /// all below it, one power a bucket; the last holds all above, too.
    pub powers: Vec<usize>,
}

impl GradientSpread {
    /// The power of ten at which the second bucket begins.
    pub const LOWEST: i32 = -10;
    /// Number of buckets.
    pub const BUCKETS: usize = 13;

    /// Counts the magnitudes of `gradients`. A number that is none counts as above all.
    pub(crate) fn of(seed: Option<SeedId>, gradients: &[f32]) -> Self {
        // As bits, magnitudes stand in the same order, zero first and what is no number last.
        let bits: Vec<u32> = gradients.iter().map(|g| g.abs().to_bits()).collect();
        let mut zeros = 0;
        // How many do not lie below the beginning of each bucket but the first.
        let mut reaching = [0; Self::BUCKETS - 1];
        let limits = Self::limits();
        // Pass after pass while they are in the cache: so it is done many at a time.
        for part in bits.chunks(4096) {
            zeros += part.len() - reaches(part, 1);
            for (reaching, limit) in reaching.iter_mut().zip(limits) {
                *reaching += reaches(part, limit.to_bits());
            }
        }
        let all = gradients.len() - zeros;
        let above = reaching.into_iter().chain([0]);
        let from = [all].into_iter().chain(reaching);
        Self {
            seed,
            zeros,
            powers: from.zip(above).map(|(from, above)| from - above).collect(),
        }
    }

    /// The least float32 of each bucket but the first.
    fn limits() -> [f32; Self::BUCKETS - 1] {
        let mut power = Self::LOWEST;
        [(); Self::BUCKETS - 1].map(|()| {
            let limit = least(10_f64.powi(power));
            power += 1;
            limit
        })
    }
}

/// The least float32 that is not below `limit`.
#[expect(
    clippy::cast_possible_truncation,
    reason = "rounded, and then looked at"
)]
fn least(limit: f64) -> f32 {
    let near = limit as f32;
    if f64::from(near) < limit {
        near.next_up()
    } else {
        near
    }
}

/// How many of a part are not below `limit`.
fn reaches(part: &[u32], limit: u32) -> usize {
    let reaching: u32 = part.iter().map(|bits| u32::from(*bits >= limit)).sum();
    reaching as usize
}

/// What passes one slot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Activations {
    /// The name of the slot's place in the host.
    pub place: String,
    /// Mean over rows and units.
    pub mean: f64,
    /// Standard deviation over rows and units.
    pub deviation: f64,
    /// Units that give 0 for every row.
    pub dead: usize,
    /// Units in all.
    pub units: usize,
}

/// How far the gate of one seed is open, over the validation rows; each value is from 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Openness {
    /// The seed.
    pub seed: SeedId,
    /// Mean over the rows.
    pub mean: f64,
    /// Standard deviation over the rows.
    pub deviation: f64,
    /// The least, the quartiles and the most: a quarter of the rows lies between two of them.
    pub quartiles: [f64; 5],
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the logarithm has it, on both sides of each limit too.
    #[test]
    fn a_bucket_is_the_power_of_ten() {
        let last = GradientSpread::BUCKETS - 1;
        let around = (-14..6).flat_map(|power| {
            let limit = 10_f32.powi(power);
            [limit.next_down(), limit, -limit.next_up(), limit * 3.0]
        });
        let bucket_of = |value: f32| {
            let power = f64::from(value.abs()).log10().floor();
            let above = power - f64::from(GradientSpread::LOWEST) + 1.0;
            (0..last).find(|&at| above <= at as f64).unwrap_or(last)
        };
        for value in around.chain([f32::INFINITY, f32::NAN]) {
            let found = GradientSpread::of(None, &[value, 0.0]);
            let mut powers = vec![0; GradientSpread::BUCKETS];
            powers[bucket_of(value)] = 1;
            assert_eq!((found.zeros, found.powers), (1, powers), "{value}");
        }
    }
}
