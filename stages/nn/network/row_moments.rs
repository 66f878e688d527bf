use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

/// Number of rows, mean and population variance of each feature, in float64.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RowMoments {
    rows: f64,
    mean: Vec<f64>,
    variance: Vec<f64>,
}

impl RowMoments {
    /// Measures batches of equal shape `[rows, dim]` in one go.
    pub(crate) fn of_batches(batches: &[&Tensor]) -> Vec<Self> {
        let Some(first) = batches.first() else {
            return Vec::new();
        };
        let (rows, dim) = (first.size()[0] as f64, first.size()[1]);
        let over_rows = [1_i64].as_slice();
        // Not `var_mean`: its one pass in float64 takes several times as long as these two.
        let stacked = Tensor::stack(batches, 0);
        let mean = stacked.mean_dim(over_rows, true, None);
        let variance = (stacked - &mean).square().mean_dim(over_rows, false, None);
        let (mean, variance) = (to_rows(&mean, dim), to_rows(&variance, dim));
        mean.into_iter()
            .zip(variance)
            .map(|(mean, variance)| Self {
                rows,
                mean,
                variance,
            })
            .collect()
    }

    /// Mean over the features of the (unbiased) variance over the rows of all parts together:
    /// the variance within the parts plus that between their means.
    pub(crate) fn mean_variance<'a>(parts: impl Iterator<Item = &'a Self> + Clone) -> Option<f64> {
        let dim = parts.clone().next()?.mean.len();
        let rows: f64 = parts.clone().map(|part| part.rows).sum();
        let mut mean = vec![0.0; dim];
        for part in parts.clone() {
            let share = part.rows / rows;
            mean.iter_mut()
                .zip(&part.mean)
                .for_each(|(total, value)| *total += share * value);
        }
        let squares: f64 = parts
            .map(|part| {
                let between = part
                    .mean
                    .iter()
                    .zip(&mean)
                    .map(|(value, mean)| (value - mean).powi(2));
                let square: f64 = part.variance.iter().zip(between).map(|(v, b)| v + b).sum();
                part.rows * square
            })
            .sum();
        Some(squares / (rows - 1.0) / dim as f64)
    }
}

fn to_rows(values: &Tensor, dim: i64) -> Vec<Vec<f64>> {
    let count = values.numel();
    let mut flat = vec![0.0_f64; count];
    values
        .to_kind(Kind::Double)
        .contiguous()
        .copy_data(&mut flat, count);
    flat.chunks_exact(usize::try_from(dim).unwrap_or(1).max(1))
        .map(<[f64]>::to_vec)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_measure_as_the_whole() {
        let first = Tensor::from_slice(&[1.0_f32, 2.0, 3.0, 5.0]).view([2, 2]);
        let second = Tensor::from_slice(&[-1.0_f32, 0.5, 4.0, 4.0]).view([2, 2]);
        let third = Tensor::from_slice(&[7.0_f32, 1.0]).view([1, 2]);
        let mut parts = RowMoments::of_batches(&[&first, &second]);
        parts.extend(RowMoments::of_batches(&[&third]));
        let whole = Tensor::cat(&[first, second, third], 0);
        let expected = whole
            .var_dim([0_i64].as_slice(), true, false)
            .mean(None)
            .double_value(&[]);
        let measured = RowMoments::mean_variance(parts.iter()).unwrap();
        assert!((measured - expected).abs() < 1e-6, "{measured} {expected}");
    }
}
