use tch::{Kind, Tensor};

use crate::layer::{Tape, Wanted};
use crate::seed::{Child, Operator};

/// The part that a seed takes in one pass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Role {
    pub(crate) coupling: Coupling,
    /// Whether the gradient of what the child gets ends there.
    pub(crate) isolated: bool,
    /// Whether the child learns from the task's loss.
    pub(crate) learns: bool,
}

/// How the child takes part in what the seed gives for `x`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Coupling {
    /// Not at all: the seed gives `x`, and the child is not asked.
    Absent,
    /// The seed gives `x`; its gradient goes to `x` and to the child alike.
    StraightThrough,
    /// Through the child's operator, with this alpha.
    Blend { operator: Operator, alpha: f64 },
    /// `x + child(x)`.
    Sum,
}

impl Role {
    /// A seed that does nothing.
    pub(crate) const ABSENT: Self = Self {
        coupling: Coupling::Absent,
        isolated: true,
        learns: false,
    };
}

/// The gradient with respect to what a seed got, in two parts.
#[derive(Debug, Default)]
pub(crate) struct InputGradient {
    /// What of the gradient of the seed's output goes straight to its input.
    pub(crate) direct: f64,
    /// What comes on other ways, where it was wanted.
    pub(crate) other: Option<Tensor>,
}

impl InputGradient {
    /// Of a seed that passes on what it gets.
    pub(crate) const STRAIGHT: Self = Self {
        direct: 1.0,
        other: None,
    };
}

impl Role {
    /// What the seed gives for `x` `[rows, dim]`; nothing where it gives `x` itself.
    pub(crate) fn forward(self, child: &Child, x: &Tensor, tape: &mut Tape) -> Option<Tensor> {
        match self.coupling {
            Coupling::Absent => None,
            Coupling::StraightThrough => {
                if tape.is_recording() {
                    let _hidden = child.forward(x, tape);
                }
                None
            }
            Coupling::Sum => Some(x + child.forward(x, tape)),
            Coupling::Blend { operator, alpha } => match operator {
                Operator::Add => Some(blended(x, child.forward(x, tape), alpha)),
                Operator::Multiply => {
                    let bent = (child.forward(x, tape) - x).tanh();
                    tape.keep(x);
                    tape.keep(&bent);
                    Some(x * (bent * alpha + 1.0))
                }
                Operator::Gate => {
                    let open = child.gate(x, tape)?;
                    let difference = child.forward(x, tape) - x;
                    tape.keep(&open);
                    tape.keep(&difference);
                    Some(x + open * alpha * difference)
                }
            },
        }
    }

    /// The way back of the pass that filled `tape`, `gradient` being that of what the seed gave.
    /// Writes the child's gradients if it learns; `input` says whether the seed's input wants one.
    pub(crate) fn backward(
        self,
        child: &Child,
        gradient: &Tensor,
        tape: &mut Tape,
        input: bool,
    ) -> InputGradient {
        let wanted = Wanted {
            weights: self.learns,
            input: input && !self.isolated,
        };
        let through = |gradient: Tensor, tape: &mut Tape| child.backward(gradient, tape, wanted);
        let (direct, other) = match self.coupling {
            Coupling::Absent => (1.0, None),
            Coupling::StraightThrough | Coupling::Sum => {
                (1.0, through(gradient.shallow_clone(), tape))
            }
            Coupling::Blend { operator, alpha } => match operator {
                Operator::Add if alpha < 1.0 => (1.0 - alpha, through(gradient * alpha, tape)),
                Operator::Add => (0.0, through(gradient.shallow_clone(), tape)),
                Operator::Multiply => {
                    let (bent, x) = (tape.take(), tape.take());
                    let of_bent = Tensor::tanh_backward(&(gradient * x * alpha), &bent);
                    let own = input.then(|| gradient * (bent * alpha + 1.0));
                    let apart = wanted.input.then(|| of_bent.neg());
                    (0.0, sum([own, apart, through(of_bent, tape)]))
                }
                Operator::Gate => {
                    let (difference, open) = (tape.take(), tape.take());
                    let share = open * alpha;
                    let own = input.then(|| gradient - gradient * &share);
                    let of_child = gradient * &share;
                    let over_features = [1_i64].as_slice();
                    let of_gate = (gradient * difference * alpha).sum_dim_intlist(
                        over_features,
                        true,
                        Kind::Float,
                    );
                    let back = through(of_child, tape);
                    let gate = child.gate_backward(of_gate, tape, wanted);
                    (0.0, sum([own, back, gate]))
                }
            },
        };
        InputGradient { direct, other }
    }
}

/// What a blend by addition gives of what the seed got and what the child gave.
pub(crate) fn blended(x: &Tensor, child: Tensor, alpha: f64) -> Tensor {
    if alpha < 1.0 {
        x * (1.0 - alpha) + child * alpha
    } else {
        child
    }
}

fn sum<const N: usize>(parts: [Option<Tensor>; N]) -> Option<Tensor> {
    parts.into_iter().flatten().reduce(|one, other| one + other)
}
