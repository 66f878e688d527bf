use std::collections::BTreeMap;

use kaslite_random::DataLoader;
use tch::{Kind, Tensor};

use crate::config::Landing;
use crate::error::{LossKind, NnError};
use crate::model::{correct_rows, row_losses};
use crate::report::Event;
use crate::seed::{Seed, SeedId, drift};
use crate::training::{LossLog, Session};

/// How the network does on the validation rows.
pub(super) struct Validation {
    /// Mean over the rows; with [`Landing::Reference`] mean of the batches' means.
    pub(super) loss: f64,
    /// Share of the rows that were classified rightly.
    pub(super) accuracy: f64,
    /// Drift of each seed whose child shows, over the rows that were computed last: all of them,
    /// if they are not very many; with [`Landing::Reference`] the last batch.
    pub(super) drift: BTreeMap<SeedId, f64>,
    /// How far the gate is open of each seed that joins through one, over the same rows.
    pub(super) openness: BTreeMap<SeedId, f64>,
}

impl Session<'_> {
    /// Evaluates the validation rows, in one go if they are not very many. As in the original, the
    /// pass draws one integer of the generator.
    pub(super) fn validate(&mut self, epoch: usize) -> Result<Validation, NnError> {
        let rows = self.batches.validation_rows();
        let _in_order = DataLoader::in_order(rows).pass(&mut self.generator);
        let (log, correct, drifts) = self.pass_over_validation();
        let loss = log.mean(LossKind::Validation, epoch)?.unwrap_or(f64::NAN);
        Ok(Validation {
            loss,
            accuracy: correct as f64 / rows as f64,
            drift: match self.config.landing {
                Landing::Reference => self.of_seen(Seed::drift),
                Landing::Continuous => drifts,
            },
            openness: self.of_seen(|seed, input, landing| {
                let open = seed.openness(input, landing)?;
                Some(open.mean(Kind::Double).double_value(&[]))
            }),
        })
    }

    /// The validation accuracy, 0..=1, with one seed switched off.
    pub(super) fn accuracy_without(&self, seed: SeedId) -> f64 {
        self.pass_by(&|other| other != seed).1
    }

    /// Reports loss and accuracy before anything was trained.
    pub(super) fn report_initial(&mut self) -> Result<(), NnError> {
        let (losses, accuracy) = self.pass_by(&|_| true);
        let loss = losses.mean(LossKind::Validation, 0)?.unwrap_or(f64::NAN);
        self.emit(&Event::Initial { loss, accuracy });
        Ok(())
    }

    /// Evaluates the validation rows with some seeds switched off. Nothing remembers the pass, and
    /// it draws no number.
    fn pass_by(&self, on: &dyn Fn(SeedId) -> bool) -> (LossLog, f64) {
        let batch_rows = self.batches.validation_batch();
        let (mut log, mut correct, mut batch) = (LossLog::default(), 0, 0);
        for part in self.batches.validation() {
            let logits = self.network.forward_with(&part.features, on).logits;
            for losses in row_losses(&logits, &part.labels).split(batch_rows, 0) {
                batch += 1;
                log.push(batch, &losses.mean(None));
            }
            correct += correct_rows(&logits, &part.labels);
        }
        (log, correct as f64 / self.batches.validation_rows() as f64)
    }

    /// With [`Landing::Continuous`], the drift of each seed too.
    fn pass_over_validation(&mut self) -> (LossLog, i64, BTreeMap<SeedId, f64>) {
        let batch_rows = self.batches.validation_batch();
        let (mut log, mut correct, mut batch) = (LossLog::default(), 0, 0);
        let (mut last, mut drifts) = (Vec::new(), BTreeMap::new());
        for part in self.batches.validation() {
            let pass = match self.config.landing {
                Landing::Reference => self.network.forward(&part.features),
                Landing::Continuous => {
                    self.network
                        .forward_watched(&part.features, &mut |seed, x, output| {
                            drifts.insert(seed.id(), drift(x, output));
                        })
                }
            };
            let losses = row_losses(&pass.logits, &part.labels);
            correct += correct_rows(&pass.logits, &part.labels);
            match self.config.landing {
                Landing::Reference => {
                    for losses in losses.split(batch_rows, 0) {
                        batch += 1;
                        log.push(batch, &losses.mean(None));
                    }
                    last = self.remember_batches(&pass.site_inputs, batch_rows);
                }
                Landing::Continuous => {
                    batch += 1;
                    log.weigh(batch, &losses.mean(None), losses.numel());
                    last = pass.site_inputs;
                }
            }
        }
        self.seen = last;
        (log, correct, drifts)
    }

    /// Remembers the batches that were computed together one by one; gives the last one.
    fn remember_batches(&mut self, site_inputs: &[Tensor], rows: i64) -> Vec<Tensor> {
        let mut slots: Vec<_> = site_inputs
            .iter()
            .map(|input| input.split(rows, 0).into_iter())
            .collect();
        let mut last = Vec::new();
        loop {
            let batch: Vec<Tensor> = slots.iter_mut().filter_map(Iterator::next).collect();
            if batch.is_empty() {
                return last;
            }
            last = batch.iter().map(Tensor::shallow_clone).collect();
            self.memory.validate(&self.network, batch);
        }
    }

    /// What `measure` says of each seed and what passed its slot on the rows that were computed last.
    fn of_seen(
        &self,
        measure: impl Fn(&Seed, &Tensor, Landing) -> Option<f64>,
    ) -> BTreeMap<SeedId, f64> {
        let landing = self.network.landing();
        let sites = self.network.sites().iter().zip(&self.seen);
        let seeds = sites.flat_map(|(site, input)| site.seeds().iter().map(move |it| (it, input)));
        seeds
            .filter_map(|(seed, input)| Some((seed.id(), measure(seed, input, landing)?)))
            .collect()
    }
}
