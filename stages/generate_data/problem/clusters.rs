use std::f64::consts::PI;

use kaslite_random::{NumpyGenerator, RandomState};

use super::samples::Samples;
use super::{Dataset, ProblemError, check};

/// Normal clouds; every other one is class 1, the first one is class 0.
///
/// The centres lie on a circle in two dimensions and on a helix over a sphere in three, where the
/// first one is the pole; in more, the first two coordinates lie on the circle and the others are
/// standard normal, all times `cluster_sep`.
#[derive(Clone, Debug, PartialEq)]
pub struct Clusters {
    /// How many clouds, 1 or more; one alone gives a single class.
    pub cluster_count: usize,
    /// How many samples a cloud has, 1 or more.
    pub cluster_size: usize,
    /// The standard deviation of a cloud, above 0.
    pub cluster_std: f64,
    /// The distance of the centres from the origin (in the circle's plane where there are more than
    /// three dimensions), above 0.
    pub cluster_sep: f64,
    /// How many features, 2 or more.
    pub input_dim: usize,
}

impl Clusters {
    pub(super) fn generate(&self, rng_seed: u64) -> Result<Dataset, ProblemError> {
        let n = check::total(
            ("cluster_count", self.cluster_count),
            ("cluster_size", self.cluster_size),
        )?;
        check::positive("cluster_std", self.cluster_std)?;
        check::positive("cluster_sep", self.cluster_sep)?;
        check::at_least("input_dim", 2, self.input_dim)?;

        let centres = self.centres(&mut NumpyGenerator::new(rng_seed));
        let mut generator = RandomState::new(check::legacy_seed(rng_seed)?);
        let mut samples = Samples::default();
        for (index, centre) in centres.iter().enumerate() {
            for _ in 0..self.cluster_size {
                let around = |&mean: &f64| generator.normal(mean, self.cluster_std);
                samples.push(
                    centre.iter().map(around).collect(),
                    i64::from(index % 2 == 1),
                );
            }
        }
        samples.reorder(&generator.permutation(n));
        Ok(samples.into_dataset(self.input_dim))
    }

    fn centres(&self, generator: &mut NumpyGenerator) -> Vec<Vec<f64>> {
        let count = self.cluster_count as f64;
        let centre = |index: usize| -> Vec<f64> {
            let angle = 2.0 * PI * index as f64 / count;
            let mut centre = vec![angle.cos(), angle.sin()];
            if self.input_dim == 3 {
                let elevation = PI * index as f64 / count;
                for part in &mut centre {
                    *part *= elevation.sin();
                }
                centre.push(elevation.cos());
            }
            centre.resize_with(self.input_dim, || generator.standard_normal());
            centre.iter().map(|part| self.cluster_sep * part).collect()
        };
        (0..self.cluster_count).map(centre).collect()
    }
}
