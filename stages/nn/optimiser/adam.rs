use tch::{Kind, Tensor, no_grad};

use crate::optimiser::Parameters;

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1) for the
/// weights of one module, operation for operation as torch's single-tensor form computes it.
pub(crate) struct Adam {
    first_moment: Tensor,
    second_moment: Tensor,
    steps: i32,
}

impl Adam {
    pub(crate) fn new(parameters: &Parameters) -> Self {
        let zeros = || Tensor::zeros_like(parameters.flat()).to_kind(Kind::Float);
        Self {
            first_moment: zeros(),
            second_moment: zeros(),
            steps: 0,
        }
    }

    /// Moves the weights against `gradient`, which is flat.
    pub(crate) fn step(
        &mut self,
        parameters: &mut Parameters,
        gradient: &Tensor,
        learning_rate: f64,
    ) {
        self.steps += 1;
        let correction_1 = 1.0 - BETA_1.powi(self.steps);
        let correction_2 = 1.0 - BETA_2.powi(self.steps);
        no_grad(|| {
            let _m = self.first_moment.lerp_(gradient, 1.0 - BETA_1);
            let _v = self.second_moment.g_mul_scalar_(BETA_2);
            let _v = self
                .second_moment
                .addcmul_(&(gradient * (1.0 - BETA_2)), gradient);
            let mut scale = self.second_moment.sqrt();
            let _scale = scale.g_div_scalar_(correction_2.sqrt());
            let _scale = scale.g_add_scalar_(EPSILON);
            let step = &self.first_moment * (-learning_rate / correction_1);
            let _moved = parameters.flat_mut().addcdiv_(&step, &scale);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two steps against the formula in float64.
    #[test]
    fn two_steps_follow_the_formula() {
        let mut parameters = Parameters::new(&[1.0, -2.0, 0.5], &[vec![3]]);
        let mut adam = Adam::new(&parameters);
        let gradients = [[0.5_f32, -1.0, 0.0], [0.25, 2.0, 1e-3]];
        let (mut weights, mut m, mut v) = ([1.0_f64, -2.0, 0.5], [0.0; 3], [0.0; 3]);
        for (step, gradient) in (1..).zip(gradients) {
            adam.step(&mut parameters, &Tensor::from_slice(&gradient), 0.1);
            for at in 0..3 {
                let g = f64::from(gradient[at]);
                m[at] = 0.9 * m[at] + 0.1 * g;
                v[at] = 0.999 * v[at] + 0.001 * g * g;
                let unbiased = m[at] / (1.0 - 0.9_f64.powi(step));
                let scale = (v[at] / (1.0 - 0.999_f64.powi(step))).sqrt() + 1e-8;
                weights[at] -= 0.1 * unbiased / scale;
            }
        }
        for (value, expected) in parameters.values()[0].iter().zip(weights) {
            assert!(
                (f64::from(*value) - expected).abs() < 1e-6,
                "{value} {expected}"
            );
        }
    }
}
