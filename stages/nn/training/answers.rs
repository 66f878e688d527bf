use tch::Tensor;

use crate::model::correct_rows;

/// What the network answered to the rows of an epoch, counted in one go.
#[derive(Default)]
pub(super) struct Answers {
    logits: Vec<Tensor>,
    labels: Vec<Tensor>,
}

impl Answers {
    /// Notes a batch: logits `[rows, classes]` and labels `[rows]`.
    pub(super) fn push(&mut self, logits: Tensor, labels: &Tensor) {
        self.logits.push(logits);
        self.labels.push(labels.shallow_clone());
    }

    /// Share of the rows of each batch that were classified rightly.
    pub(super) fn by_batch(&self) -> Vec<f64> {
        let batches = self.logits.iter().zip(&self.labels);
        batches
            .map(|(logits, labels)| correct_rows(logits, labels) as f64 / labels.numel() as f64)
            .collect()
    }

    /// Share of the rows that were classified rightly; none where there are none.
    pub(super) fn accuracy(&self) -> Option<f64> {
        let rows: usize = self.labels.iter().map(Tensor::numel).sum();
        if rows == 0 {
            return None;
        }
        let (logits, labels) = (Tensor::cat(&self.logits, 0), Tensor::cat(&self.labels, 0));
        Some(correct_rows(&logits, &labels) as f64 / rows as f64)
    }
}
