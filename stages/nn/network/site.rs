use tch::Tensor;

use crate::config::Landing;
use crate::network::ActivationBuffer;
use crate::seed::{Seed, SeedId, SeedState};

/// The seeds behind one hidden layer, and what they remember of its activations.
pub(crate) struct Site {
    seeds: Vec<Seed>,
    buffer: ActivationBuffer,
}

impl Site {
    pub(crate) fn new(seeds: Vec<Seed>) -> Self {
        Self {
            seeds,
            buffer: ActivationBuffer::default(),
        }
    }

    pub(crate) fn seeds(&self) -> &[Seed] {
        &self.seeds
    }

    pub(crate) fn seeds_mut(&mut self) -> &mut [Seed] {
        &mut self.seeds
    }

    /// The seeds, to be changed, beside what they remember.
    pub(crate) fn seeds_and_buffer(&mut self) -> (&mut [Seed], &ActivationBuffer) {
        (&mut self.seeds, &self.buffer)
    }

    pub(crate) fn buffer(&self) -> &ActivationBuffer {
        &self.buffer
    }

    /// Keeps `batch` for the seeds that may still need it; active ones do not.
    pub(crate) fn remember(&mut self, batch: Tensor) {
        if self
            .seeds
            .iter()
            .any(|seed| seed.state() != SeedState::Active)
        {
            self.buffer.push(batch);
        } else {
            self.buffer.clear();
        }
    }

    /// Mean of what the seeds give for `x`. A seed that is switched off or shows nothing gives
    /// `x`; where all do, nothing is computed.
    pub(crate) fn output(
        &self,
        x: Tensor,
        landing: Landing,
        enabled: &dyn Fn(SeedId) -> bool,
    ) -> Tensor {
        let outputs: Vec<Tensor> = self
            .seeds
            .iter()
            .filter(|seed| enabled(seed.id()))
            .filter_map(|seed| seed.output(&x, landing))
            .collect();
        let unchanged = self.seeds.len() - outputs.len();
        let Some(mut total) = outputs.into_iter().reduce(|total, output| total + output) else {
            return x;
        };
        if unchanged > 0 {
            total += x * unchanged as f64;
        }
        if self.seeds.len() == 1 {
            total
        } else {
            total / self.seeds.len() as f64
        }
    }
}
