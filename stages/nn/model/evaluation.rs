use serde::{Deserialize, Serialize};
use tch::{Reduction, Tensor};

/// Label that the cross-entropy would leave out; no class has it.
const IGNORED_LABEL: i64 = -100;

/// How well a model does on some rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Mean over the rows of the cross-entropy, in nats.
    pub loss: f64,
    /// Share of the rows that were classified rightly, 0..=1.
    pub accuracy: f64,
}

/// Cross-entropy of each row: logits `[rows, classes]` and labels `[rows]` to `[rows]`.
pub(crate) fn row_losses(logits: &Tensor, labels: &Tensor) -> Tensor {
    logits.cross_entropy_loss(labels, None::<Tensor>, Reduction::None, IGNORED_LABEL, 0.0)
}

/// Number of rows whose highest logit is that of their label.
pub(crate) fn correct_rows(logits: &Tensor, labels: &Tensor) -> i64 {
    right_rows(logits, labels)
        .sum(tch::Kind::Int64)
        .int64_value(&[])
}

/// `[rows]`: which rows the logits classify rightly.
pub(crate) fn right_rows(logits: &Tensor, labels: &Tensor) -> Tensor {
    logits.argmax(1, false).eq_tensor(labels)
}
