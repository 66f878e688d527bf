use tch::{Device, Tensor};

use crate::model::{correct_rows, right_rows};

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
        if self.logits.is_empty() {
            return Vec::new();
        }
        let (logits, labels) = (Tensor::cat(&self.logits, 0), Tensor::cat(&self.labels, 0));
        let right = right_rows(&logits, &labels).to_device(Device::Cpu);
        let mut rows = vec![false; right.numel()];
        right.copy_data(&mut rows, right.numel());
        let mut rows = rows.into_iter();
        let share = |labels: &Tensor| {
            let right = rows.by_ref().take(labels.numel()).filter(|right| *right);
            right.count() as f64 / labels.numel() as f64
        };
        self.labels.iter().map(share).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_batch_counts_its_own_rows() {
        let mut answers = Answers::default();
        assert_eq!((answers.by_batch(), answers.accuracy()), (Vec::new(), None));
        let logits = Tensor::from_slice(&[2.0_f32, 1.0, 0.0, 3.0, 1.0, 0.0, 0.5, 0.0]).view([4, 2]);
        answers.push(
            logits.shallow_clone(),
            &Tensor::from_slice(&[0_i64, 1, 0, 1]),
        );
        answers.push(logits.narrow(0, 0, 2), &Tensor::from_slice(&[1_i64, 1]));
        assert_eq!(answers.by_batch(), [0.75, 0.5]);
        assert_eq!(answers.accuracy(), Some(4.0 / 6.0));
    }
}
