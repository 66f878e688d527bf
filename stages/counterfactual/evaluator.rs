use kaslite_engine::context::StageContext;
use kaslite_engine::registry::StageError;
use kaslite_nn::{Answers, Configuration, Data, Model, Reading};

use crate::counterfactual::measured::Measured;
use crate::shared::fail;

/// Evaluates configurations of one model on the validation samples.
pub(super) struct Evaluator<'a, 'context> {
    pub(super) context: &'a StageContext<'context>,
    pub(super) model: &'a Model,
    pub(super) rows: &'a Data,
}

impl Evaluator<'_, '_> {
    /// How well the network does in each of the configurations. `each` gets what they give, some
    /// samples at a time, with the number of the configuration.
    ///
    /// # Errors
    /// `interrupted`; a model that cannot be evaluated.
    pub(super) fn evaluate(
        &self,
        configurations: &[Configuration],
        reading: Reading,
        each: &mut dyn FnMut(&Answers),
    ) -> Result<Vec<Measured>, StageError> {
        let labels = self.rows.labels();
        let mut measured = vec![Measured::default(); configurations.len()];
        let (mut done, all) = (0, configurations.len() as u64);
        let mut visit = |answers: Answers| {
            measured[answers.at].add(&answers, &labels[answers.first_row..]);
            each(&answers);
            done += 1;
            let on = configurations[answers.at].size();
            self.context
                .progress(done.min(all), all, format!("seeds on: {on}"));
            !self.context.is_cancelled()
        };
        let model = self.model;
        let whole = model.evaluate_each(self.rows, configurations, reading, &mut visit);
        if whole.map_err(fail)? {
            Ok(measured)
        } else {
            Err(StageError::new("interrupted"))
        }
    }
}
