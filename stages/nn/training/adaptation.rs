use crate::blueprint::Blueprint;
use crate::config::Config;
use crate::controller::{Controller, ControllerKind, HostOnly, Kasmina, Tamiyo};
use crate::error::NnError;
use crate::report::{EpochStats, Event, GerminationRecord, Phase};
use crate::seed::{Seed, SeedId, SeedState};
use crate::training::{GerminationLog, Session, TaskLearner, Trained, Validation};

/// What only the adaptation phase keeps track of.
pub(super) struct Adaptation {
    controller: Box<dyn Controller>,
    /// Whether seeds go their way by themselves once they have germinated.
    pub(super) by_itself: bool,
    /// Whether the controller judges seeds by what they are worth.
    judges: bool,
    /// Epochs in a row without progress, as the controller counts them.
    plateau: usize,
    /// None until the first germination: with the host frozen there is nothing to learn.
    pub(super) learner: Option<TaskLearner>,
    pub(super) germinations: GerminationLog,
}

impl Adaptation {
    fn new(config: &Config) -> Self {
        let (controller, by_itself, judges): (Box<dyn Controller>, _, _) = match config.controller {
            ControllerKind::Kasmina => (Box::new(Kasmina::new(config)), true, false),
            ControllerKind::Tamiyo => {
                let blueprints = blueprints(config.blueprint);
                (
                    Box::new(Tamiyo::new(config.tamiyo, blueprints)),
                    false,
                    true,
                )
            }
            ControllerKind::None => (Box::new(HostOnly), false, false),
        };
        Self {
            controller,
            by_itself,
            judges,
            plateau: 0,
            learner: None,
            germinations: GerminationLog::new(config.landing),
        }
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
    /// Freezes the host and lets seeds grow. Gives the last epoch's validation and what happened
    /// at each germination.
    pub(super) fn adapt(
        &mut self,
    ) -> Result<(Option<Validation>, Vec<GerminationRecord>), NnError> {
        let (warm_up, epochs) = (self.config.warm_up_epochs, self.config.adaptation_epochs);
        if epochs == 0 {
            return Ok((None, Vec::new()));
        }
        let (first_epoch, last_epoch) = (warm_up + 1, warm_up + epochs);
        self.emit(&Event::PhaseStarted {
            phase: Phase::Adaptation,
            first_epoch,
            last_epoch,
        });
        let mut adaptation = Adaptation::new(self.config);
        let mut last = None;
        for epoch in first_epoch..=last_epoch {
            self.check_cancelled(epoch)?;
            last = Some(self.adapt_epoch(epoch, &mut adaptation)?);
        }
        Ok((last, adaptation.germinations.into_records()))
    }

    fn adapt_epoch(
        &mut self,
        epoch: usize,
        adaptation: &mut Adaptation,
    ) -> Result<Validation, NnError> {
        let learning_rate = adaptation.learner.as_ref().map(TaskLearner::learning_rate);
        let by_itself = adaptation.by_itself;
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
        if adaptation.judges {
            self.measure_contributions(validation);
        }
        let observation = self.observation(epoch, validation, health);
        let decision = adaptation.controller.decide(observation);
        adaptation.plateau = decision.plateau;
        self.carry_out(epoch, &decision, adaptation)?;
        self.emit(&Event::Decided { decision });
        self.tick(epoch, adaptation)
    }
}
