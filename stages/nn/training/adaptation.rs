use crate::controller::{Action, Controller, Kasmina, Observation, SlotObservation};
use crate::error::NnError;
use crate::lifecycle::{Isolation, Slot};
use crate::report::{EpochStats, Event, GerminationRecord, Phase};
use crate::seed::{Growth, Seed, SeedId, SeedState};
use crate::training::{GerminationLog, Session, TaskLearner, Validation};

/// What the learning rate of the warm-up is multiplied by.
const LEARNING_RATE_FACTOR: f64 = 0.1;

/// What only the adaptation phase keeps track of.
struct Adaptation {
    controller: Box<dyn Controller>,
    /// Epochs in a row without progress, as the controller counts them.
    plateau: usize,
    /// None until the first germination: with the host frozen there is nothing to learn.
    learner: Option<TaskLearner>,
    germinations: GerminationLog,
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
        let mut adaptation = Adaptation {
            controller: Box::new(Kasmina::new(self.config)),
            plateau: 0,
            learner: None,
            germinations: GerminationLog::new(self.config.landing),
        };
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
        let train_loss = match &mut adaptation.learner {
            Some(learner) => self.train_epoch(learner, epoch)?,
            None => None,
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
        self.control(epoch, &validation, &health, adaptation)?;
        let stats = EpochStats {
            epoch,
            phase: Phase::Adaptation,
            train_loss,
            val_loss: validation.loss,
            val_accuracy: validation.accuracy,
            best_accuracy: self.update_best(&validation),
            plateau: adaptation.plateau,
            learning_rate,
        };
        self.finish_epoch(stats, &validation, &health);
        Ok(validation)
    }

    /// Asks the controller, and germinates the seed that it names. The task's optimiser starts
    /// anew, moments and schedule included.
    fn control(
        &mut self,
        epoch: usize,
        validation: &Validation,
        health: &[(SeedId, Option<f64>)],
        adaptation: &mut Adaptation,
    ) -> Result<(), NnError> {
        let accuracy = validation.accuracy;
        let decision = adaptation.controller.decide(Observation {
            epoch,
            loss: validation.loss,
            accuracy,
            slots: self.dormant(health),
        });
        adaptation.plateau = decision.plateau;
        let Action::Germinate { slot: chosen, .. } = decision.action else {
            return Ok(());
        };
        let signal = health
            .iter()
            .find(|(seed, _)| *seed == chosen)
            .and_then(|&(_, health)| health);
        let slot = self.network.host().slots().get(chosen.layer - 1);
        let growth = slot.map(|slot| Growth::new(self.config, slot.dim, self.network.device()));
        let seed = self.network.seed_mut(chosen);
        if let (Some(seed), Some(growth), Some(health)) = (seed, growth, signal) {
            let step = seed.germinate(growth, &mut self.generator)?;
            self.emit_step(epoch, chosen, step);
            self.emit(&Event::Germination {
                epoch,
                seed: chosen,
                health,
                accuracy,
            });
            adaptation.germinations.add(chosen, epoch, accuracy);
            adaptation.learner = Some(TaskLearner::seeds(self.config.lr * LEARNING_RATE_FACTOR));
        }
        Ok(())
    }

    fn dormant(&self, health: &[(SeedId, Option<f64>)]) -> Vec<SlotObservation> {
        let seeds = self.network.seeds().zip(health);
        seeds
            .filter(|(seed, _)| seed.state() == SeedState::Dormant)
            .map(|(seed, &(_, health))| {
                let slot = Slot::dormant(seed.id(), Isolation::Throughout);
                SlotObservation::of(&slot, health)
            })
            .collect()
    }
}
