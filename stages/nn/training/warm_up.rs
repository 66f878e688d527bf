use crate::error::NnError;
use crate::report::{EpochStats, Phase};
use crate::training::{Session, TaskLearner, Validation};

impl Session<'_> {
    /// An epoch in which the whole host learns and no seed germinates.
    pub(super) fn warm_up_epoch(
        &mut self,
        epoch: usize,
        learner: &mut TaskLearner,
    ) -> Result<Validation, NnError> {
        let learning_rate = Some(learner.learning_rate());
        let trained = self.train_epoch(learner, epoch, false)?;
        let validation = self.validate(epoch)?;
        let stats = EpochStats {
            epoch,
            phase: Phase::WarmUp,
            train_loss: trained.loss,
            train_accuracy: trained.accuracy,
            val_loss: validation.loss,
            val_accuracy: validation.accuracy,
            best_accuracy: self.update_best(&validation),
            plateau: 0,
            learning_rate,
            host_gradient_norm: trained.gradients.host(),
            gradient_leakage: trained.leakage,
            dense: self.is_dense(epoch),
            host_parameters: self.network.host().parameters().count(),
        };
        self.record_epoch(&trained, &validation);
        let health = self.health();
        self.finish_epoch(stats, &validation, &health);
        Ok(validation)
    }
}
