use serde::{Deserialize, Serialize};

use crate::blueprint::Blueprint;
use crate::lifecycle::gate::Evidence;
use crate::lifecycle::{
    Advance, AlphaController, AlphaMode, Blend, Curve, Gate, GateParams, IllegalPassage, Isolation,
    LifeStage, LivingSeed, Passage, PruneReason, SeedMetrics, SlotError,
};
use crate::seed::SeedId;

/// A place in the host where a seed may live. Its stage changes through the methods alone, and
/// they refuse what the life of a seed does not know.
///
/// In an epoch: the network trains and is validated; [`SlotLife::record_epoch`]; contributions and
/// gradients are recorded; the controller decides, and what it decides is done; [`SlotLife::tick`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SlotLife {
    id: SeedId,
    isolation: Isolation,
    stage: LifeStage,
    epochs_in_stage: usize,
    previous: Option<(LifeStage, usize)>,
    pub(super) seed: Option<LivingSeed>,
    /// Ticks of the embargo.
    pub(super) rested: usize,
}

/// What germinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Germination {
    /// What the seed is built from.
    pub blueprint: Blueprint,
    /// How it will blend in.
    pub blend: Blend,
    /// Number of its weights.
    pub weights: usize,
    /// Number of the host's.
    pub host_weights: usize,
    /// Validation accuracy of the epoch, 0 to 1, where it was measured.
    pub accuracy: Option<f64>,
}

impl SlotLife {
    /// An empty slot.
    pub fn dormant(id: SeedId, isolation: Isolation) -> Self {
        Self {
            id,
            isolation,
            stage: LifeStage::Dormant,
            epochs_in_stage: 0,
            previous: None,
            seed: None,
            rested: 0,
        }
    }

    /// The slot of a trained model, whose seed is not to go on: where it stands, and how far it
    /// shows.
    pub(crate) fn trained(id: SeedId, stage: LifeStage, alpha: f64, what: Germination) -> Self {
        let Germination {
            blueprint,
            blend,
            weights,
            host_weights,
            accuracy,
        } = what;
        let seed = LivingSeed {
            blueprint,
            germinated: 0,
            blend,
            alpha: AlphaController::holding(alpha),
            isolated: false,
            metrics: SeedMetrics::germinated(accuracy, weights, host_weights),
            leaving: None,
        };
        Self {
            stage,
            seed: Some(seed).filter(|_| stage.holds_seed()),
            ..Self::dormant(id, Isolation::UntilBlending)
        }
    }

    /// Its name.
    pub fn id(&self) -> SeedId {
        self.id
    }

    /// Where it stands.
    pub fn stage(&self) -> LifeStage {
        self.stage
    }

    /// Epochs that ended since the stage began.
    pub fn epochs_in_stage(&self) -> usize {
        self.epochs_in_stage
    }

    /// The stage before, and how many epochs it lasted; none before the first passage.
    pub fn previous(&self) -> Option<(LifeStage, usize)> {
        self.previous
    }

    /// The seed; kept after its removal until the slot is empty.
    pub fn seed(&self) -> Option<&LivingSeed> {
        self.seed.as_ref()
    }

    /// Whether a seed can germinate here.
    pub fn is_free(&self) -> bool {
        self.stage == LifeStage::Dormant
    }

    /// Puts a seed into the empty slot.
    ///
    /// # Errors
    /// [`SlotError::Passage`] where the slot is not empty; it is as it was.
    pub fn germinate(
        &mut self,
        epoch: usize,
        what: Germination,
        gates: &GateParams,
    ) -> Result<Advance, SlotError> {
        self.stage.passage(LifeStage::Germinated)?;
        let Germination {
            blueprint,
            blend,
            weights,
            host_weights,
            accuracy,
        } = what;
        let seed = LivingSeed {
            blueprint,
            germinated: epoch,
            blend,
            alpha: AlphaController::holding(0.0),
            isolated: false,
            metrics: SeedMetrics::germinated(accuracy, weights, host_weights),
            leaving: None,
        };
        let gate = self.ask(Gate::G0, epoch, &seed, gates);
        self.seed = Some(seed);
        let passage = Some(self.go(epoch, LifeStage::Germinated)?);
        Ok(Advance { gate, passage })
    }

    /// Asks the gate before the next stage, and goes there if it opens.
    ///
    /// # Errors
    /// [`SlotError::Passage`] where a seed cannot go on: the slot is empty or rests, or the seed
    /// is there for good.
    pub fn advance(&mut self, epoch: usize, gates: &GateParams) -> Result<Advance, SlotError> {
        let stuck = IllegalPassage {
            from: self.stage,
            to: self.stage,
        };
        let next = self.stage.next().ok_or(stuck)?;
        let (Some(gate), Some(seed)) = (next.gate(), &self.seed) else {
            return Err(stuck.into());
        };
        let gate = self.ask(gate, epoch, seed, gates);
        if !gate.opened {
            return Ok(Advance {
                gate,
                passage: None,
            });
        }
        let passage = Some(self.go(epoch, next)?);
        if next == LifeStage::Blending {
            self.begin_blend()?;
        }
        Ok(Advance { gate, passage })
    }

