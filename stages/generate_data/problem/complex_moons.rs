use kaslite_random::NumpyGenerator;

use super::half_moons::half_moons;
use super::samples::Samples;
use super::{Dataset, ProblemError, check};

/// Two interleaved half circles and two normal clouds, one of each class above and below them.
#[derive(Clone, Debug, PartialEq)]
pub struct ComplexMoons {
    /// How many samples, 2 or more: half on the moons, half in the clouds.
    pub n_samples: usize,
    /// The standard deviation of the moons' noise, 0 or more.
    pub noise: f64,
    /// How many features, 2 or more; those beyond two are standard normal and tell nothing.
    pub input_dim: usize,
}

impl ComplexMoons {
    pub(super) fn generate(&self, rng_seed: u64) -> Result<Dataset, ProblemError> {
        check::at_least("n_samples", 2, self.n_samples)?;
        check::not_negative("noise", self.noise)?;
        check::at_least("input_dim", 2, self.input_dim)?;

        let on_moons = self.n_samples / 2;
        let in_clouds = self.n_samples - on_moons;
        let mut samples = half_moons(on_moons, self.noise, check::legacy_seed(rng_seed)?);
        let mut generator = NumpyGenerator::new(rng_seed);
        samples.extend(UPPER.draw(in_clouds / 2, &mut generator));
        samples.extend(LOWER.draw(in_clouds - in_clouds / 2, &mut generator));
        samples.reorder(&generator.permutation(samples.len()));
        samples.pad(self.input_dim, &mut generator);
        Ok(samples.into_dataset(self.input_dim))
    }
}

/// √0.3 and √0.2: the square roots of the covariance's eigenvalues 0.6 and 0.4, along axes turned
/// by an eighth.
const LONG: f64 = 0.547_722_557_505_166_1;
const SHORT: f64 = 0.447_213_595_499_957_9;

/// Around (2, 2), with variances 0.5 and covariance 0.1.
const UPPER: Cloud = Cloud {
    centre: 2.0,
    factor: [[-LONG, -SHORT], [-LONG, SHORT]],
    class: 0,
};
/// Around (-2, -2), with variances 0.5 and covariance -0.1.
const LOWER: Cloud = Cloud {
    centre: -2.0,
    factor: [[-LONG, SHORT], [LONG, SHORT]],
    class: 1,
};

/// A normal cloud in two dimensions.
struct Cloud {
    /// Both coordinates of the centre.
    centre: f64,
    /// U·√S of the covariance's singular value decomposition, with LAPACK's signs, by which
    /// `multivariate_normal` multiplies standard normal vectors.
    factor: [[f64; 2]; 2],
    class: i64,
}

impl Cloud {
    fn draw(&self, count: usize, generator: &mut NumpyGenerator) -> Samples {
        let mut samples = Samples::default();
        for _ in 0..count {
            let (first, second) = (generator.standard_normal(), generator.standard_normal());
            let along = |[left, right]: [f64; 2]| self.centre + (first * left + second * right);
            samples.push(self.factor.map(along).to_vec(), self.class);
        }
        samples
    }
}
