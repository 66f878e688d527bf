use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lifecycle::{Gate, IllegalPassage};
use crate::seed::SeedState;

/// Where a slot stands in the life of its seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LifeStage {
    /// The slot is empty.
    Dormant,
    /// A seed is there; it neither learns nor shows.
    Germinated,
    /// The seed learns, and does not change what the host computes.
    Training,
    /// Alpha moves: the seed shows more and more, or less and less.
    Blending,
    /// The seed shows in full; whether it stays is to be decided.
    Holding,
    /// The seed stays for good.
    Fossilized,
    /// The seed was removed; what is known of it is kept.
    Pruned,
    /// The slot rests.
    Embargoed,
    /// The slot is made empty.
    Resetting,
}

impl LifeStage {
    /// Every stage, in the order of their codes.
    pub const ALL: [Self; 9] = [
        Self::Dormant,
        Self::Germinated,
        Self::Training,
        Self::Blending,
        Self::Holding,
        Self::Fossilized,
        Self::Pruned,
        Self::Embargoed,
        Self::Resetting,
    ];

    /// The number under which stored data knows the stage. 0 stands for no stage; 5 is retired.
    pub fn code(self) -> u8 {
        match self {
            Self::Dormant => 1,
            Self::Germinated => 2,
            Self::Training => 3,
            Self::Blending => 4,
            Self::Holding => 6,
            Self::Fossilized => 7,
            Self::Pruned => 8,
            Self::Embargoed => 9,
            Self::Resetting => 10,
        }
    }

    /// The stage of a stored number; none for 0, 5 and numbers above 10.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }

    /// The stages that may follow. The first one that is no failure is where an advance leads.
    pub fn successors(self) -> &'static [Self] {
        match self {
            Self::Dormant => &[Self::Germinated],
            Self::Germinated => &[Self::Training, Self::Pruned],
            Self::Training => &[Self::Blending, Self::Pruned],
            Self::Blending => &[Self::Holding, Self::Pruned],
            Self::Holding => &[Self::Fossilized, Self::Blending, Self::Pruned],
            Self::Fossilized => &[],
            Self::Pruned => &[Self::Embargoed],
            Self::Embargoed => &[Self::Resetting],
            Self::Resetting => &[Self::Dormant],
        }
    }

    /// The stage `to`, if it may follow.
    ///
    /// # Errors
    /// [`IllegalPassage`] for every other.
    pub fn passage(self, to: Self) -> Result<Self, IllegalPassage> {
        if self.successors().contains(&to) {
            Ok(to)
        } else {
            Err(IllegalPassage { from: self, to })
        }
    }

    /// Where an advance leads; none where a seed cannot advance.
    pub fn next(self) -> Option<Self> {
        let next = self.successors().first().copied();
        next.filter(|_| self.holds_seed() && !self.is_terminal())
    }

    /// The gate before this stage; none where none stands.
    pub fn gate(self) -> Option<Gate> {
        match self {
            Self::Germinated => Some(Gate::G0),
            Self::Training => Some(Gate::G1),
            Self::Blending => Some(Gate::G2),
            Self::Holding => Some(Gate::G3),
            Self::Fossilized => Some(Gate::G5),
            Self::Dormant | Self::Pruned | Self::Embargoed | Self::Resetting => None,
        }
    }

    /// Whether a seed is there, with weights.
    pub fn holds_seed(self) -> bool {
        match self {
            Self::Germinated
            | Self::Training
            | Self::Blending
            | Self::Holding
            | Self::Fossilized => true,
            Self::Dormant | Self::Pruned | Self::Embargoed | Self::Resetting => false,
        }
    }

    /// Whether the seed takes part in the forward pass, were it only to learn from it.
    pub fn is_active(self) -> bool {
        self.holds_seed() && self != Self::Germinated
    }

    /// Whether the slot is on its way from a removed seed back to empty.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Pruned | Self::Embargoed | Self::Resetting)
    }

    /// Whether nothing follows.
    pub fn is_terminal(self) -> bool {
        self.successors().is_empty()
    }

    /// The stage in the four words of the Python original. A slot that rests after a removal gives
    /// what it gets, and counts as dormant there; it must not be germinated yet.
    pub fn state(self) -> SeedState {
        match self {
            Self::Dormant | Self::Pruned | Self::Embargoed | Self::Resetting => SeedState::Dormant,
            Self::Germinated | Self::Training => SeedState::Training,
            Self::Blending => SeedState::Blending,
            Self::Holding | Self::Fossilized => SeedState::Active,
        }
    }
}

impl fmt::Display for LifeStage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Dormant => "dormant",
            Self::Germinated => "germinated",
            Self::Training => "training",
            Self::Blending => "blending",
            Self::Holding => "holding",
            Self::Fossilized => "fossilized",
            Self::Pruned => "pruned",
            Self::Embargoed => "embargoed",
            Self::Resetting => "resetting",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_stored_data() {
        let codes = LifeStage::ALL.map(LifeStage::code);
        assert_eq!(codes, [1, 2, 3, 4, 6, 7, 8, 9, 10]);
        for stage in LifeStage::ALL {
            assert_eq!(LifeStage::from_code(stage.code()), Some(stage));
        }
        for code in [0, 5, 11, 255] {
            assert_eq!(LifeStage::from_code(code), None, "{code}");
        }
    }

    #[test]
    fn only_the_passages_of_a_life_are_legal() {
        let legal = "dormant>germinated germinated>training germinated>pruned training>blending \
                     training>pruned blending>holding blending>pruned holding>blending \
                     holding>fossilized holding>pruned pruned>embargoed embargoed>resetting \
                     resetting>dormant";
        let mut found = Vec::new();
        for from in LifeStage::ALL {
            for to in LifeStage::ALL {
                match from.passage(to) {
                    Ok(reached) => {
                        assert_eq!(reached, to);
                        found.push(format!("{from}>{to}"));
                    }
                    Err(refused) => assert_eq!((refused.from, refused.to), (from, to)),
                }
            }
        }
        assert_eq!(found, legal.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn an_advance_never_leads_to_a_failure() {
        let next = LifeStage::ALL.map(LifeStage::next);
        let expected = [
            None,
            Some(LifeStage::Training),
            Some(LifeStage::Blending),
            Some(LifeStage::Holding),
            Some(LifeStage::Fossilized),
            None,
            None,
            None,
            None,
        ];
        assert_eq!(next, expected);
    }

    #[test]
    fn what_shows_in_the_original_shows_here() {
        for stage in LifeStage::ALL {
            assert_eq!(stage.state().is_grown(), stage.holds_seed(), "{stage}");
            let in_loss = stage.is_active() && stage != LifeStage::Training;
            assert_eq!(stage.state().shows(), in_loss, "{stage}");
        }
    }
}
