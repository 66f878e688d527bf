use serde::{Deserialize, Serialize};

use crate::blueprint::Blueprint;
use crate::lifecycle::{AlphaMode, LifeStage, LivingSeed, SeedMetrics, SlotLife};
use crate::seed::SeedId;

/// What a controller knows at the end of an epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The epoch, from 1.
    pub epoch: usize,
    /// Its validation loss.
    pub loss: f64,
    /// Its validation accuracy, 0 to 1.
    pub accuracy: f64,
    /// Every slot in which something may grow, in the order of the host.
    pub slots: Vec<SlotObservation>,
}

/// What a controller knows of one slot. What was not measured is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SlotObservation {
    /// Its name.
    pub slot: SeedId,
    /// Where it stands.
    pub stage: LifeStage,
    /// Epochs that ended since the stage began.
    pub epochs_in_stage: usize,
    /// Mean over the features of the variance of what the slot was given. Lower means that its
    /// layer varies less.
    pub health: Option<f64>,
    /// How far its seed shows, 0 to 1; none without a seed.
    pub alpha: Option<f64>,
    /// What alpha does; none without a seed.
    pub alpha_mode: Option<AlphaMode>,
    /// Percentage points of accuracy gained since the stage began.
    pub improvement_in_stage: Option<f64>,
    /// Percentage points of accuracy gained since the germination.
    pub total_improvement: Option<f64>,
    /// What the accuracy loses without the seed, in percentage points.
    pub contribution: Option<f64>,
    /// What the seed is built from; none without a seed.
    pub blueprint: Option<Blueprint>,
}

impl Observation {
    /// The slots in which a seed can germinate.
    pub fn free(&self) -> impl Iterator<Item = &SlotObservation> {
        let slots = self.slots.iter();
        slots.filter(|slot| slot.stage == LifeStage::Dormant)
    }

    /// The slots whose seed is neither there for good nor removed.
    pub fn live(&self) -> impl Iterator<Item = &SlotObservation> {
        let slots = self.slots.iter();
        slots.filter(|slot| slot.stage.holds_seed() && !slot.stage.is_terminal())
    }
}

impl SlotObservation {
    /// A slot as it stands, with what its activations say.
    pub fn of(slot: &SlotLife, health: Option<f64>) -> Self {
        let seed = slot.seed().filter(|_| slot.stage().holds_seed());
        let metrics = seed.map(LivingSeed::metrics);
        Self {
            slot: slot.id(),
            stage: slot.stage(),
            epochs_in_stage: slot.epochs_in_stage(),
            health,
            alpha: seed.map(|seed| seed.alpha().alpha()),
            alpha_mode: seed.map(|seed| seed.alpha().mode()),
            improvement_in_stage: metrics.and_then(SeedMetrics::improvement_in_stage),
            total_improvement: metrics.and_then(SeedMetrics::total_improvement),
            contribution: metrics.and_then(|metrics| metrics.contribution),
            blueprint: seed.map(LivingSeed::blueprint),
        }
    }
}
