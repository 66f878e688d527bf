use std::collections::BTreeMap;

use tch::Tensor;

use crate::lifecycle::gradient_ratio;
use crate::network::Network;
use crate::optimiser::Parameters;
use crate::seed::{Child, SeedId};

/// Every so many batches, the first included, gradients are measured.
const STRIDE: usize = 10;

/// The norms of the gradients of one epoch, from a sample of its batches, before any clipping.
#[derive(Default)]
pub(super) struct GradientLog {
    host: Mean,
    /// Against the task's loss.
    task: BTreeMap<SeedId, Norms>,
    /// Against the loss of the lesson that a seed learns by itself.
    lesson: BTreeMap<SeedId, Norms>,
}

/// What an epoch's sample says of one seed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SeedGradients {
    /// Mean norm of each of its tensors.
    pub(super) norms: Vec<f64>,
    /// How much it learns beside the host; none where the two do not learn the same.
    pub(super) ratio: Option<f64>,
}

/// The norms of one seed: over all its weights, and of each tensor.
#[derive(Default)]
struct Norms {
    total: Mean,
    tensors: Vec<Mean>,
    weights: usize,
}

/// A mean of what comes in.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    sum: f64,
    count: usize,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    fn get(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }
}

impl Norms {
    fn add(&mut self, parameters: &Parameters) {
        let gradients = parameters.gradients();
        let norms: Vec<f64> = gradients.map(norm).collect();
        self.tensors.resize(norms.len(), Mean::default());
        for (mean, norm) in self.tensors.iter_mut().zip(&norms) {
            mean.add(*norm);
        }
        self.total
            .add(norms.iter().map(|norm| norm * norm).sum::<f64>().sqrt());
        self.weights = parameters.count();
    }
}

impl GradientLog {
    /// Whether the gradients of `batch`, from 1, belong to the sample.
    pub(super) fn samples(batch: usize) -> bool {
        batch % STRIDE == 1
    }

    /// Takes in what a way back wrote: the host's gradients, and those of `children`.
    pub(super) fn add_task<'a>(
        &mut self,
        network: &Network,
        children: impl Iterator<Item = (SeedId, &'a Child)>,
    ) {
        self.host
            .add(norm(network.host().parameters().flat_gradient()));
        for (seed, child) in children {
            self.task.entry(seed).or_default().add(child.parameters());
        }
    }

    /// Takes in what a seed's own lesson wrote.
    pub(super) fn add_lesson(&mut self, seed: SeedId, child: &Child) {
        self.lesson.entry(seed).or_default().add(child.parameters());
    }

    /// Mean norm of the host's gradient against the task's loss; none where it was not measured.
    pub(super) fn host(&self) -> Option<f64> {
        self.host.get()
    }

    /// What is known of each seed; the task goes before the lesson.
    pub(super) fn seeds(&self, host_weights: usize) -> BTreeMap<SeedId, SeedGradients> {
        let tensors = |norms: &Norms| norms.tensors.iter().filter_map(|mean| mean.get()).collect();
        let lessons = self.lesson.iter().map(|(&seed, norms)| {
            let (norms, ratio) = (tensors(norms), None);
            (seed, SeedGradients { norms, ratio })
        });
        let tasks = self.task.iter().map(|(&seed, norms)| {
            let ratio = || {
                let of_seed = (norms.total.get()?, norms.weights);
                gradient_ratio(of_seed, (self.host.get()?, host_weights))
            };
            let (norms, ratio) = (tensors(norms), ratio());
            (seed, SeedGradients { norms, ratio })
        });
        lessons.chain(tasks).collect()
    }
}

fn norm(gradient: &Tensor) -> f64 {
    gradient.norm().double_value(&[])
}
