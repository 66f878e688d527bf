use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

use crate::checkpoint::Floats;
use crate::optimiser::Parameters;

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// Weights of a block on the processor: six buffers of so many lie in its second-level cache. A
/// multiple of the width of its vectors, so that cutting changes no bit.
const BLOCK: i64 = 1 << 14;

/// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1) for the
/// weights of one module, operation for operation as torch's single-tensor form computes it: one
/// pass over the flat buffers, whatever the number of layers, block after block while they are in
/// the cache.
pub(crate) struct Adam {
    blocks: Vec<Block>,
    /// What is computed on the way.
    scratch: [Tensor; 2],
    /// `1 − β₂` as a tensor: only with tensors does a product go into a given buffer in one pass.
    share: Tensor,
    steps: i32,
}

/// What an [`Adam`] goes on from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AdamState {
    steps: i32,
    first_moment: Floats,
    second_moment: Floats,
}

/// Views of as many weights as are moved at once, and their moments.
struct Block {
    weights: Tensor,
    gradient: Tensor,
    first_moment: Tensor,
    second_moment: Tensor,
}

impl Adam {
    pub(crate) fn new(parameters: &Parameters) -> Self {
        let (weights, gradient) = (parameters.flat(), parameters.flat_gradient());
        let count = weights.size1().unwrap_or_default();
        let size = if weights.device().is_cuda() {
            count
        } else {
            BLOCK.min(count)
        };
        let starts = (0..count).step_by(usize::try_from(size).unwrap_or(1).max(1));
        let zeros = |count| Tensor::zeros([count], (Kind::Float, weights.device()));
        let block = |start| {
            let count = size.min(count - start);
            Block {
                weights: weights.narrow(0, start, count),
                gradient: gradient.narrow(0, start, count),
                first_moment: zeros(count),
                second_moment: zeros(count),
            }
        };
        Self {
            blocks: starts.map(block).collect(),
            scratch: [zeros(size), zeros(size)],
            share: scalar(1.0 - BETA_2),
            steps: 0,
        }
    }

    /// Goes on from `state`; none where it is of other weights.
    pub(crate) fn restored(parameters: &Parameters, state: &AdamState) -> Option<Self> {
        let mut adam = Self::new(parameters);
        let count = parameters.count();
        let fits = [&state.first_moment, &state.second_moment]
            .iter()
            .all(|moment| moment.len() == count);
        if !fits {
            return None;
        }
        let device = parameters.flat().device();
        let moments = [&state.first_moment, &state.second_moment].map(|it| it.tensor(device));
        let mut start = 0;
        for block in &mut adam.blocks {
            let count = block.weights.size1().unwrap_or_default();
            let [first, second] = moments.each_ref().map(|it| it.narrow(0, start, count));
            block.first_moment.copy_(&first);
            block.second_moment.copy_(&second);
            start += count;
        }
        adam.steps = state.steps;
        Some(adam)
    }

    /// What [`Adam::restored`] takes.
    pub(crate) fn state(&self) -> AdamState {
        let whole = |moment: fn(&Block) -> &Tensor| {
            let parts: Vec<&Tensor> = self.blocks.iter().map(moment).collect();
            // A module without weights has no block.
            let empty = Tensor::from_slice::<f32>(&[]);
            Floats::of(&if parts.is_empty() {
                empty
            } else {
                Tensor::cat(&parts, 0)
            })
        };
        AdamState {
            steps: self.steps,
            first_moment: whole(|block| &block.first_moment),
            second_moment: whole(|block| &block.second_moment),
        }
    }

    /// Moves the weights against the gradients that the last way back wrote.
    pub(crate) fn step(&mut self, learning_rate: f64) {
        self.steps += 1;
        let correction_1 = 1.0 - BETA_1.powi(self.steps);
        let correction_2 = (1.0 - BETA_2.powi(self.steps)).sqrt();
        let rate = scalar(-learning_rate / correction_1);
        for block in &mut self.blocks {
            let count = block.weights.size1().unwrap_or_default();
            let [mut scale, step] = self.scratch.each_ref().map(|it| it.narrow(0, 0, count));
            let gradient = &block.gradient;
            let _m = block.first_moment.lerp_(gradient, 1.0 - BETA_1);
            let _part = gradient.mul_out(&step, &self.share);
            let _v = block.second_moment.g_mul_scalar_(BETA_2);
            let _v = block.second_moment.addcmul_(&step, gradient);
            // Not `sqrt`, which takes its time over what is zero or nearly so.
            let _scale = block.second_moment.pow_tensor_scalar_out(&scale, 0.5);
            let _scale = scale.g_div_scalar_(correction_2);
            let _scale = scale.g_add_scalar_(EPSILON);
            let _step = block.first_moment.mul_out(&step, &rate);
            let _moved = block.weights.addcdiv_(&step, &scale);
        }
    }
}

/// A number of no dimension, which takes on the type of what it is multiplied with.
fn scalar(value: f64) -> Tensor {
    Tensor::from(value).to_kind(Kind::Double)
}

#[cfg(test)]
mod tests {
    use tch::Device;

    use super::*;
    use crate::layer::Layout;

    /// Two steps against the formula in float64.
    #[test]
    fn two_steps_follow_the_formula() {
        let mut layout = Layout::default();
        layout.add(&[3]);
        let parameters = Parameters::new(&[1.0, -2.0, 0.5], &layout, Device::Cpu);
        let mut adam = Adam::new(&parameters);
        let gradients = [[0.5_f32, -1.0, 0.0], [0.25, 2.0, 1e-3]];
        let (mut weights, mut m, mut v) = ([1.0_f64, -2.0, 0.5], [0.0; 3], [0.0; 3]);
        for (step, gradient) in (1..).zip(gradients) {
            let mut into = parameters.gradient(0).shallow_clone();
            into.copy_(&Tensor::from_slice(&gradient));
            adam.step(0.1);
            for at in 0..3 {
                let g = f64::from(gradient[at]);
                m[at] = 0.9 * m[at] + 0.1 * g;
                v[at] = 0.999 * v[at] + 0.001 * g * g;
                let unbiased = m[at] / (1.0 - 0.9_f64.powi(step));
                let scale = (v[at] / (1.0 - 0.999_f64.powi(step))).sqrt() + 1e-8;
                weights[at] -= 0.1 * unbiased / scale;
            }
        }
        for (value, expected) in parameters.tensors()[0].1.iter().zip(weights) {
            assert!(
                (f64::from(*value) - expected).abs() < 1e-6,
                "{value} {expected}"
            );
        }
    }
}
