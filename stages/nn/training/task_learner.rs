use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::network::{Network, Record};
use crate::optimiser::{Adam, AdamState, StepSchedule};
use crate::seed::SeedId;
use crate::training::{BatchLog, GradientLog, TaskLoss};

/// Moves weights against the task's loss: the host's if it learns, and those of every child whose
/// seed says that it learns. A module's moments start with the first step that it takes.
pub(super) struct TaskLearner {
    host: Option<Adam>,
    seeds: BTreeMap<SeedId, Adam>,
    schedule: StepSchedule,
}

/// Who looks at the gradients of a batch.
pub(super) struct Looks<'log> {
    /// The epoch's sample, where the batch belongs to it.
    pub(super) sample: Option<&'log mut GradientLog>,
    /// Where the epoch is looked at closely.
    pub(super) closely: Option<CloseLook<'log>>,
}

/// A close look at a batch.
pub(super) struct CloseLook<'log> {
    pub(super) batch: usize,
    /// Whether it asks for the gradient of a host that is frozen, too.
    pub(super) frozen_host: bool,
    pub(super) log: &'log mut BatchLog,
}

/// What a [`TaskLearner`] goes on from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct LearnerState {
    host: Option<AdamState>,
    seeds: Vec<(SeedId, AdamState)>,
    schedule: StepSchedule,
}

impl TaskLearner {
    /// Goes on from `state`; none where it is of another network.
    pub(super) fn restored(network: &Network, state: &LearnerState) -> Option<Self> {
        let host = state.host.as_ref();
        let host = host.map(|host| Adam::restored(network.host().parameters(), host));
        Some(Self {
            host: match host {
                Some(host) => Some(host?),
                None => None,
            },
            seeds: restored(network, &state.seeds)?,
            schedule: state.schedule.clone(),
        })
    }

    /// What [`TaskLearner::restored`] takes.
    pub(super) fn state(&self) -> LearnerState {
        LearnerState {
            host: self.host.as_ref().map(Adam::state),
            seeds: states(&self.seeds),
            schedule: self.schedule.clone(),
        }
    }

    /// The host learns as well as the seeds.
    pub(super) fn host(network: &Network, learning_rate: f64) -> Self {
        Self {
            host: Some(Adam::new(network.host().parameters())),
            ..Self::seeds(learning_rate)
        }
    }

    /// The host is frozen.
    pub(super) fn seeds(learning_rate: f64) -> Self {
        Self {
            host: None,
            seeds: BTreeMap::new(),
            schedule: StepSchedule::new(learning_rate),
        }
    }

    pub(super) fn learning_rate(&self) -> f64 {
        self.schedule.learning_rate()
    }

    pub(super) fn finish_epoch(&mut self) {
        self.schedule.finish_epoch();
    }

    /// Forgets the moments of a seed that was removed.
    pub(super) fn forget(&mut self, seed: SeedId) {
        self.seeds.remove(&seed);
    }

    /// One step against the loss of the pass through `network` that made `record`. What `looks` is
    /// given takes in the gradients, the frozen host's too where it asks for it.
    pub(super) fn learn(
        &mut self,
        network: &Network,
        record: Record,
        loss: &TaskLoss<'_>,
        looks: Looks<'_>,
    ) {
        let learns = |seed: &crate::seed::Seed| seed.role(network.landing()).learns;
        if self.host.is_none() && !network.seeds().any(learns) {
            return;
        }
        let Looks { sample, closely } = looks;
        let asked = closely.as_ref().is_some_and(|look| look.frozen_host);
        let host = self.host.is_some() || sample.is_some() || asked;
        network.backward(record, loss.gradient(), host);
        if let Some(sample) = sample {
            let learning = network.seeds().filter(|seed| learns(seed));
            let children = learning.filter_map(|seed| Some((seed.id(), seed.child()?)));
            sample.add_task(network, children);
        }
        if let Some(look) = closely {
            let host = self.host.is_some() || asked;
            look.log.measure(look.batch, network, host);
        }
        let rate = self.schedule.learning_rate();
        if let Some(adam) = &mut self.host {
            adam.step(rate);
        }
        for seed in network.seeds().filter(|seed| learns(seed)) {
            if let Some(child) = seed.child() {
                let adam = self.seeds.entry(seed.id());
                let adam = adam.or_insert_with(|| Adam::new(child.parameters()));
                adam.step(rate);
            }
        }
    }
}

/// Those that move the weights of seeds, as a checkpoint has them.
pub(super) fn states(adams: &BTreeMap<SeedId, Adam>) -> Vec<(SeedId, AdamState)> {
    let states = adams.iter().map(|(&seed, adam)| (seed, adam.state()));
    states.collect()
}

/// The reverse of [`states`]; none where a seed has other weights, or none.
pub(super) fn restored(
    network: &Network,
    states: &[(SeedId, AdamState)],
) -> Option<BTreeMap<SeedId, Adam>> {
    let restored = |(id, state): &(SeedId, AdamState)| {
        let seed = network.seeds().find(|seed| seed.id() == *id)?;
        Some((*id, Adam::restored(seed.child()?.parameters(), state)?))
    };
    states.iter().map(restored).collect()
}
