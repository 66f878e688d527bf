use serde::{Deserialize, Serialize};

use crate::blueprint::Blueprint;
use crate::config::Config;
use crate::controller::{Action, Controller, Decision, Observation, Reason};
use crate::seed::SeedId;

/// Germinates a seed when the validation loss stands still below the wanted accuracy: the empty
/// slot with the lowest health signal, that is, behind the layer whose activations vary least.
///
/// The loss is compared with that of the epoch before, not with the best one; a germination ends
/// the plateau.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kasmina {
    patience: usize,
    delta: f64,
    acc_threshold: f64,
    blueprint: Blueprint,
    previous_loss: Option<f64>,
    plateau: usize,
}

impl Kasmina {
    /// A controller with the patience, delta and accuracy threshold of `config`.
    pub fn new(config: &Config) -> Self {
        Self {
            patience: config.patience,
            delta: config.delta,
            acc_threshold: config.acc_threshold,
            blueprint: config.blueprint,
            previous_loss: None,
            plateau: 0,
        }
    }

    fn observe(&mut self, loss: f64) {
        let stands = self
            .previous_loss
            .is_some_and(|previous| previous - loss < self.delta);
        self.plateau = if stands { self.plateau + 1 } else { 0 };
        self.previous_loss = Some(loss);
    }

    fn choose(&mut self, observation: &Observation) -> (Action, Reason) {
        let (accuracy, threshold) = (observation.accuracy, self.acc_threshold);
        if accuracy >= threshold {
            let reason = Reason::AccurateEnough {
                accuracy,
                threshold,
            };
            return (Action::Wait, reason);
        }
        let (plateau, patience) = (self.plateau, self.patience);
        if plateau < patience {
            return (Action::Wait, Reason::NoPlateau { plateau, patience });
        }
        let Some((slot, health)) = weakest(observation) else {
            return (Action::Wait, Reason::NoCandidate);
        };
        self.plateau = 0;
        let health = Some(health);
        let blueprint = self.blueprint;
        (
            Action::Germinate { slot, blueprint },
            Reason::Plateau { plateau, health },
        )
    }
}

impl Controller for Kasmina {
    fn decide(&mut self, observation: Observation) -> Decision {
        self.observe(observation.loss);
        let (action, reason) = self.choose(&observation);
        Decision {
            observation,
            action,
            reason,
            confidence: None,
            plateau: self.plateau,
            stabilized: None,
        }
    }
}

/// The first of the lowest; a slot without a signal is not chosen.
fn weakest(observation: &Observation) -> Option<(SeedId, f64)> {
    let measured = observation
        .free()
        .filter_map(|slot| Some((slot.slot, slot.health?)));
    measured.min_by(|one, other| one.1.total_cmp(&other.1))
}

#[cfg(test)]
mod tests;