    /// Removes the seed at once; its weights may be dropped.
    ///
    /// # Errors
    /// [`SlotError::Passage`] where there is none to remove, or it is there for good.
    pub fn prune(&mut self, epoch: usize, reason: PruneReason) -> Result<Passage, SlotError> {
        self.stage.passage(LifeStage::Pruned)?;
        if let Some(seed) = &mut self.seed {
            seed.alpha = AlphaController::holding(0.0);
            seed.isolated = false;
            seed.leaving = Some(reason);
        }
        self.rested = 0;
        let mut passage = self.go(epoch, LifeStage::Pruned)?;
        passage.reason = Some(reason);
        Ok(passage)
    }

    /// Removes the seed: leads alpha down to 0 in so many epochs where it shows, removes it at
    /// once where it does not, or where there are none. A holding seed blends again. The passage
    /// that this made, if any.
    ///
    /// # Errors
    /// As [`SlotLife::prune`]; [`SlotError::Alpha`] where alpha is on its way: then only
    /// [`SlotLife::prune`] removes it.
    pub fn fade(
        &mut self,
        epoch: usize,
        reason: PruneReason,
        epochs: usize,
    ) -> Result<Option<Passage>, SlotError> {
        let shows = matches!(self.stage, LifeStage::Blending | LifeStage::Holding);
        let Some(seed) = self.seed.as_mut().filter(|_| shows && epochs > 0) else {
            return self.prune(epoch, reason).map(Some);
        };
        seed.alpha.retarget(0.0, epochs, Curve::Linear)?;
        seed.blend.pace = super::Pace::Epoch;
        seed.leaving = Some(reason);
        if self.stage == LifeStage::Blending {
            return Ok(None);
        }
        let passage = self.go(epoch, LifeStage::Blending)?;
        Ok(Some(passage))
    }

    /// An epoch ended with this validation accuracy, 0 to 1.
    pub fn record_epoch(&mut self, accuracy: f64) {
        self.epochs_in_stage += 1;
        if let Some(metrics) = self.living() {
            metrics.record_epoch(accuracy);
        }
    }

    /// The seed was switched off: the accuracies, 0 to 1, of the same epoch with and without it.
    pub fn record_contribution(&mut self, with: f64, without: f64) {
        if let Some(metrics) = self.living() {
            metrics.record_contribution(with, without);
        }
    }

    /// The gradients of an epoch: the norm of each tensor of the seed, before clipping, and the
    /// [`gradient_ratio`](crate::gradient_ratio) where the host's gradient was measured too.
    pub fn record_gradients(&mut self, norms: &[f64], ratio: Option<f64>) {
        if let Some(metrics) = self.living() {
            metrics.record_gradients(norms, ratio);
        }
    }

    /// The metrics of a seed that has not been removed.
    fn living(&mut self) -> Option<&mut SeedMetrics> {
        let here = self.stage.holds_seed();
        let seed = self.seed.as_mut().filter(|_| here);
        seed.map(|seed| &mut seed.metrics)
    }

    fn ask(
        &self,
        gate: Gate,
        epoch: usize,
        seed: &LivingSeed,
        gates: &GateParams,
    ) -> crate::lifecycle::GateRecord {
        let evidence = Evidence {
            stage: self.stage,
            epochs_in_stage: self.epochs_in_stage,
            alpha: &seed.alpha,
            metrics: &seed.metrics,
        };
        gate.evaluate(epoch, &evidence, gates)
    }

    /// Alpha sets out for 1.
    fn begin_blend(&mut self) -> Result<(), SlotError> {
        if let Some(seed) = &mut self.seed {
            seed.alpha
                .retarget(1.0, seed.blend.steps, seed.blend.curve)?;
        }
        Ok(())
    }

    /// Enters a stage, with what that does to the seed.
    pub(super) fn go(&mut self, epoch: usize, to: LifeStage) -> Result<Passage, IllegalPassage> {
        let from = self.stage;
        self.stage = from.passage(to)?;
        self.previous = Some((from, self.epochs_in_stage));
        self.epochs_in_stage = 0;
        let isolation = self.isolation;
        if let Some(seed) = &mut self.seed {
            seed.metrics.enter_stage();
            match to {
                LifeStage::Training => seed.isolated = true,
                LifeStage::Blending => {
                    seed.isolated = isolation == Isolation::Throughout;
                    seed.metrics.enter_blending();
                }
                LifeStage::Holding => seed.alpha = AlphaController::holding(1.0),
                LifeStage::Dormant
                | LifeStage::Germinated
                | LifeStage::Fossilized
                | LifeStage::Pruned
                | LifeStage::Embargoed
                | LifeStage::Resetting => {}
            }
        }
        let reason = None;
        Ok(Passage {
            epoch,
            from,
            to,
            reason,
        })
    }

    /// Forgets the seed that was removed.
    pub(super) fn clear(&mut self) {
        self.seed = None;
        self.rested = 0;
    }

    /// Whether alpha stands still.
    pub fn holds_alpha(&self) -> bool {
        let seed = self.seed.as_ref();
        seed.is_none_or(|seed| seed.alpha.mode() == AlphaMode::Hold)
    }
}
