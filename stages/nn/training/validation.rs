use std::collections::BTreeMap;

use kaslite_random::DataLoader;
use tch::Tensor;

use crate::error::{LossKind, NnError};
use crate::model::{correct_rows, row_losses};
use crate::seed::SeedId;
use crate::training::{LossLog, Session};

/// How the network does on the validation rows.
pub(super) struct Validation {
    /// Mean of the batches' mean losses.
    pub(super) loss: f64,
    /// Share of the rows that were classified rightly.
    pub(super) accuracy: f64,
    /// Drift of each seed whose child shows, over the last batch.
    pub(super) drift: BTreeMap<SeedId, f64>,
}

impl Session<'_> {
    /// Evaluates the validation rows. As in the original, the seeds remember these activations
    /// too, and the pass draws one integer of the generator.
    pub(super) fn validate(&mut self, epoch: usize) -> Result<Validation, NnError> {
        let rows = self.batches.validation_rows();
        let _in_order = DataLoader::in_order(rows).pass(&mut self.generator);
        let (log, correct, drift) = self.pass_over_validation();
        let loss = log.mean(LossKind::Validation, epoch)?.unwrap_or(f64::NAN);
        Ok(Validation {
            loss,
            accuracy: correct as f64 / rows as f64,
            drift,
        })
    }

    fn pass_over_validation(&mut self) -> (LossLog, i64, BTreeMap<SeedId, f64>) {
        let batch_rows = self.batches.validation_batch();
        let (mut log, mut correct, mut batch) = (LossLog::default(), 0, 0);
        let mut last = Vec::new();
        for part in self.batches.validation() {
            let pass = self.network.forward(&part.features);
            for losses in row_losses(&pass.logits, &part.labels).split(batch_rows, 0) {
                batch += 1;
                log.push(batch, &losses.mean(None));
            }
            correct += correct_rows(&pass.logits, &part.labels);
            last = self.remember_batches(&pass.site_inputs, batch_rows);
        }
        (log, correct, self.drift_over(&last))
    }

    /// Remembers the batches that were computed together one by one; gives the last one.
    fn remember_batches(&mut self, site_inputs: &[Tensor], rows: i64) -> Vec<Tensor> {
        let mut last = Vec::new();
        for (site, input) in self.network.sites_mut().iter_mut().zip(site_inputs) {
            let mut batches = input.split(rows, 0);
            last.extend(batches.last().map(Tensor::shallow_clone));
            batches.drain(..).for_each(|batch| site.remember(batch));
        }
        last
    }

    fn drift_over(&self, site_inputs: &[Tensor]) -> BTreeMap<SeedId, f64> {
        let landing = self.network.landing();
        let of_site = |(site, input): (&crate::network::Site, &Tensor)| {
            let drift = |seed: &crate::seed::Seed| Some((seed.id(), seed.drift(input, landing)?));
            site.seeds().iter().filter_map(drift).collect::<Vec<_>>()
        };
        self.network
            .sites()
            .iter()
            .zip(site_inputs)
            .flat_map(of_site)
            .collect()
    }
}
