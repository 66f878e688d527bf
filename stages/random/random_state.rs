use rand_mt::Mt;

use crate::bounded::{self, Bits};
use crate::double;

/// `numpy.random.RandomState(seed)`, `NumPy`'s legacy generator, which scikit-learn uses: MT19937.
#[derive(Clone, Debug)]
pub struct RandomState {
    twister: Mt,
    /// The second number of the pair that the polar method makes.
    spare_normal: Option<f64>,
}

impl RandomState {
    /// A generator as `RandomState(seed)` makes it.
    pub fn new(seed: u32) -> Self {
        Self {
            twister: Mt::new(seed),
            spare_normal: None,
        }
    }

    /// A number in `[0, 1)` with 53 random bits (`random_sample()`).
    pub fn random_sample(&mut self) -> f64 {
        double::from_words(self.twister.next_u32(), self.twister.next_u32())
    }

    /// A number in `[low, high)` (`uniform(low, high)`).
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.random_sample()
    }

    /// A number with the given mean and standard deviation (`normal(mean, deviation)`).
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        mean + deviation * self.standard_normal()
    }

    /// A number with mean 0 and variance 1 (`standard_normal()`), by Marsaglia's polar method: of a
    /// pair, the second number comes first.
    pub fn standard_normal(&mut self) -> f64 {
        if let Some(spare) = self.spare_normal.take() {
            return spare;
        }
        loop {
            let first = 2.0 * self.random_sample() - 1.0;
            let second = 2.0 * self.random_sample() - 1.0;
            let square = first * first + second * second;
            if square < 1.0 && square != 0.0 {
                let factor = (-2.0 * square.ln() / square).sqrt();
                self.spare_normal = Some(factor * first);
                return factor * second;
            }
        }
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

impl Bits for RandomState {
    fn bits_32(&mut self) -> u32 {
        self.twister.next_u32()
    }

    fn bits_64(&mut self) -> u64 {
        self.twister.next_u64()
    }
}
