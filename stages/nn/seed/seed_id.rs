use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The name of a seed: `seed<layer>_<index>`, both from 1. Ordered as the host meets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct SeedId {
    /// The hidden layer behind which the seed sits, from 1.
    pub layer: usize,
    /// The seed's place among the seeds of that layer, from 1.
    pub index: usize,
}

/// A text that names no seed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not the name of a seed, expected `seed<layer>_<index>`")]
pub struct SeedNameError(String);

impl fmt::Display for SeedId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "seed{}_{}", self.layer, self.index)
    }
}

impl FromStr for SeedId {
    type Err = SeedNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |digits: &str| digits.parse().ok().filter(|&number: &usize| number > 0);
        text.strip_prefix("seed")
            .and_then(|rest| rest.split_once('_'))
            .and_then(|(layer, index)| {
                Some(Self {
                    layer: number(layer)?,
                    index: number(index)?,
                })
            })
            .ok_or_else(|| SeedNameError(text.to_owned()))
    }
}

impl From<SeedId> for String {
    fn from(seed: SeedId) -> Self {
        seed.to_string()
    }
}

impl TryFrom<String> for SeedId {
    type Error = SeedNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_survives_its_text() {
        let seed = SeedId {
            layer: 3,
            index: 12,
        };
        assert_eq!(seed.to_string(), "seed3_12");
        assert_eq!("seed3_12".parse(), Ok(seed));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["seed0_1", "seed1", "seed1_", "1_1", "seed1_x", "seed-1_1"] {
            assert!(text.parse::<SeedId>().is_err(), "{text}");
        }
    }
}
