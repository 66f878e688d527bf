use tch::Tensor;

use crate::config::Landing;
use crate::layer::Tape;
use crate::seed::{Coupling, Operator, Seed, drift};

impl Seed {
    /// [`drift`] of what the seed gives for the rows of `x`.
    pub(crate) fn drift(&self, x: &Tensor, landing: Landing) -> Option<f64> {
        let output = self.output(x, landing, &mut Tape::off())?;
        Some(drift(x, &output))
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
