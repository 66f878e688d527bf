use serde::{Deserialize, Serialize};

use crate::blueprint::Blueprint;
use crate::lifecycle::{AlphaController, AlphaMode, Blend, PruneReason, SeedMetrics};

/// For how long a seed's gradients are kept away from the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Isolation {
    /// As long as it lives.
    Throughout,
    /// Until it blends; from then on the host learns with it.
    UntilBlending,
}

/// The seed of a slot, from its germination until the slot is empty again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LivingSeed {
    pub(super) blueprint: Blueprint,
    pub(super) germinated: usize,
    pub(super) blend: Blend,
    pub(super) alpha: AlphaController,
    pub(super) isolated: bool,
    pub(super) metrics: SeedMetrics,
    pub(super) leaving: Option<PruneReason>,
}

impl LivingSeed {
    /// What it is built from.
    pub fn blueprint(&self) -> Blueprint {
        self.blueprint
    }

    /// The epoch at whose end it germinated.
    pub fn germinated(&self) -> usize {
        self.germinated
    }

    /// How far it shows, and where that leads.
    pub fn alpha(&self) -> &AlphaController {
        &self.alpha
    }

    /// Whether its gradients are kept away from the host.
    pub fn is_isolated(&self) -> bool {
        self.isolated
    }

    /// Whether its weights rest: nothing is learnt on the way out.
    pub fn is_frozen(&self) -> bool {
        self.alpha.mode() == AlphaMode::Down
    }

    /// What is measured of it.
    pub fn metrics(&self) -> &SeedMetrics {
        &self.metrics
    }

    /// Why it was removed, or will be once alpha is 0; none where it stays.
    pub fn leaving(&self) -> Option<PruneReason> {
        self.leaving
    }
}
