use serde::{Deserialize, Serialize};

/// How many epochs a blend takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tempo {
    /// 3 epochs.
    Fast,
    /// 5 epochs.
    Standard,
    /// 8 epochs.
    Slow,
}

impl Tempo {
    /// The epochs.
    pub fn epochs(self) -> usize {
        match self {
            Self::Fast => 3,
            Self::Standard => 5,
            Self::Slow => 8,
        }
    }
}
