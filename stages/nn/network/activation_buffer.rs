use std::cell::RefCell;
use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use tch::{Device, Tensor};

use crate::checkpoint::Floats;
use crate::network::RowMoments;

/// Batches that a buffer keeps; the oldest one leaves for the next.
const CAPACITY: usize = 500;
/// Batches without which neither a health signal nor a shadow step is to be had.
const ENOUGH: usize = 10;

/// What the seeds behind one layer have been given of late, batch by batch.
///
/// All of them get the same input, so they share the buffer. It holds the activations themselves,
/// not copies of them, as nothing writes to an activation; its memory is bounded by 500 batches.
#[derive(Default)]
pub(crate) struct ActivationBuffer {
    batches: VecDeque<Tensor>,
    /// The moments of the first so many batches; the rest are measured when they are asked for.
    measured: RefCell<VecDeque<RowMoments>>,
}

/// What an [`ActivationBuffer`] goes on from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct BufferState {
    batches: Vec<Floats>,
    measured: VecDeque<RowMoments>,
}

impl ActivationBuffer {
    /// Goes on from `state`.
    pub(crate) fn restored(state: &BufferState, device: Device) -> Self {
        let batches = state.batches.iter().map(|batch| batch.tensor(device));
        Self {
            batches: batches.collect(),
            measured: RefCell::new(state.measured.clone()),
        }
    }

    /// What [`ActivationBuffer::restored`] takes.
    pub(crate) fn state(&self) -> BufferState {
        BufferState {
            batches: self.batches.iter().map(Floats::of).collect(),
            measured: self.measured.borrow().clone(),
        }
    }

    /// Appends a batch `[rows, dim]` that is detached from the autograd graph.
    pub(crate) fn push(&mut self, batch: Tensor) {
        if self.batches.len() == CAPACITY {
            self.batches.pop_front();
            self.measured.get_mut().pop_front();
        }
        self.batches.push_back(batch);
    }

    pub(crate) fn clear(&mut self) {
        self.batches.clear();
        self.measured.get_mut().clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.batches.len()
    }

    pub(crate) fn has_enough(&self) -> bool {
        self.len() >= ENOUGH
    }

    /// The batches at `positions`, one below the other, in that order.
    pub(crate) fn rows_of(&self, positions: &[usize]) -> Tensor {
        let picked: Vec<&Tensor> = positions.iter().map(|&at| &self.batches[at]).collect();
        Tensor::cat(&picked, 0)
    }

    /// Mean over the features of the variance over all rows; nothing before ten batches are in.
    pub(crate) fn health(&self) -> Option<f64> {
        if !self.has_enough() {
            return None;
        }
        self.measure();
        RowMoments::mean_variance(self.measured.borrow().iter())
    }

    fn measure(&self) {
        let mut measured = self.measured.borrow_mut();
        let pending: Vec<&Tensor> = self.batches.range(measured.len()..).collect();
        for equal in pending.chunk_by(|one, other| one.size() == other.size()) {
            measured.extend(RowMoments::of_batches(equal));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(value: f32) -> Tensor {
        Tensor::from_slice(&[value, 0.0, value + 1.0, 0.0]).view([2, 2])
    }

    #[test]
    fn health_waits_for_ten_batches() {
        let mut buffer = ActivationBuffer::default();
        for _ in 0..9 {
            buffer.push(batch(1.0));
        }
        assert_eq!(buffer.health(), None);
        buffer.push(batch(1.0));
        assert!(buffer.health().is_some());
    }

    #[test]
    fn the_oldest_batch_leaves_and_no_longer_counts() {
        let mut buffer = ActivationBuffer::default();
        buffer.push(batch(1e6));
        for _ in 1..CAPACITY {
            buffer.push(batch(1.0));
        }
        let before = buffer.health().unwrap();
        buffer.push(batch(1.0));
        let after = buffer.health().unwrap();
        assert_eq!(buffer.len(), CAPACITY);
        assert!(
            before > 1e6 && (after - 0.125).abs() < 1e-3,
            "{before} {after}"
        );
    }
}
