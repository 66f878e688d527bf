use std::f64::consts::PI;

use kaslite_random::NumpyGenerator;

use super::samples::Samples;
use super::{Dataset, ProblemError, check};

/// Two spirals, each the other's mirror image through the origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Spirals {
    /// How many samples, 2 or more; an odd number gives one less.
    pub n_samples: usize,
    /// The noise is uniform in `[0, noise)`, the same for a sample and its mirror image.
    pub noise: f64,
    /// How many turns a spiral makes, 1 or more.
    pub rotations: usize,
    /// How many features, 2 or more; those beyond two are standard normal and tell nothing.
    pub input_dim: usize,
}

impl Spirals {
    pub(super) fn generate(&self, rng_seed: u64) -> Result<Dataset, ProblemError> {
        check::at_least("n_samples", 2, self.n_samples)?;
        check::not_negative("noise", self.noise)?;
        check::at_least("rotations", 1, self.rotations)?;
        check::at_least("input_dim", 2, self.input_dim)?;

        let mut generator = NumpyGenerator::new(rng_seed);
        let arm = self.arm(&mut generator);
        let mut samples = Samples::default();
        for &[x, y] in &arm {
            samples.push(vec![x, y], 0);
        }
        for &[x, y] in &arm {
            samples.push(vec![-x, -y], 1);
        }
        samples.pad(self.input_dim, &mut generator);
        Ok(samples.into_dataset(self.input_dim))
    }

    /// The points of the first spiral: all angles are drawn first, then the noise of all x, then of
    /// all y. The angle is also the radius, and its square is uniform.
    fn arm(&self, generator: &mut NumpyGenerator) -> Vec<[f64; 2]> {
        let half = self.n_samples / 2;
        let mut column = || -> Vec<f64> { (0..half).map(|_| generator.random()).collect() };
        let (angles, across, along) = (column(), column(), column());
        let noise = across.iter().zip(&along);
        let point = |(unit, (across, along)): (&f64, (&f64, &f64))| {
            let angle = unit.sqrt() * self.rotations as f64 * 2.0 * PI;
            [
                angle.cos() * angle + across * self.noise,
                angle.sin() * angle + along * self.noise,
            ]
        };
        angles.iter().zip(noise).map(point).collect()
    }
}
