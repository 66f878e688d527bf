use serde::{Deserialize, Serialize};

/// How a child joins what its seed gets. With `x` for that, `s` for what the child gives for it
/// and `a` for alpha; each is the identity at `a` = 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// `x + a (s − x)`.
    #[default]
    Add,
    /// `x (1 + a tanh(s − x))`.
    Multiply,
    /// `x + a g(x) (s − x)`, where a small network of the child's own opens the gate `g`, 0..=1,
    /// for each row.
    Gate,
}
