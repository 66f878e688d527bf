use tch::Tensor;

use crate::dense::DenseBatch;
use crate::network::Network;
use crate::seed::{Seed, SeedId};
use crate::training::{Answers, LossLog};

/// In so many batches of an epoch, at most, is the gradient of a frozen host measured.
const OF_FROZEN_HOST: usize = 8;

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
    /// None where nobody took the way back for it.
    host: Option<Tensor>,
    seeds: Vec<(SeedId, Tensor)>,
}

impl BatchLog {
    /// Whether the gradient of a frozen host, which takes a way back for nothing else, is worth it in
    /// `batch` of so many: the first, every n-th after it and the last, n as small as
    /// [`OF_FROZEN_HOST`] allows.
    pub(super) fn wants_frozen_host(batch: usize, batches: usize) -> bool {
        let stride = batches
            .saturating_sub(1)
            .div_ceil(OF_FROZEN_HOST - 1)
            .max(1);
        batch % stride == 1 % stride || batch == batches
    }

    /// Takes in what a way back of `batch` wrote, the host's gradients among it if `host` says so.
    pub(super) fn measure(&mut self, batch: usize, network: &Network, host: bool) {
        let landing = network.landing();
        let learns = |seed: &&Seed| seed.role(landing).learns;
        let seeds = network.seeds().filter(learns).filter_map(|seed| {
            let gradient = seed.child()?.parameters().flat_gradient();
            Some((seed.id(), gradient.norm()))
        });
        self.norms.push(Norms {
            batch,
            host: host.then(|| network.host().parameters().flat_gradient().norm()),
            seeds: seeds.collect(),
        });
    }

    /// Whether every batch was measured; the host's gradient in the last one is then among it.
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
                host_gradient_norm: norms.and_then(|norms| norms.host.as_ref()).map(value),
                seed_gradient_norms: seeds.map(|(seed, norm)| (*seed, value(norm))).collect(),
                leakage: self.leakage.filter(|_| batch == 1),
            }
        };
        (1..).zip(both).map(batch).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_host_is_measured_in_few_batches_the_first_and_the_last_among_them() {
        let wanted = |batches: usize| -> Vec<usize> {
            let wanted = |batch: &usize| BatchLog::wants_frozen_host(*batch, batches);
            (1..=batches).filter(wanted).collect()
        };
        assert_eq!(wanted(25), [1, 5, 9, 13, 17, 21, 25]);
        assert_eq!(wanted(100), [1, 16, 31, 46, 61, 76, 91, 100]);
        for batches in 1..=OF_FROZEN_HOST {
            assert_eq!(wanted(batches).len(), batches);
        }
        for batches in 9..500 {
            let wanted = wanted(batches);
            assert!((5..=OF_FROZEN_HOST).contains(&wanted.len()), "{batches}");
            assert_eq!((wanted[0], wanted.last()), (1, Some(&batches)));
        }
    }
}
