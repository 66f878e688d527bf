use std::collections::BTreeMap;

use kaslite_random::{PythonRandom, TorchGenerator};
use serde::{Deserialize, Serialize};
use tch::Tensor;

use crate::config::Config;
use crate::lifecycle::{Advance, LifeStage, Pace, SlotError};
use crate::network::{ActivationBuffer, Network};
use crate::optimiser::{Adam, AdamState};
use crate::seed::{Child, Lesson, Seed, SeedId};
use crate::training::task_learner::{restored, states};
use crate::training::{GradientLog, LossLog, Memory};

/// Remembered batches that a shadow step looks at.
const BATCHES: usize = 64;
/// Rows that it learns from, at most.
const ROWS: usize = 64;

/// The batch that was trained on just now.
#[derive(Clone, Copy)]
pub(super) struct At<'config> {
    /// The epoch, from 1.
    pub(super) epoch: usize,
    /// The batch within it, from 1.
    pub(super) batch: usize,
    /// Whether seeds go their way by themselves.
    pub(super) by_itself: bool,
    pub(super) config: &'config Config,
}

/// Teaches germinated seeds, beside the task, to reproduce what they get.
pub(super) struct ShadowTrainer {
    batch_choice: PythonRandom,
    adams: BTreeMap<SeedId, Adam>,
    losses: BTreeMap<SeedId, LossLog>,
}

/// What a [`ShadowTrainer`] goes on from between two epochs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ShadowState {
    drawn: u64,
    adams: Vec<(SeedId, AdamState)>,
}

impl ShadowTrainer {
    /// Goes on from `state`; none where it is of another network.
    pub(super) fn restored(rng_seed: u64, network: &Network, state: &ShadowState) -> Option<Self> {
        Some(Self {
            batch_choice: PythonRandom::at(rng_seed, state.drawn),
            adams: restored(network, &state.adams)?,
            losses: BTreeMap::new(),
        })
    }

    /// What [`ShadowTrainer::restored`] takes.
    pub(super) fn state(&self) -> ShadowState {
        ShadowState {
            drawn: self.batch_choice.place(),
            adams: states(&self.adams),
        }
    }

    pub(super) fn new(rng_seed: u64) -> Self {
        let batch_choice = PythonRandom::new(rng_seed);
        Self {
            batch_choice,
            adams: BTreeMap::new(),
            losses: BTreeMap::new(),
        }
    }

    /// What follows each training batch: a step for every seed in training, then one blend
    /// step for every seed that blends by batches, one begun just now included. Seeds that go
    /// their way by themselves ask their gates. Gives what the gates found.
    pub(super) fn after_batch(
        &mut self,
        at: At<'_>,
        network: &mut Network,
        memory: &Memory,
        generator: &mut TorchGenerator,
        gradients: &mut GradientLog,
    ) -> Result<Vec<(SeedId, Advance)>, SlotError> {
        let At {
            epoch,
            batch,
            by_itself,
            config,
        } = at;
        let mut advances = Vec::new();
        for (slot, site) in network.sites_mut().iter_mut().enumerate() {
            for seed in site.seeds_mut() {
                let id = seed.id();
                let mut ask = |seed: &mut Seed| -> Result<(), SlotError> {
                    if by_itself {
                        let (threshold, gates) = (config.progress_thresh, &config.gates);
                        let advance = seed.ask_by_itself(epoch, threshold, gates)?;
                        advances.extend(advance.map(|advance| (id, advance)));
                    }
                    Ok(())
                };
                if seed.life().stage() == LifeStage::Training && may_step(memory, slot) {
                    if let (Lesson::Reproduction, Some(child)) = (seed.lesson(), seed.child()) {
                        let rows = self.choose_rows(memory, slot, generator);
                        self.teach(id, batch, child, &rows, config.shadow_lr);
                        if GradientLog::samples(batch) {
                            gradients.add_lesson(id, child);
                        }
                    }
                    seed.count_shadow_step();
                    ask(seed)?;
                }
                if seed.life().stage() == LifeStage::Blending {
                    seed.life_mut().step_alpha(Pace::Batch);
                    ask(seed)?;
                }
            }
        }
        Ok(advances)
    }

    /// Forgets the moments of a seed that was removed.
    pub(super) fn forget(&mut self, seed: SeedId) {
        self.adams.remove(&seed);
    }

    /// The losses since the last call, a log for each seed that took a step.
    pub(super) fn take_losses(&mut self) -> BTreeMap<SeedId, LossLog> {
        std::mem::take(&mut self.losses)
    }

    fn teach(&mut self, id: SeedId, batch: usize, child: &Child, rows: &Tensor, rate: f64) {
        let loss = child.learn_to_reproduce(rows);
        let adam = self.adams.entry(id);
        let adam = adam.or_insert_with(|| Adam::new(child.parameters()));
        adam.step(rate);
        self.losses.entry(id).or_default().push(batch, &loss);
    }

    /// Rows of slot `at` to learn from: the first ones of the batch, whose order was drawn, or as
    /// the original has it.
    fn choose_rows(
        &mut self,
        memory: &Memory,
        at: usize,
        generator: &mut TorchGenerator,
    ) -> Tensor {
        match memory {
            Memory::Buffers(buffers) => self.choose_remembered(&buffers[at], generator),
            Memory::Reservoir { batch, .. } => {
                let rows = batch[at].size()[0].min(to_i64(ROWS));
                batch[at].narrow(0, 0, rows)
            }
        }
    }

    /// Up to 64 batches, as Python's `random.sample` picks them, and of their rows the 64 that
    /// torch's `randperm` puts first.
    fn choose_remembered(
        &mut self,
        buffer: &ActivationBuffer,
        generator: &mut TorchGenerator,
    ) -> Tensor {
        let count = buffer.len().min(BATCHES);
        let positions = self
            .batch_choice
            .sample(buffer.len(), count)
            .unwrap_or_default();
        let rows = buffer.rows_of(&positions);
        let height = usize::try_from(rows.size()[0]).unwrap_or_default();
        if height <= ROWS {
            return rows;
        }
        let order = generator.randperm(height);
        let chosen: Vec<i64> = order[..ROWS].iter().copied().map(to_i64).collect();
        rows.index_select(0, &Tensor::from_slice(&chosen).to_device(rows.device()))
    }
}

/// Whether there is enough to learn from in slot `at`.
fn may_step(memory: &Memory, at: usize) -> bool {
    match memory {
        Memory::Buffers(buffers) => buffers[at].has_enough(),
        Memory::Reservoir { batch, .. } => at < batch.len(),
    }
}

fn to_i64(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
