use tch::{Device, Kind, Tensor};

use crate::error::{LossKind, NnError, NonFinite};

/// The losses of one epoch, kept on the device and read in one go.
#[derive(Default)]
pub(super) struct LossLog {
    losses: Vec<Tensor>,
    /// Number and weight of each.
    batches: Vec<(usize, usize)>,
}

impl LossLog {
    /// Notes the loss, a scalar tensor, of `batch`, from 1.
    pub(super) fn push(&mut self, batch: usize, loss: &Tensor) {
        self.weigh(batch, loss, 1);
    }

    /// Notes the loss of a batch that counts `weight` times.
    pub(super) fn weigh(&mut self, batch: usize, loss: &Tensor, weight: usize) {
        self.losses.push(loss.shallow_clone());
        self.batches.push((batch, weight));
    }

    /// The losses, one after the other.
    pub(super) fn values(&self) -> Vec<f64> {
        let mut values = vec![0.0_f64; self.losses.len()];
        if !self.losses.is_empty() {
            let stacked = Tensor::stack(&self.losses, 0).to_kind(Kind::Double);
            let stacked = stacked.to_device(Device::Cpu);
            stacked.copy_data(&mut values, self.losses.len());
        }
        values
    }

    /// Weighed mean of the losses; none if there are none.
    ///
    /// # Errors
    /// [`NnError::NonFiniteLoss`] for the first loss that is NaN or infinite.
    pub(super) fn mean(&self, kind: LossKind, epoch: usize) -> Result<Option<f64>, NnError> {
        if self.losses.is_empty() {
            return Ok(None);
        }
        let values = self.values();
        for (&value, &(batch, _)) in values.iter().zip(&self.batches) {
            if !value.is_finite() {
                let value = if value.is_nan() {
                    NonFinite::Nan
                } else {
                    NonFinite::Infinite
                };
                return Err(NnError::NonFiniteLoss {
                    loss: kind,
                    value,
                    epoch,
                    batch,
                });
            }
        }
        let weights = || self.batches.iter().map(|&(_, weight)| weight as f64);
        let total: f64 = values.iter().zip(weights()).map(|(v, w)| v * w).sum();
        Ok(Some(total / weights().sum::<f64>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(losses: &[f32]) -> LossLog {
        let mut log = LossLog::default();
        for (batch, &loss) in (1..).zip(losses) {
            log.push(batch, &Tensor::from(loss));
        }
        log
    }

    #[test]
    fn the_mean_weighs_every_batch_alike() {
        let mean = |losses: &[f32]| log(losses).mean(LossKind::Training, 1).unwrap();
        assert_eq!(mean(&[0.5, 1.5, 4.0]), Some(2.0));
        assert_eq!(mean(&[]), None);
        let mut uneven = log(&[0.5]);
        uneven.weigh(2, &Tensor::from(2.0_f32), 2);
        assert_eq!(uneven.mean(LossKind::Training, 1).unwrap(), Some(1.5));
    }

    #[test]
    fn the_first_loss_that_is_no_number_is_named() {
        let error = log(&[0.5, 1.0, f32::NAN, f32::INFINITY]).mean(LossKind::Training, 12);
        assert_eq!(
            error.unwrap_err().to_string(),
            "loss became NaN at epoch 12, batch 3"
        );
        let error = log(&[f32::INFINITY]).mean(LossKind::Validation, 2);
        let text = "validation loss became infinite at epoch 2, batch 1";
        assert_eq!(error.unwrap_err().to_string(), text);
    }
}
