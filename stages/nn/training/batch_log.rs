use tch::Tensor;

use crate::dense::DenseBatch;
use crate::network::Network;
use crate::seed::{Seed, SeedId};
use crate::training::{Answers, LossLog};

/// The batches of the last epoch that was trained, as far as a close look may ask for them. All of it
/// stays on the device until then.
#[derive(Default)]
pub(super) struct BatchLog {
    pub(super) losses: LossLog,
    pub(super) answers: Answers,
    /// Norms of the gradients of the batches that were measured.
    norms: Vec<Norms>,
    pub(super) leakage: Option<f64>,
}

struct Norms {
    batch: usize,
    host: Tensor,
    seeds: Vec<(SeedId, Tensor)>,
}

impl BatchLog {
    /// Takes in what a way back of `batch` wrote, the host's gradients among it.
    pub(super) fn measure(&mut self, batch: usize, network: &Network) {
        let landing = network.landing();
        let learns = |seed: &&Seed| seed.role(landing).learns;
        let seeds = network.seeds().filter(learns).filter_map(|seed| {
            let gradient = seed.child()?.parameters().flat_gradient();
            Some((seed.id(), gradient.norm()))
        });
        self.norms.push(Norms {
            batch,
            host: network.host().parameters().flat_gradient().norm(),
            seeds: seeds.collect(),
        });
    }

    /// Whether the gradients of every batch were measured.
    pub(super) fn is_whole(&self) -> bool {
        !self.norms.is_empty() && self.norms.len() == self.losses.values().len()
    }

    pub(super) fn batches(&self) -> Vec<DenseBatch> {
        let value = |norm: &Tensor| norm.double_value(&[]);
        let both = self
            .losses
            .values()
            .into_iter()
            .zip(self.answers.by_batch());
        let batch = |(batch, (loss, accuracy))| {
            let norms = self.norms.iter().find(|norms| norms.batch == batch);
            let seeds = norms.map_or(&[][..], |norms| &norms.seeds).iter();
            DenseBatch {
                batch,
                loss,
                accuracy,
                host_gradient_norm: norms.map(|norms| value(&norms.host)),
                seed_gradient_norms: seeds.map(|(seed, norm)| (*seed, value(norm))).collect(),
                leakage: self.leakage.filter(|_| batch == 1),
            }
        };
        (1..).zip(both).map(batch).collect()
    }
}
