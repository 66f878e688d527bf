use plotters::style::RGBColor;

use super::palette::{GREEN, GREY, ORANGE, YELLOW};

/// The states of a seed, in the order it goes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SeedState {
    /// Not grown: passes its input on.
    Dormant,
    /// Germinated: learns beside the network and does not yet change its output.
    Training,
    /// Its output is mixed into the network more and more.
    Blending,
    /// Fully part of the network.
    Active,
}

impl SeedState {
    /// All four, in order.
    pub const ALL: [Self; 4] = [Self::Dormant, Self::Training, Self::Blending, Self::Active];

    /// The name used in tables and legends.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dormant => "dormant",
            Self::Training => "training",
            Self::Blending => "blending",
            Self::Active => "active",
        }
    }

    pub(super) fn colour(self) -> RGBColor {
        match self {
            Self::Dormant => GREY,
            Self::Training => ORANGE,
            Self::Blending => YELLOW,
            Self::Active => GREEN,
        }
    }
}
