use serde::{Deserialize, Serialize};

use crate::blueprint::Blueprint;
use crate::config::Config;
use crate::controller::{Controller, ControllerKind, HostOnly, Kasmina, Lead, Tamiyo};
use crate::error::NnError;
use crate::network::Network;
use crate::report::{EpochStats, Event, Phase};
use crate::seed::{Seed, SeedId, SeedState};
use crate::training::{GerminationLog, LearnerState, Session, TaskLearner, Trained, Validation};

/// What only the adaptation phase keeps track of.
pub(super) struct Adaptation {
    controller: Lead,
    /// Epochs in a row without progress, as the controller counts them.
    plateau: usize,
    /// None until the first germination, or restart of the host: with the host frozen there is nothing
    /// to learn.
    pub(super) learner: Option<TaskLearner>,
    pub(super) germinations: GerminationLog,
}

/// What an [`Adaptation`] goes on from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AdaptationState {
    controller: Lead,
    plateau: usize,
    learner: Option<LearnerState>,
    germinations: GerminationLog,
}

impl Adaptation {
    pub(super) fn new(config: &Config) -> Self {
        let controller = match config.controller {
            ControllerKind::Kasmina => Lead::Kasmina(Kasmina::new(config)),
            ControllerKind::Tamiyo => {
                Lead::Tamiyo(Tamiyo::new(config.tamiyo, blueprints(config.blueprint)))
            }
            ControllerKind::None => Lead::HostOnly(HostOnly),
        };
        Self {
            controller,
            plateau: 0,
            learner: None,
            germinations: GerminationLog::new(config.landing),
        }
    }

    /// Goes on from `state`; none where it is of another network.
    pub(super) fn restored(network: &Network, state: &AdaptationState) -> Option<Self> {
        let learner = match &state.learner {
            Some(learner) => Some(TaskLearner::restored(network, learner)?),
            None => None,
        };
        Some(Self {
            controller: state.controller.clone(),
            plateau: state.plateau,
            learner,
            germinations: state.germinations.clone(),
        })
    }

    /// What [`Adaptation::restored`] takes.
    pub(super) fn state(&self) -> AdaptationState {
        AdaptationState {
            controller: self.controller.clone(),
            plateau: self.plateau,
            learner: self.learner.as_ref().map(TaskLearner::state),
            germinations: self.germinations.clone(),
        }
    }

    /// Whether seeds go their way by themselves once they have germinated.
    pub(super) fn by_itself(&self) -> bool {
        self.controller.lets_go()
    }

    /// Whether the controller judges seeds by what they are worth.
    pub(super) fn judges(&self) -> bool {
        self.controller.judges()
    }
}

/// Those that take turns, the configured one first. What has no weights grows only where it was
/// asked for.
fn blueprints(first: Blueprint) -> Vec<Blueprint> {
    let others = Blueprint::ALL.into_iter();
    let others = others.filter(|&other| other != first && other != Blueprint::Noop);
    std::iter::once(first).chain(others).collect()
}

impl Session<'_> {
    /// An epoch in which the host is frozen and seeds may grow, or, where it was started anew, it
    /// learns and none may.
    pub(super) fn adapt_epoch(
        &mut self,
        epoch: usize,
        adaptation: &mut Adaptation,
    ) -> Result<Validation, NnError> {
        let learning_rate = adaptation.learner.as_ref().map(TaskLearner::learning_rate);
        let by_itself = adaptation.by_itself();
        let trained = match &mut adaptation.learner {
            Some(learner) => self.train_epoch(learner, epoch, by_itself)?,
            None => Trained::default(),
        };
        let validation = self.validate(epoch)?;
        let health = self.health();
        let state = |id| {
            let mut seeds = self.network.seeds().filter(|seed| seed.id() == id);
            seeds.next().map_or(SeedState::Dormant, Seed::state)
        };
        adaptation
            .germinations
            .observe(epoch, validation.accuracy, state);
        self.record_epoch(&trained, &validation);
        self.control(epoch, &validation, &health, adaptation)?;
        let stats = EpochStats {
            epoch,
            phase: Phase::Adaptation,
            train_loss: trained.loss,
            train_accuracy: trained.accuracy,
            val_loss: validation.loss,
            val_accuracy: validation.accuracy,
            best_accuracy: self.update_best(&validation),
            plateau: adaptation.plateau,
            learning_rate,
            host_gradient_norm: trained.gradients.host(),
            gradient_leakage: trained.leakage,
            dense: self.is_dense(epoch),
            host_parameters: self.network.host().parameters().count(),
        };
        self.finish_epoch(stats, &validation, &health);
        Ok(validation)
    }

    /// Asks the controller, does what it decides, and lets the epoch pass for every slot.
    fn control(
        &mut self,
        epoch: usize,
        validation: &Validation,
        health: &[(SeedId, Option<f64>)],
        adaptation: &mut Adaptation,
    ) -> Result<(), NnError> {
        if adaptation.judges() {
            self.measure_contributions(validation);
            self.matrix_before_gate(epoch);
        }
        let observation = self.observation(epoch, validation, health);
        let decision = adaptation.controller.decide(observation);
        adaptation.plateau = decision.plateau;
        self.carry_out(epoch, &decision, adaptation)?;
        self.restart_host(epoch, adaptation);
        self.emit(&Event::Decided { decision });
        self.tick(epoch, adaptation)?;
        self.matrix_after_epoch(epoch);
        Ok(())
    }
}
