use std::collections::BTreeMap;

use kaslite_random::{PythonRandom, TorchGenerator};
use tch::Tensor;

use crate::config::Config;
use crate::network::{ActivationBuffer, Network};
use crate::optimiser::Adam;
use crate::seed::{Child, IllegalTransition, Lesson, SeedId, SeedState, Step};
use crate::training::LossLog;

/// Remembered batches that a shadow step looks at.
const BATCHES: usize = 64;
/// Rows of them that it learns from.
const ROWS: usize = 64;

/// Teaches germinated seeds, beside the task, to reproduce what they get.
pub(super) struct ShadowTrainer {
    batch_choice: PythonRandom,
    adams: BTreeMap<SeedId, Adam>,
    losses: BTreeMap<SeedId, LossLog>,
}

impl ShadowTrainer {
    pub(super) fn new(rng_seed: u64) -> Self {
        let batch_choice = PythonRandom::new(rng_seed);
        Self {
            batch_choice,
            adams: BTreeMap::new(),
            losses: BTreeMap::new(),
        }
    }

    /// What follows each training batch: a step for every seed in training, then one blend
    /// step for every seed that blends, one begun just now included. Gives the moves that seeds
    /// made.
    pub(super) fn after_batch(
        &mut self,
        batch: usize,
        network: &mut Network,
        config: &Config,
        generator: &mut TorchGenerator,
    ) -> Result<Vec<(SeedId, Step)>, IllegalTransition> {
        let mut moves = Vec::new();
        for site in network.sites_mut() {
            let (seeds, buffer) = site.seeds_and_buffer();
            for seed in seeds {
                let id = seed.id();
                if seed.state() == SeedState::Training && buffer.has_enough() {
                    if let (Lesson::Reproduction, Some(child)) = (seed.lesson(), seed.child()) {
                        let rows = self.choose_rows(buffer, generator);
                        self.teach(id, batch, child, &rows, config.shadow_lr);
                    }
                    let step = seed.count_shadow_step(config.progress_thresh)?;
                    moves.extend(step.map(|step| (id, step)));
                }
                let step = seed.advance_blend(config.blend_steps)?;
                moves.extend(step.map(|step| (id, step)));
            }
        }
        Ok(moves)
    }

    /// The losses since the last call, a log for each seed that took a step.
    pub(super) fn take_losses(&mut self) -> BTreeMap<SeedId, LossLog> {
        std::mem::take(&mut self.losses)
    }

    fn teach(&mut self, id: SeedId, batch: usize, child: &Child, rows: &Tensor, rate: f64) {
        let loss = child.learn_to_reproduce(rows);
        let adam = self
            .adams
            .entry(id)
            .or_insert_with(|| Adam::new(child.parameters()));
        adam.step(child.parameters(), rate);
        self.losses.entry(id).or_default().push(batch, &loss);
    }

    /// Up to 64 batches, as Python's `random.sample` picks them, and of their rows the 64 that
    /// torch's `randperm` puts first.
    fn choose_rows(&mut self, buffer: &ActivationBuffer, generator: &mut TorchGenerator) -> Tensor {
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
        let chosen: Vec<i64> = order[..ROWS]
            .iter()
            .filter_map(|&row| i64::try_from(row).ok())
            .collect();
        rows.index_select(0, &Tensor::from_slice(&chosen).to_device(rows.device()))
    }
}
