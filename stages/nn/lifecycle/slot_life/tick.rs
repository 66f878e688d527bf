use serde::{Deserialize, Serialize};

use crate::lifecycle::{Advance, AlphaMode, GateParams, LifeStage, Passage, PruneReason, SlotLife};
use crate::lifecycle::{Pace, SlotError};

/// Epochs in training before a seed goes on by itself.
const SELF_ADVANCE_EPOCHS: usize = 10;

/// What happens by itself, without a controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AutoForward {
    /// A germinated seed asks G1 in every epoch.
    pub g1: bool,
    /// A seed in training asks G2 in every epoch, from its tenth on.
    pub g2: bool,
    /// A blending seed asks G3 in every epoch.
    pub g3: bool,
}

/// What an epoch's tick did to a slot.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tick {
    /// The gates that were asked.
    pub advances: Vec<Advance>,
    /// The passages that no gate stands before.
    pub passages: Vec<Passage>,
}

impl SlotLife {
    /// What an epoch does by itself, after the controller's action of that epoch: alpha moves on,
    /// seeds that go on by themselves ask their gate, a slot whose seed was removed comes a step
    /// nearer to being empty. `rest` is how many epochs it is embargoed.
    ///
    /// # Errors
    /// None that a slot driven by its own methods can cause.
    pub fn tick(
        &mut self,
        epoch: usize,
        auto: AutoForward,
        rest: usize,
        gates: &GateParams,
    ) -> Result<Tick, SlotError> {
        let mut tick = Tick::default();
        match self.stage() {
            LifeStage::Germinated if auto.g1 => tick.advances.push(self.advance(epoch, gates)?),
            LifeStage::Training if auto.g2 && self.epochs_in_stage() >= SELF_ADVANCE_EPOCHS => {
                tick.advances.push(self.advance(epoch, gates)?);
            }
            LifeStage::Blending => self.blend_on(epoch, auto.g3, gates, &mut tick)?,
            LifeStage::Pruned => tick.passages.push(self.go(epoch, LifeStage::Embargoed)?),
            LifeStage::Embargoed => {
                self.rested += 1;
                if self.rested >= rest {
                    tick.passages.push(self.go(epoch, LifeStage::Resetting)?);
                }
            }
            LifeStage::Resetting => {
                tick.passages.push(self.go(epoch, LifeStage::Dormant)?);
                self.clear();
            }
            LifeStage::Dormant
            | LifeStage::Germinated
            | LifeStage::Training
            | LifeStage::Holding
            | LifeStage::Fossilized => {}
        }
        Ok(tick)
    }

    /// Makes one step of the blend, if one is due at this pace; whether alpha arrived with it.
    pub fn step_alpha(&mut self, pace: Pace) -> bool {
        let blending = self.stage() == LifeStage::Blending;
        let seed = self.seed.as_mut();
        let due = seed.filter(|seed| blending && seed.blend.pace == pace);
        due.is_some_and(|seed| seed.alpha.step())
    }

    fn blend_on(
        &mut self,
        epoch: usize,
        auto: bool,
        gates: &GateParams,
        tick: &mut Tick,
    ) -> Result<(), SlotError> {
        self.step_alpha(Pace::Epoch);
        let gone = self.seed.as_ref().filter(|seed| {
            let alpha = &seed.alpha;
            alpha.mode() == AlphaMode::Hold && alpha.target() <= 0.0
        });
        if let Some(seed) = gone {
            let reason = seed.leaving.unwrap_or(PruneReason::Scheduled);
            tick.passages.push(self.prune(epoch, reason)?);
        } else if auto {
            tick.advances.push(self.advance(epoch, gates)?);
        }
        Ok(())
    }
}
