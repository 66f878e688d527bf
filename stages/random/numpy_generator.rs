use std::ops::Range;

use rand_core::Rng;
use rand_pcg::Lcg128Xsl64;

use crate::bounded::{self, Bits};
use crate::seed_sequence::SeedSequence;
use crate::{double, words, ziggurat};

/// `numpy.random.default_rng(seed)` of `NumPy` 2: PCG64, seeded through a `SeedSequence`.
#[derive(Clone, Debug)]
pub struct NumpyGenerator {
    core: Lcg128Xsl64,
    /// The high half of a 64-bit draw whose low half was taken as a 32-bit one.
    spare: Option<u32>,
}

impl NumpyGenerator {
    /// A generator as `default_rng(seed)` makes it.
    pub fn new(seed: u64) -> Self {
        let [state_high, state_low, stream_high, stream_low] = SeedSequence::new(seed).state();
        let wide = |high: u64, low: u64| u128::from(high) << 64 | u128::from(low);
        let core = Lcg128Xsl64::new(wide(state_high, state_low), wide(stream_high, stream_low));
        Self { core, spare: None }
    }

    /// A number in `[0, 1)` with 53 random bits (`random()`).
    pub fn random(&mut self) -> f64 {
        double::from_bits(self.core.next_u64())
    }

    /// A number in `[low, high)` (`uniform(low, high)`).
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.random()
    }

    /// A number with mean 0 and variance 1 (`standard_normal()`).
    pub fn standard_normal(&mut self) -> f64 {
        ziggurat::standard_normal(|| self.core.next_u64())
    }

    /// A number with the given mean and standard deviation (`normal(mean, deviation)`).
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        mean + deviation * self.standard_normal()
    }

    /// An integer in the range (`integers(start, end)`); the start of an empty range, without a
    /// draw.
    pub fn integers(&mut self, range: Range<i64>) -> i64 {
        if range.is_empty() {
            return range.start;
        }
        let last = range.end.abs_diff(range.start) - 1;
        range
            .start
            .wrapping_add(bounded::lemire(self, last).cast_signed())
    }

    /// Shuffles in place (`shuffle(array)`).
    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        bounded::shuffle(self, values);
    }

    /// A permutation of `0..length` (`permutation(length)`).
    pub fn permutation(&mut self, length: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..length).collect();
        self.shuffle(&mut order);
        order
    }
}

impl Bits for NumpyGenerator {
    fn bits_32(&mut self) -> u32 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let bits = self.core.next_u64();
        self.spare = Some(words::high(bits));
        words::low(bits)
    }

    fn bits_64(&mut self) -> u64 {
        self.core.next_u64()
    }
}
