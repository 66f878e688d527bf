use crate::error::NnError;
use crate::report::{EpochStats, Event, Phase};
use crate::training::{Session, TaskLearner, Validation};

impl Session<'_> {
    /// Trains the whole host; no seed germinates. Gives the last epoch's validation.
    pub(super) fn warm_up(&mut self) -> Result<Option<Validation>, NnError> {
        let (phase, epochs) = (Phase::WarmUp, self.config.warm_up_epochs);
        if epochs == 0 {
            return Ok(None);
        }
        self.emit(&Event::PhaseStarted {
            phase,
            first_epoch: 1,
            last_epoch: epochs,
        });
        let mut learner = TaskLearner::host(&self.network, self.config.lr);
        let mut last = None;
        for epoch in 1..=epochs {
            let learning_rate = Some(learner.learning_rate());
            let trained = self.train_epoch(&mut learner, epoch, false)?;
            let validation = self.validate(epoch)?;
            let stats = EpochStats {
                epoch,
                phase,
                train_loss: trained.loss,
                train_accuracy: trained.accuracy,
                val_loss: validation.loss,
                val_accuracy: validation.accuracy,
                best_accuracy: self.update_best(&validation),
                plateau: 0,
                learning_rate,
                host_gradient_norm: trained.gradients.host(),
                host_parameters: self.network.host().parameters().count(),
            };
            self.record_epoch(&trained, &validation);
            let health = self.health();
            self.finish_epoch(stats, &validation, &health);
            last = Some(validation);
        }
        Ok(last)
    }
}
