use crate::error::DataError;

/// A table of rows: float32 features `[rows, input_dim]`, row after row, and one label a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Data {
    features: Vec<f32>,
    labels: Vec<i64>,
    input_dim: usize,
}

impl Data {
    /// Takes features, row after row, and the label of each row.
    ///
    /// # Errors
    /// [`DataError::Shape`] when they do not make whole rows, [`DataError::NotFinite`] when a
    /// feature is NaN or infinite. Labels are checked against the classes by [`fit`](crate::fit).
    pub fn new(features: Vec<f32>, labels: Vec<i64>, input_dim: usize) -> Result<Self, DataError> {
        if input_dim == 0 || labels.len().checked_mul(input_dim) != Some(features.len()) {
            let (features, labels) = (features.len(), labels.len());
            return Err(DataError::Shape {
                features,
                labels,
                input_dim,
            });
        }
        if let Some(at) = features.iter().position(|value| !value.is_finite()) {
            return Err(DataError::NotFinite {
                row: at / input_dim,
                column: at % input_dim,
            });
        }
        Ok(Self {
            features,
            labels,
            input_dim,
        })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.labels.len()
    }

    /// Features in a row.
    pub fn input_dim(&self) -> usize {
        self.input_dim
    }

    /// All features, row after row.
    pub fn features(&self) -> &[f32] {
        &self.features
    }

    /// The label of each row.
    pub fn labels(&self) -> &[i64] {
        &self.labels
    }

    /// The rows at `indices`, in that order.
    ///
    /// # Errors
    /// [`DataError::NoRow`] when an index lies beyond the last row.
    pub fn select(&self, indices: &[usize]) -> Result<Self, DataError> {
        let rows = self.rows();
        if let Some(&row) = indices.iter().find(|&&row| row >= rows) {
            return Err(DataError::NoRow { row, rows });
        }
        let row = |&at: &usize| &self.features[at * self.input_dim..(at + 1) * self.input_dim];
        Ok(Self {
            features: indices.iter().flat_map(row).copied().collect(),
            labels: indices.iter().map(|&at| self.labels[at]).collect(),
            input_dim: self.input_dim,
        })
    }

    /// Checks that every label is one of `0..classes`.
    ///
    /// # Errors
    /// [`DataError::Label`] names the first row whose label is not.
    pub fn check_labels(&self, classes: usize) -> Result<(), DataError> {
        let is_class = |label: i64| usize::try_from(label).is_ok_and(|label| label < classes);
        match self.labels.iter().position(|&label| !is_class(label)) {
            None => Ok(()),
            Some(row) => {
                let last = classes.saturating_sub(1);
                Err(DataError::Label {
                    row,
                    label: self.labels[row],
                    last,
                })
            }
        }
    }

    pub(super) fn with_features(&self, features: Vec<f32>) -> Self {
        debug_assert_eq!(features.len(), self.features.len());
        Self {
            features,
            labels: self.labels.clone(),
            input_dim: self.input_dim,
        }
    }
}
