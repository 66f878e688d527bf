use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

use crate::checkpoint::Floats;
use crate::optimiser::Parameters;

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// Weights of a block on the processor: six buffers of so many lie in its last cache. Smaller ones would
/// lie nearer, and cost more in calls than they gain. A multiple of the width of its vectors, so that
/// cutting changes no bit.
const BLOCK: i64 = 1 << 18;

/// What a second moment is taken for where it is less, as that of a weight is whose gradient was always
/// zero: 2⁻¹¹⁴. Roots of less take libtorch many times as long. It changes no bit of a step: corrected,
/// the root is at most 2⁻⁵⁷ / √(1 − β₂) < 2.2e-16, less than half of what tells two floats beside
/// [`EPSILON`] apart.
const FLOOR: f64 = 1.0 / (1_u128 << 114) as f64;

/// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1) for the
/// weights of one module, operation for operation as torch's single-tensor form computes it: one
/// pass over the flat buffers, whatever the number of layers, block after block while they are in
/// the cache.
pub(crate) struct Adam {
    blocks: Vec<Block>,
    numbers: Numbers,
    steps: i32,
}

/// Numbers as tensors: only with tensors does a product go into a given buffer in one pass. They have
/// the type of the weights, as others would be converted at each use.
struct Numbers {
    /// `β₂` and `1 − β₂`.
    decay: Tensor,
    share: Tensor,
    epsilon: Tensor,
    /// The step's learning rate, corrected and negative.
    rate: Tensor,
    /// The step's correction of the second moments' roots.
    correction: Tensor,
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
    /// What is computed on the way; the blocks share them.
    step: Tensor,
    scale: Tensor,
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
        let (step, scale) = (zeros(size), zeros(size));
        let block = |start| {
            let count = size.min(count - start);
            let of = |buffer: &Tensor, start| buffer.narrow(0, start, count);
            Block {
                weights: of(weights, start),
                gradient: of(gradient, start),
                first_moment: zeros(count),
                second_moment: zeros(count),
                step: of(&step, 0),
                scale: of(&scale, 0),
            }
        };
        Self {
            blocks: starts.map(block).collect(),
            numbers: Numbers::new(),
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
        let rate = float32(-learning_rate / correction_1);
        let _rate = self.numbers.rate.fill_(rate);
        let _correction = self.numbers.correction.fill_(correction_2);
        for block in &mut self.blocks {
            block.step(&self.numbers);
        }
    }
}

/// A number as float32 has it: infinite where it is too large, which libtorch refuses to make of it.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the weights are float32 too"
)]
fn float32(value: f64) -> f64 {
    f64::from(value as f32)
}

impl Block {
    fn step(&mut self, numbers: &Numbers) {
        let Self {
            weights,
            gradient,
            first_moment,
            second_moment,
            step,
            scale,
        } = self;
        let _m = first_moment.lerp_(gradient, 1.0 - BETA_1);
        let _part = gradient.mul_out(step, &numbers.share);
        let _v = second_moment.g_mul_(&numbers.decay);
        let _v = second_moment.addcmul_(step, gradient);
        let _scale = second_moment.clamp_min_out(scale, FLOOR);
        let _scale = scale.sqrt_();
        let _scale = scale.g_div_(&numbers.correction);
        let _scale = scale.g_add_(&numbers.epsilon);
        let _step = first_moment.mul_out(step, &numbers.rate);
        let _moved = weights.addcdiv_(step, scale);
    }
}

impl Numbers {
    fn new() -> Self {
        let scalar = |value: f64| Tensor::from(value).to_kind(Kind::Float);
        Self {
            decay: scalar(BETA_2),
            share: scalar(1.0 - BETA_2),
            epsilon: scalar(EPSILON),
            rate: scalar(0.0),
            correction: scalar(1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use tch::Device;

    use super::*;
    use crate::layer::Layout;
    use crate::threads::single_thread;

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

    /// Operation for operation as torch's `_single_tensor_adam`, also of gradients that are zero or
    /// whose squares nearly are.
    #[test]
    fn steps_have_the_bits_of_the_plain_operations() {
        single_thread();
        let count = usize::try_from(BLOCK).unwrap() + 100;
        let mut layout = Layout::default();
        layout.add(&[count]);
        let wave = |at: usize, step: usize| ((at * 7 + step * 3) as f32 * 0.1).sin();
        let values: Vec<f32> = (0..count).map(|at| wave(at, 0)).collect();
        let parameters = Parameters::new(&values, &layout, Device::Cpu);
        let mut adam = Adam::new(&parameters);
        let mut weights = Tensor::from_slice(&values);
        let (mut m, mut v) = (weights.zeros_like(), weights.zeros_like());
        for step in 1..12 {
            let size = |at: usize| 10_f32.powi(-(i32::try_from(at % 24).unwrap_or(0)));
            let gradient = |at: usize| {
                if at.is_multiple_of(5) {
                    0.0
                } else {
                    wave(at, step) * size(at)
                }
            };
            let gradient: Vec<f32> = (0..count).map(gradient).collect();
            let gradient = Tensor::from_slice(&gradient);
            parameters.flat_gradient().shallow_clone().copy_(&gradient);
            adam.step(0.01);
            let powers = i32::try_from(step).unwrap_or(0);
            let corrections = (
                1.0 - BETA_1.powi(powers),
                (1.0 - BETA_2.powi(powers)).sqrt(),
            );
            let _m = m.lerp_(&gradient, 1.0 - BETA_1);
            let _v = v.g_mul_scalar_(BETA_2);
            let _v = v.addcmul_(&(&gradient * (1.0 - BETA_2)), &gradient);
            let scale = v.sqrt() / corrections.1 + EPSILON;
            let _w = weights.addcdiv_(&(&m * (-0.01 / corrections.0)), &scale);
        }
        let same = |one: &Tensor, other: &Tensor| one.equal(other);
        assert!(same(parameters.flat(), &weights));
        let state = adam.state();
        assert!(same(&state.second_moment.tensor(Device::Cpu), &v));
    }
}
