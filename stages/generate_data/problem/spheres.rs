use std::f64::consts::PI;

use kaslite_random::NumpyGenerator;

use super::samples::Samples;
use super::{Dataset, ProblemError, check};

/// Concentric shells; every other one is class 1, the first one is class 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Spheres {
    /// How many shells, 1 or more; one alone gives a single class.
    pub sphere_count: usize,
    /// How many samples a shell has, 1 or more.
    pub sphere_size: usize,
    /// The radius of each shell, above 0.
    pub sphere_radii: Vec<f64>,
    /// The standard deviation of the noise, 0 or more.
    pub sphere_noise: f64,
    /// How many features, 2 or more.
    pub input_dim: usize,
}

impl Spheres {
    pub(super) fn generate(&self, rng_seed: u64) -> Result<Dataset, ProblemError> {
        self.check()?;
        let mut generator = NumpyGenerator::new(rng_seed);
        let mut samples = Samples::default();
        for (index, &radius) in self.sphere_radii.iter().enumerate() {
            samples.extend(self.shell(radius, i64::from(index % 2 == 1), &mut generator));
        }
        samples.reorder(&generator.permutation(samples.len()));
        Ok(samples.into_dataset(self.input_dim))
    }

    fn check(&self) -> Result<(), ProblemError> {
        check::total(
            ("sphere_count", self.sphere_count),
            ("sphere_size", self.sphere_size),
        )?;
        check::not_negative("sphere_noise", self.sphere_noise)?;
        check::at_least("input_dim", 2, self.input_dim)?;
        let radii = self.sphere_radii.len();
        if radii != self.sphere_count {
            return Err(ProblemError::Radii {
                radii,
                spheres: self.sphere_count,
            });
        }
        self.sphere_radii
            .iter()
            .try_for_each(|&radius| check::positive("sphere_radii", radius))
    }

    fn shell(&self, radius: f64, class: i64, generator: &mut NumpyGenerator) -> Samples {
        let mut samples = Samples::default();
        for point in self.directions(generator) {
            samples.push(point.iter().map(|part| part * radius).collect(), class);
        }
        if self.sphere_noise > 0.0 {
            samples.add_noise(|| generator.normal(0.0, self.sphere_noise));
        }
        samples
    }

    /// Points on the unit sphere: by an angle in two dimensions, by azimuth and height in three,
    /// else by normal vectors of length 1.
    fn directions(&self, generator: &mut NumpyGenerator) -> Vec<Vec<f64>> {
        let size = self.sphere_size;
        match self.input_dim {
            2 => (0..size)
                .map(|_| generator.uniform(0.0, 2.0 * PI))
                .map(|angle| vec![angle.cos(), angle.sin()])
                .collect(),
            3 => {
                let azimuths: Vec<f64> = (0..size).map(|_| generator.uniform(0.0, 1.0)).collect();
                let heights = (0..size).map(|_| generator.uniform(0.0, 1.0));
                azimuths
                    .iter()
                    .zip(heights)
                    .map(|(u, v)| on_sphere(*u, v))
                    .collect()
            }
            dim => (0..size)
                .map(|_| {
                    (0..dim)
                        .map(|_| generator.standard_normal())
                        .collect::<Vec<f64>>()
                })
                .map(|vector| unit(&vector))
                .collect(),
        }
    }
}

/// The point with the azimuth `u` turns and the height `2v - 1`.
fn on_sphere(u: f64, v: f64) -> Vec<f64> {
    let azimuth = 2.0 * PI * u;
    let polar = (2.0 * v - 1.0).acos();
    vec![
        polar.sin() * azimuth.cos(),
        polar.sin() * azimuth.sin(),
        polar.cos(),
    ]
}

fn unit(vector: &[f64]) -> Vec<f64> {
    let length = vector.iter().map(|part| part * part).sum::<f64>().sqrt();
    vector.iter().map(|part| part / length).collect()
}
