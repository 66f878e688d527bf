use serde::{Deserialize, Serialize};

use crate::blueprint::Blueprint;
use crate::controller::tamiyo::{Blueprints, Signals};
use crate::controller::{
    Action, Controller, Decision, Observation, Reason, SlotObservation, TamiyoParams,
};
use crate::lifecycle::{AlphaMode, LifeStage, PruneReason};
use crate::seed::SeedId;

/// Epochs of plateau at which a germination is sure.
const SURE_PLATEAU: f64 = 5.0;
/// Percentage points of contribution at which a fossil is sure.
const SURE_CONTRIBUTION: f64 = 5.0;
/// Percentage points of contribution above which the network needs a seed.
const NEEDED: f64 = 0.1;

/// A heuristic that leads one seed at a time through its whole life: it germinates one when the
/// settled host makes no progress, asks the gates for it, and keeps or removes it for what it is
/// worth.
///
/// It differs from the heuristic that it follows where that one was wrong:
///
/// - **Slot.** A seed germinates in the first slot that is empty; there, always in the first slot,
///   empty or not.
/// - **Blueprints.** Only those that the host can grow are taken in turns; there, one of the
///   rotation could not be built for every host.
/// - **Penalties** decay with each pick; there with each epoch, so that after the cooldown nothing
///   was left of one and no blueprint was ever passed over.
/// - **Contribution.** A seed is judged by what was measured by switching it off. There nothing
///   measured it in heuristic runs, so that no seed was ever fossilised.
/// - **Stalling.** A seed that no gate lets on is given up after [`TamiyoParams::stall_epochs`];
///   there it kept the only place for the rest of the run.
/// - **Several seeds.** Where more than one lives, the first for which there is something to do is
///   served; there only the first.
/// - **Order.** The decision is carried out before the epoch's tick, as for every controller;
///   there the heuristic alone came after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tamiyo {
    params: TamiyoParams,
    blueprints: Blueprints,
    signals: Signals,
    last_removal: Option<usize>,
}

/// An action, why, and how sure.
type Choice = (Action, Reason, Option<f64>);

impl Tamiyo {
    /// A controller for a host that can grow these blueprints.
    pub fn new(params: TamiyoParams, blueprints: Vec<Blueprint>) -> Self {
        Self {
            params,
            blueprints: Blueprints::new(blueprints),
            signals: Signals::default(),
            last_removal: None,
        }
    }

    fn choose(&mut self, observation: &Observation) -> Choice {
        let mut waits = None;
        for slot in observation.live() {
            let choice = self.serve(slot);
            if choice.0 != Action::Wait {
                return choice;
            }
            waits.get_or_insert(choice);
        }
        waits.unwrap_or_else(|| self.germinate(observation))
    }

    /// What to do where no seed lives.
    fn germinate(&mut self, observation: &Observation) -> Choice {
        if let Some(reason) = self.holds_back(observation) {
            return (Action::Wait, reason, None);
        }
        let Some(slot) = observation.free().next().map(|slot| slot.slot) else {
            return (Action::Wait, Reason::NoFreeSlot, None);
        };
        let (plateau, patience) = (self.signals.plateau(), self.params.patience);
        if plateau < patience {
            return (Action::Wait, Reason::NoPlateau { plateau, patience }, None);
        }
        let Some(blueprint) = self.blueprints.pick() else {
            return (Action::Wait, Reason::NoCandidate, None);
        };
        let health = None;
        let sure = (plateau as f64 / SURE_PLATEAU).min(1.0);
        (
            Action::Germinate { slot, blueprint },
            Reason::Plateau { plateau, health },
            Some(sure),
        )
    }

    fn holds_back(&self, observation: &Observation) -> Option<Reason> {
        let since = self
            .last_removal
            .map(|removal| observation.epoch.saturating_sub(removal));
        let left = since.and_then(|since| self.params.cooldown.checked_sub(since));
        if let Some(epochs) = left.filter(|&epochs| epochs > 0) {
            return Some(Reason::Cooldown { epochs });
        }
        if !self.signals.settled() {
            return Some(Reason::NotStabilized);
        }
        let from = self.params.min_epoch;
        (observation.epoch < from).then_some(Reason::TooEarly { from })
    }

