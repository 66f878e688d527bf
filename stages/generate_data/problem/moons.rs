use kaslite_random::NumpyGenerator;

use super::half_moons::half_moons;
use super::{Dataset, ProblemError, check};

/// Two interleaved half circles.
#[derive(Clone, Debug, PartialEq)]
pub struct Moons {
    /// How many samples, 2 or more.
    pub n_samples: usize,
    /// The standard deviation of the noise, 0 or more.
    pub moon_noise: f64,
    /// The first feature is multiplied by this plus 1, 0 or more: it stretches the moons, and does
    /// not part them.
    pub moon_sep: f64,
    /// How many features, 2 or more; those beyond two are standard normal and tell nothing.
    pub input_dim: usize,
}

impl Moons {
    pub(super) fn generate(&self, rng_seed: u64) -> Result<Dataset, ProblemError> {
        check::at_least("n_samples", 2, self.n_samples)?;
        check::not_negative("moon_noise", self.moon_noise)?;
        check::not_negative("moon_sep", self.moon_sep)?;
        check::at_least("input_dim", 2, self.input_dim)?;

        let mut samples = half_moons(
            self.n_samples,
            self.moon_noise,
            check::legacy_seed(rng_seed)?,
        );
        samples.stretch(self.moon_sep + 1.0);
        samples.pad(self.input_dim, &mut NumpyGenerator::new(rng_seed));
        Ok(samples.into_dataset(self.input_dim))
    }
}
