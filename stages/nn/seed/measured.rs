use tch::Tensor;

use crate::config::Landing;
use crate::layer::Tape;
use crate::seed::{Coupling, Operator, Seed};

/// Floor of the norms in the cosine, torch's default.
const COSINE_EPSILON: f64 = 1e-8;

impl Seed {
    /// 1 − mean cosine between the rows of `x` and what the seed gives for them, in 0..=2.
    pub(crate) fn drift(&self, x: &Tensor, landing: Landing) -> Option<f64> {
        let output = self.output(x, landing, &mut Tape::off())?;
        let cosine = Tensor::cosine_similarity(x, &output, -1, COSINE_EPSILON);
        Some(1.0 - cosine.mean(None).double_value(&[]))
    }

    /// How far its gate is open for each row of `x`, `[rows, 1]`; none where it does not join through
    /// a gate.
    pub(crate) fn openness(&self, x: &Tensor, landing: Landing) -> Option<Tensor> {
        match self.role(landing).coupling {
            Coupling::Blend {
                operator: Operator::Gate,
                ..
            } => self.child()?.gate(x, &mut Tape::off()),
            Coupling::Absent
            | Coupling::StraightThrough
            | Coupling::Sum
            | Coupling::Blend {
                operator: Operator::Add | Operator::Multiply,
                ..
            } => None,
        }
    }
}
