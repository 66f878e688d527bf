use tch::Tensor;

use crate::config::Landing;
use crate::layer::Tape;
use crate::seed::{Coupling, InputGradient, Seed, SeedId};

/// Is shown a seed, what it got, and what it gave.
pub(crate) type Watcher<'a> = dyn FnMut(&Seed, &Tensor, &Tensor) + 'a;

/// The seeds in one slot of the host.
pub(crate) struct Site {
    seeds: Vec<Seed>,
}

impl Site {
    pub(crate) fn new(seeds: Vec<Seed>) -> Self {
        Self { seeds }
    }

    pub(crate) fn seeds(&self) -> &[Seed] {
        &self.seeds
    }

    pub(crate) fn seeds_mut(&mut self) -> &mut [Seed] {
        &mut self.seeds
    }

    /// Mean of what the seeds give for `x`. A seed that is switched off or shows nothing gives
    /// `x`; where all do, nothing is computed. Fills one tape a seed, and shows each output to
    /// `watch`.
    pub(crate) fn output(
        &self,
        x: Tensor,
        landing: Landing,
        enabled: &dyn Fn(SeedId) -> bool,
        tapes: &mut [Tape],
        watch: &mut Watcher<'_>,
    ) -> Tensor {
        let mut output_of = |(seed, tape): (&Seed, &mut Tape)| {
            let output = seed.output(&x, landing, tape)?;
            watch(seed, &x, &output);
            Some(output)
        };
        let outputs: Vec<Tensor> = self
            .seeds
            .iter()
            .zip(tapes)
            .filter(|(seed, _)| enabled(seed.id()))
            .filter_map(&mut output_of)
            .collect();
        self.mix(x, outputs)
    }

    /// As [`Site::output`], of what those seeds gave that are on and show; all of it stays as it is.
    pub(crate) fn mix_shared(&self, x: &Tensor, outputs: &[&Tensor]) -> Tensor {
        let mut outputs: Vec<Tensor> = outputs.iter().map(|o| o.shallow_clone()).collect();
        // The only output of several seeds would be written to.
        if let [only] = outputs.as_mut_slice()
            && self.seeds.len() > 1
        {
            *only = only.copy();
        }
        self.mix(x.shallow_clone(), outputs)
    }

    /// The mean over the seeds, of which those without an output give `x`. Writes to the output if
    /// there is one alone, of several seeds.
    fn mix(&self, x: Tensor, outputs: Vec<Tensor>) -> Tensor {
        let unchanged = self.seeds.len() - outputs.len();
        let Some(mut total) = outputs.into_iter().reduce(|total, output| total + output) else {
            return x;
        };
        match unchanged {
            0 => {}
            1 => total += x,
            several => total += x * several as f64,
        }
        if self.seeds.len() == 1 {
            total
        } else {
            total / self.seeds.len() as f64
        }
    }

    /// The way back of [`Site::output`] with the same seeds switched on. Gives the gradient with
    /// respect to `x` if `input` wants it; writes those of the children that learn.
    pub(crate) fn backward(
        &self,
        gradient: Tensor,
        landing: Landing,
        enabled: &dyn Fn(SeedId) -> bool,
        tapes: &mut [Tape],
        input: bool,
    ) -> Option<Tensor> {
        let takes_part =
            |seed: &Seed| enabled(seed.id()) && seed.role(landing).coupling != Coupling::Absent;
        if !self.seeds.iter().any(takes_part) {
            return input.then_some(gradient);
        }
        let count = self.seeds.len() as f64;
        let share = if self.seeds.len() == 1 {
            gradient
        } else {
            gradient / count
        };
        let (mut direct, mut total) = (0.0, None);
        for (seed, tape) in self.seeds.iter().zip(tapes).rev() {
            let back = if enabled(seed.id()) {
                seed.backward(&share, landing, tape, input)
            } else {
                InputGradient::STRAIGHT
            };
            direct += back.direct;
            total = match (total, back.other) {
                (Some(total), Some(other)) => Some(total + other),
                (total, other) => total.or(other),
            };
        }
        let straight = (input && direct > 0.0).then(|| share * direct);
        match (total.filter(|_| input), straight) {
            (Some(total), Some(straight)) => Some(total + straight),
            (total, straight) => total.or(straight),
        }
    }
}
