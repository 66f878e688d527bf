use tch::{Kind, Tensor};

use crate::lifecycle::LifeStage;
use crate::model::{Configuration, Evaluation, Reading, correct_rows, row_losses};
use crate::network::Tree;
use crate::report::{Event, Matrix, Moment, SeedWorth};
use crate::seed::{Seed, SeedId};
use crate::training::Session;

/// Sum of the losses and number of right answers of one configuration.
type Sums = (f64, i64);

impl Session<'_> {
    /// Reports the matrix before the controller decides, where a seed may be let in for good.
    pub(super) fn matrix_before_gate(&mut self, epoch: usize) {
        let waits = |seed: &Seed| seed.life().stage() == LifeStage::Holding;
        if self.network.seeds().any(waits) {
            self.report_matrix(epoch, vec![Moment::Gate]);
        }
    }

    /// Reports the matrix for what the epoch brought, if it brought anything, and at the end.
    pub(super) fn matrix_after_epoch(&mut self, epoch: usize) {
        let mut moments = std::mem::take(&mut self.moments);
        if epoch == self.config.warm_up_epochs + self.config.adaptation_epochs {
            moments.insert(Moment::End);
        }
        if !moments.is_empty() {
            self.report_matrix(epoch, moments.into_iter().collect());
        }
    }

    /// Evaluates the network as it is, without each seed that shows, with each alone, and without
    /// any, over shared passes. Nothing remembers the passes, and they draw no number. Where no seed
    /// shows there is nothing to tell.
    fn report_matrix(&mut self, epoch: usize, moments: Vec<Moment>) {
        let shown: Vec<(SeedId, LifeStage, f64)> = self
            .network
            .seeds()
            .filter_map(|seed| {
                let alpha = seed.alpha().filter(|alpha| *alpha > 0.0)?;
                Some((seed.id(), seed.life().stage(), alpha))
            })
            .collect();
        if shown.is_empty() || shown.len() > Configuration::MAX_SEEDS {
            return;
        }
        let ids: Vec<SeedId> = shown.iter().map(|(id, _, _)| *id).collect();
        let all = Configuration::all(ids.len());
        let seeds = 0..ids.len();
        let asked: Vec<Configuration> = [all, Configuration::NONE]
            .into_iter()
            .chain(seeds.clone().map(|seed| all.without(seed)))
            .chain(seeds.map(Configuration::only))
            .collect();
        let found = self.evaluate_each(&ids, &asked);
        let (without, alone) = found[2..].split_at(ids.len());
        let worth = shown.iter().zip(without.iter().zip(alone));
        let matrix = Matrix {
            epoch,
            moments,
            full: found[0],
            host: found[1],
            seeds: worth
                .map(|(&(seed, stage, alpha), (&without, &alone))| SeedWorth {
                    seed,
                    stage,
                    alpha,
                    without,
                    alone,
                })
                .collect(),
        };
        self.emit(&Event::Matrix { matrix });
    }

    fn evaluate_each(&self, seeds: &[SeedId], asked: &[Configuration]) -> Vec<Evaluation> {
        let tree = Tree::new(&self.network, seeds, asked, Reading::AsTrained);
        let mut sums: Vec<Sums> = vec![(0.0, 0); asked.len()];
        for part in self.batches.validation() {
            let mut leaf = |at: usize, logits: &Tensor| {
                let losses = row_losses(logits, &part.labels);
                sums[at].0 += losses.sum(Kind::Double).double_value(&[]);
                sums[at].1 += correct_rows(logits, &part.labels);
                true
            };
            tree.walk(&part.features, &mut leaf);
        }
        let rows = self.batches.validation_rows() as f64;
        sums.into_iter()
            .map(|(loss, correct)| Evaluation {
                loss: loss / rows,
                accuracy: correct as f64 / rows,
            })
            .collect()
    }
}
