use std::fmt;

use serde::{Deserialize, Serialize};

/// The two parts of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The whole host learns; no seed germinates.
    WarmUp,
    /// The host is frozen; seeds may grow.
    Adaptation,
}

impl fmt::Display for Phase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::WarmUp => "warm-up",
            Self::Adaptation => "adaptation",
        })
    }
}
