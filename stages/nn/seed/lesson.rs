use serde::{Deserialize, Serialize};

/// What a germinated seed learns until it blends in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lesson {
    /// To reproduce what it gets, as the Python original has it.
    #[default]
    Reproduction,
    /// The task, straight through: the seed gives what it gets, but the gradient of what it gives
    /// reaches the child as if the child gave it. What the seed gets is held fast, so nothing
    /// below the seed learns through it.
    Task,
}