    /// What to do about a seed that lives.
    fn serve(&self, slot: &SlotObservation) -> Choice {
        let stage = slot.stage;
        let go_on = |slot| (Action::Advance { slot }, Reason::Ready { stage }, None);
        match stage {
            LifeStage::Germinated => go_on(slot.slot),
            LifeStage::Training => self.gives_up(slot).unwrap_or_else(|| go_on(slot.slot)),
            LifeStage::Blending => match (slot.alpha_mode, slot.alpha) {
                (Some(AlphaMode::Down), alpha) => moves(alpha),
                (Some(AlphaMode::Hold), _) => {
                    self.gives_up(slot).unwrap_or_else(|| go_on(slot.slot))
                }
                (_, alpha) => self.gives_up(slot).unwrap_or_else(|| moves(alpha)),
            },
            LifeStage::Holding => self.judge(slot),
            LifeStage::Dormant
            | LifeStage::Fossilized
            | LifeStage::Pruned
            | LifeStage::Embargoed
            | LifeStage::Resetting => (Action::Wait, Reason::NoCandidate, None),
        }
    }

    /// The removal of a seed that fails or stalls.
    fn gives_up(&self, slot: &SlotObservation) -> Option<Choice> {
        let epochs = slot.epochs_in_stage;
        let failed = slot
            .improvement_in_stage
            .filter(|&gained| gained < -self.params.failing_loss);
        if let Some(improvement) = failed.filter(|_| epochs >= self.params.failing_epochs) {
            let reason = Reason::Failing { improvement };
            return Some(remove(slot.slot, PruneReason::Failing, reason));
        }
        let stalled = Reason::Stalled { epochs };
        (epochs >= self.params.stall_epochs)
            .then(|| remove(slot.slot, PruneReason::Stalled, stalled))
    }

    /// Whether a seed that shows in full is worth it.
    fn judge(&self, slot: &SlotObservation) -> Choice {
        let Some(contribution) = slot.contribution else {
            return (Action::Wait, Reason::ContributionNotMeasured, None);
        };
        let worse = slot.total_improvement.filter(|&gained| gained < 0.0);
        if let Some(improvement) = worse.filter(|_| contribution > NEEDED) {
            let reason = Reason::Ransomware {
                contribution,
                improvement,
            };
            return remove(slot.slot, PruneReason::Ransomware, reason);
        }
        if contribution <= self.params.min_contribution {
            let reason = Reason::ContributesTooLittle { contribution };
            return remove(slot.slot, PruneReason::NoContribution, reason);
        }
        let epochs = slot.epochs_in_stage;
        if epochs >= self.params.stall_epochs {
            return remove(slot.slot, PruneReason::Stalled, Reason::Stalled { epochs });
        }
        let sure = (contribution / SURE_CONTRIBUTION).min(1.0);
        let slot = slot.slot;
        (
            Action::Fossilize { slot },
            Reason::Contributes { contribution },
            Some(sure),
        )
    }
}

fn remove(slot: SeedId, reason: PruneReason, why: Reason) -> Choice {
    (Action::Prune { slot, reason }, why, None)
}

fn moves(alpha: Option<f64>) -> Choice {
    let alpha = alpha.unwrap_or(0.0);
    (Action::Wait, Reason::AlphaMoves { alpha }, None)
}

impl Controller for Tamiyo {
    fn decide(&mut self, observation: Observation) -> Decision {
        let (loss, accuracy) = (observation.loss, observation.accuracy);
        self.signals.observe(loss, accuracy, &self.params);
        let (action, reason, confidence) = self.choose(&observation);
        if let Action::Prune { slot, .. } = action {
            self.last_removal = Some(observation.epoch);
            let removed = observation.slots.iter().find(|known| known.slot == slot);
            if let Some(blueprint) = removed.and_then(|removed| removed.blueprint) {
                self.blueprints.penalize(blueprint);
            }
        }
        Decision {
            observation,
            action,
            reason,
            confidence,
            plateau: self.signals.plateau(),
            stabilized: Some(self.signals.settled()),
        }
    }
}
