use std::collections::BTreeMap;

use tch::Tensor;

use crate::network::Network;
use crate::optimiser::{Adam, StepSchedule, gradients};
use crate::seed::{Child, Seed, SeedId};

/// Moves weights against the task's loss.
pub(super) struct TaskLearner {
    learners: Learners,
    schedule: StepSchedule,
}

/// Whose weights move. A seed's moments start when its child first shows in the loss.
enum Learners {
    Host(Adam),
    Seeds(BTreeMap<SeedId, Adam>),
}

impl TaskLearner {
    /// The host learns; no seed has grown yet.
    pub(super) fn host(network: &Network, learning_rate: f64) -> Self {
        let learners = Learners::Host(Adam::new(network.host().parameters()));
        Self {
            learners,
            schedule: StepSchedule::new(learning_rate),
        }
    }

    /// The seeds learn whose child shows in the output.
    pub(super) fn seeds(learning_rate: f64) -> Self {
        let learners = Learners::Seeds(BTreeMap::new());
        Self {
            learners,
            schedule: StepSchedule::new(learning_rate),
        }
    }

    pub(super) fn learning_rate(&self) -> f64 {
        self.schedule.learning_rate()
    }

    pub(super) fn finish_epoch(&mut self) {
        self.schedule.finish_epoch();
    }

    /// One step against `loss`, the scalar loss of a forward pass through `network`.
    pub(super) fn learn(&mut self, network: &mut Network, loss: &Tensor) {
        let rate = self.schedule.learning_rate();
        match &mut self.learners {
            Learners::Host(adam) => {
                for gradient in gradients(loss, &[network.host().parameters()]) {
                    adam.step(network.host_mut().parameters_mut(), &gradient, rate);
                }
            }
            Learners::Seeds(adams) => learn_seeds(adams, network, loss, rate),
        }
    }
}

fn learn_seeds(
    adams: &mut BTreeMap<SeedId, Adam>,
    network: &mut Network,
    loss: &Tensor,
    rate: f64,
) {
    let shows = |seed: &Seed| seed.state().shows();
    let children = network
        .seeds()
        .filter(|seed| shows(seed))
        .filter_map(Seed::child);
    let modules: Vec<_> = children.map(Child::parameters).collect();
    if modules.is_empty() {
        return;
    }
    let gradients = gradients(loss, &modules);
    for (seed, gradient) in network
        .seeds_mut()
        .filter(|seed| shows(seed))
        .zip(gradients)
    {
        let id = seed.id();
        if let Some(child) = seed.child_mut() {
            let adam = adams
                .entry(id)
                .or_insert_with(|| Adam::new(child.parameters()));
            adam.step(child.parameters_mut(), &gradient, rate);
        }
    }
}
