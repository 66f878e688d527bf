//! [`RunStatus`]: what a run is worth.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a run is worth, as a person judges it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunStatus {
    /// Something was tried.
    #[default]
    Exploratory,
    /// Worth keeping.
    Keep,
    /// What others are measured against.
    Baseline,
    /// It failed, or what was tried did.
    Failed,
}

const ALL: [RunStatus; 4] = [
    RunStatus::Exploratory,
    RunStatus::Keep,
    RunStatus::Baseline,
    RunStatus::Failed,
];

impl RunStatus {
    /// Whether a record with it is not removed by mistake.
    pub fn is_kept(self) -> bool {
        match self {
            Self::Keep | Self::Baseline => true,
            Self::Exploratory | Self::Failed => false,
        }
    }
}

impl fmt::Display for RunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Exploratory => "exploratory",
            Self::Keep => "keep",
            Self::Baseline => "baseline",
            Self::Failed => "failed",
        })
    }
}

impl FromStr for RunStatus {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = ALL.into_iter().find(|status| status.to_string() == text);
        found.ok_or_else(|| {
            let words = ALL.map(|status| status.to_string()).join(", ");
            format!("write one of {words}")
        })
    }
}
