use tch::{Kind, Reduction, Tensor};

/// Label that the cross-entropy would leave out; no class has it.
const IGNORED_LABEL: i64 = -100;

/// The cross-entropy of one batch, with its way back.
pub(crate) struct TaskLoss<'batch> {
    log_shares: Tensor,
    labels: &'batch Tensor,
    loss: Tensor,
}

impl<'batch> TaskLoss<'batch> {
    /// For logits `[rows, classes]` and labels `[rows]`.
    pub(crate) fn new(logits: &Tensor, labels: &'batch Tensor) -> Self {
        let log_shares = logits.internal_log_softmax(1, false);
        let loss = log_shares.nll_loss(labels);
        Self {
            log_shares,
            labels,
            loss,
        }
    }

    /// Mean over the rows, a scalar tensor.
    pub(crate) fn value(&self) -> &Tensor {
        &self.loss
    }

    /// With respect to the logits.
    pub(crate) fn gradient(&self) -> Tensor {
        let rows = self.labels.size1().unwrap_or_default() as f64;
        let total_weight = self.loss.full_like(rows);
        let of_shares = self.log_shares.nll_loss_backward(
            &self.loss.ones_like(),
            self.labels,
            None::<Tensor>,
            Reduction::Mean,
            IGNORED_LABEL,
            &total_weight,
        );
        Tensor::internal_log_softmax_backward_data(&of_shares, &self.log_shares, 1, Kind::Float)
    }
}
