use serde::{Deserialize, Serialize};

/// Epochs between two falls of the learning rate.
const EPOCHS: usize = 20;
/// What the learning rate is multiplied by at each fall.
const FACTOR: f64 = 0.1;

/// A learning rate that falls to a tenth every 20 epochs, as torch's `StepLR(20, 0.1)`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct StepSchedule {
    learning_rate: f64,
    epochs: usize,
}

impl StepSchedule {
    pub(crate) fn new(learning_rate: f64) -> Self {
        Self {
            learning_rate,
            epochs: 0,
        }
    }

    pub(crate) fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    /// Counts one epoch of training.
    pub(crate) fn finish_epoch(&mut self) {
        self.epochs += 1;
        if self.epochs.is_multiple_of(EPOCHS) {
            self.learning_rate *= FACTOR;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(
        clippy::float_cmp,
        reason = "the rates are products of the same factors"
    )]
    fn the_rate_falls_after_twenty_and_forty_epochs() {
        let mut schedule = StepSchedule::new(0.001);
        let rates: Vec<f64> = (0..41)
            .map(|_| {
                let rate = schedule.learning_rate();
                schedule.finish_epoch();
                rate
            })
            .collect();
        assert_eq!(
            (rates[19], rates[20], rates[39]),
            (0.001, 0.001 * 0.1, 0.001 * 0.1)
        );
        assert_eq!(rates[40], 0.001 * 0.1 * 0.1);
    }
}
