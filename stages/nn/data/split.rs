use kaslite_random::TorchGenerator;
use serde::{Deserialize, Serialize};

use crate::error::DataError;

/// Which rows train and which validate, each in the order in which they were drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// Rows to train on.
    pub train: Vec<usize>,
    /// Rows to validate on.
    pub validation: Vec<usize>,
}

impl Split {
    /// Divides `rows` rows: the first `train_frac` of a random permutation trains, as torch's
    /// `random_split` does. Consumes one permutation of `generator`.
    ///
    /// # Errors
    /// [`DataError::Split`] when either side would be empty.
    pub fn draw(
        rows: usize,
        train_frac: f64,
        generator: &mut TorchGenerator,
    ) -> Result<Self, DataError> {
        let train_rows = truncated(rows as f64 * train_frac).min(rows);
        let mut train = generator.randperm(rows);
        let validation = train.split_off(train_rows);
        if train.is_empty() || validation.is_empty() {
            return Err(DataError::Split {
                rows,
                train_frac: train_frac.to_string(),
                train: train.len(),
                validation: validation.len(),
            });
        }
        Ok(Self { train, validation })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a row count, rounded down as the original does; `as` saturates"
)]
fn truncated(rows: f64) -> usize {
    rows as usize
}
