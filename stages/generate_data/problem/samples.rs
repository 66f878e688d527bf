use kaslite_random::NumpyGenerator;

use super::Dataset;

/// Samples in double precision while they are made: a row of features and a class each.
#[derive(Debug, Default)]
pub(super) struct Samples {
    rows: Vec<(Vec<f64>, i64)>,
}

impl Samples {
    pub(super) fn push(&mut self, features: Vec<f64>, class: i64) {
        self.rows.push((features, class));
    }

    pub(super) fn extend(&mut self, other: Self) {
        self.rows.extend(other.rows);
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Multiplies the first feature of each sample.
    pub(super) fn stretch(&mut self, factor: f64) {
        for first in self
            .rows
            .iter_mut()
            .filter_map(|(features, _)| features.first_mut())
        {
            *first *= factor;
        }
    }

    /// Adds what `draw` gives to each feature, row by row.
    pub(super) fn add_noise(&mut self, mut draw: impl FnMut() -> f64) {
        for feature in self.rows.iter_mut().flat_map(|(features, _)| features) {
            *feature += draw();
        }
    }

    /// Puts the sample at `order[i]` in place `i`; `order` is a permutation.
    pub(super) fn reorder(&mut self, order: &[usize]) {
        let mut take = |&from| self.rows.get_mut(from).map(std::mem::take);
        self.rows = order.iter().filter_map(&mut take).collect();
    }

    /// Gives each sample standard normal features until it has `dim` of them.
    pub(super) fn pad(&mut self, dim: usize, generator: &mut NumpyGenerator) {
        for (features, _) in &mut self.rows {
            while features.len() < dim {
                features.push(generator.standard_normal());
            }
        }
    }

    /// The samples in `float32`, with `dim` features each.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the set is kept in float32"
    )]
    pub(super) fn into_dataset(self, dim: usize) -> Dataset {
        let n = self.rows.len();
        let x = self
            .rows
            .iter()
            .flat_map(|(features, _)| features)
            .map(|&value| value as f32);
        Dataset {
            x: x.collect(),
            y: self.rows.iter().map(|&(_, class)| class).collect(),
            n,
            d: dim,
        }
    }
}
