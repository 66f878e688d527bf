use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Where a seed stands in its life.
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

/// A move that a seed's life does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a seed cannot go from {from} to {to}")]
pub struct IllegalTransition {
    /// Where the seed stands.
    pub from: SeedState,
    /// Where it was to go.
    pub to: SeedState,
}

impl SeedState {
    /// The state `to`, if a seed may go there from here in one move.
    ///
    /// # Errors
    /// [`IllegalTransition`] for every move but dormant → training → blending → active.
    pub fn transition(self, to: Self) -> Result<Self, IllegalTransition> {
        let next = match self {
            Self::Dormant => Some(Self::Training),
            Self::Training => Some(Self::Blending),
            Self::Blending => Some(Self::Active),
            Self::Active => None,
        };
        if next == Some(to) {
            Ok(to)
        } else {
            Err(IllegalTransition { from: self, to })
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [SeedState; 4] = [
        SeedState::Dormant,
        SeedState::Training,
        SeedState::Blending,
        SeedState::Active,
    ];

    #[test]
    fn only_the_next_state_may_follow() {
        for (place, from) in ALL.into_iter().enumerate() {
            for (target, to) in ALL.into_iter().enumerate() {
                let legal = target == place + 1;
                assert_eq!(from.transition(to).is_ok(), legal, "{from} to {to}");
            }
        }
    }

    #[test]
    fn a_refusal_names_both_ends() {
        let refusal = SeedState::Active
            .transition(SeedState::Dormant)
            .unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "a seed cannot go from active to dormant"
        );
    }
}
