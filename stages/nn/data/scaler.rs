use serde::{Deserialize, Serialize};

use crate::data::Data;

/// Brings each feature to mean 0 and standard deviation 1, as scikit-learn's `StandardScaler`
/// does: population deviation, statistics in float64, values in float32.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scaler {
    mean: Vec<f64>,
    scale: Vec<f64>,
}

impl Scaler {
    /// Measures every row of `data`. A feature that does not vary is shifted, not divided.
    pub fn fit(data: &Data) -> Self {
        let (mean, scale) = (0..data.input_dim())
            .map(|column| mean_and_scale(data, column))
            .unzip();
        Self { mean, scale }
    }

    /// The scaled rows, with the labels unchanged.
    ///
    /// # Errors
    /// None; a row of another width than the fitted one is the caller's to refuse, see
    /// [`Scaler::input_dim`].
    pub fn transform(&self, data: &Data) -> Data {
        let columns = self.mean.iter().zip(&self.scale).cycle();
        let scaled = |(&value, (&mean, &scale)): (&f32, (&f64, &f64))| {
            (value - narrow(mean)) / narrow(scale)
        };
        data.with_features(data.features().iter().zip(columns).map(scaled).collect())
    }

    /// Features in a row.
    pub fn input_dim(&self) -> usize {
        self.mean.len()
    }

    /// What is subtracted from each feature.
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// What each feature is divided by: its standard deviation, or 1 where it does not vary.
    pub fn scale(&self) -> &[f64] {
        &self.scale
    }
}

/// Mean, then the squares around it with the correction for the mean's own rounding error:
/// Chan, Golub and `LeVeque`, "Algorithms for computing the sample variance" (1983), equation 1.7.
fn mean_and_scale(data: &Data, column: usize) -> (f64, f64) {
    let values = || {
        data.features()
            .iter()
            .skip(column)
            .step_by(data.input_dim())
            .map(|&v| f64::from(v))
    };
    let rows = data.rows() as f64;
    let mean = values().sum::<f64>() / rows;
    let residue: f64 = values().map(|value| value - mean).sum();
    let squares: f64 = values().map(|value| (value - mean).powi(2)).sum();
    let variance = (squares - residue * residue / rows) / rows;
    let noise = rows * f64::EPSILON * variance + (rows * mean * f64::EPSILON).powi(2);
    (
        mean,
        if variance <= noise {
            1.0
        } else {
            variance.sqrt()
        },
    )
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the scaled features are float32"
)]
fn narrow(value: f64) -> f32 {
    value as f32
}
