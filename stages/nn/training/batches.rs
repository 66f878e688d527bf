use tch::{Device, Tensor};

use crate::data::{Data, Split};
use crate::error::DataError;

/// Rows that a validation pass computes at once, at least; whole batches, so that the batches'
/// means can be told apart.
const VALIDATION_ROWS: usize = 4096;

/// The scaled rows as tensors, training and validation apart.
pub(super) struct Batches {
    train: Rows,
    validation: Rows,
    train_batch: usize,
}

/// Features `[rows, input_dim]` float32 and labels `[rows]` int64.
pub(super) struct Rows {
    pub(super) features: Tensor,
    pub(super) labels: Tensor,
}

impl Batches {
    pub(super) fn new(
        data: &Data,
        split: &Split,
        batch_size: usize,
        device: Device,
    ) -> Result<Self, DataError> {
        Ok(Self {
            train: Rows::new(&data.select(&split.train)?, device),
            validation: Rows::new(&data.select(&split.validation)?, device),
            train_batch: batch_size,
        })
    }

    /// Rows that train and that validate.
    pub(super) fn rows(&self) -> usize {
        self.train.len() + self.validation.len()
    }

    pub(super) fn train_rows(&self) -> usize {
        self.train.len()
    }

    /// `[rows, input_dim]`, in the order in which they were drawn.
    pub(super) fn train_features(&self) -> &Tensor {
        &self.train.features
    }

    pub(super) fn validation_rows(&self) -> usize {
        self.validation.len()
    }

    /// Rows in a validation batch.
    pub(super) fn validation_batch(&self) -> i64 {
        to_i64(self.train_batch.saturating_mul(2))
    }

    /// The training batches of an epoch that visits the rows in `order`; the last may be smaller.
    pub(super) fn train(&self, order: &[usize]) -> Vec<Rows> {
        let order: Vec<i64> = order.iter().map(|&row| to_i64(row)).collect();
        let order = Tensor::from_slice(&order).to_device(self.train.labels.device());
        let shuffled = Rows {
            features: self.train.features.index_select(0, &order),
            labels: self.train.labels.index_select(0, &order),
        };
        shuffled.split(to_i64(self.train_batch))
    }

    /// The validation rows in few parts, each of whole validation batches but for the last batch.
    pub(super) fn validation(&self) -> Vec<Rows> {
        let batch = self.train_batch.saturating_mul(2);
        self.validation.split(to_i64(
            VALIDATION_ROWS.div_ceil(batch).saturating_mul(batch),
        ))
    }
}

impl Rows {
    fn new(data: &Data, device: Device) -> Self {
        let shape = [to_i64(data.rows()), to_i64(data.input_dim())];
        Self {
            features: Tensor::from_slice(data.features())
                .view(shape)
                .to_device(device),
            labels: Tensor::from_slice(data.labels()).to_device(device),
        }
    }

    fn len(&self) -> usize {
        self.labels.numel()
    }

    fn split(&self, rows: i64) -> Vec<Self> {
        let features = self.features.split(rows, 0);
        let parts = features.into_iter().zip(self.labels.split(rows, 0));
        parts
            .map(|(features, labels)| Self { features, labels })
            .collect()
    }
}

fn to_i64(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
