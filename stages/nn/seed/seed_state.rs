use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a seed stands in its life, in the four words of the Python original: a view of
/// [`LifeStage`](crate::LifeStage).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeedState {
    /// Nothing has grown; the seed gives what it gets.
    Dormant,
    /// The child learns to reproduce what the seed gets, and does not yet show in its output.
    Training,
    /// The child's output replaces the seed's input little by little.
    Blending,
    /// The child shows in full and learns the task.
    Active,
}

impl SeedState {
    /// Whether the child shows in what the seed gives.
    pub fn shows(self) -> bool {
        match self {
            Self::Dormant | Self::Training => false,
            Self::Blending | Self::Active => true,
        }
    }

    /// Whether the seed has germinated.
    pub fn is_grown(self) -> bool {
        self != Self::Dormant
    }
}

impl fmt::Display for SeedState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Dormant => "dormant",
            Self::Training => "training",
            Self::Blending => "blending",
            Self::Active => "active",
        })
    }
}
