use crate::TorchGenerator;

/// The weights of a `torch.nn.Linear`.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearWeights {
    /// `[outputs, inputs]`, row-major.
    pub weight: Vec<f32>,
    /// `[outputs]`.
    pub bias: Vec<f32>,
}

impl LinearWeights {
    /// As the constructor draws them: the weight, then the bias, one 32-bit draw each.
    ///
    /// The weight is Kaiming-uniform with a = √5, the bias uniform, both within ±1/√`inputs`; the
    /// two bounds are computed in different ways and can differ in the last place. Source:
    /// `torch.nn.Linear.reset_parameters`. Without inputs the bias is zero and nothing is drawn.
    pub fn draw(generator: &mut TorchGenerator, inputs: usize, outputs: usize) -> Self {
        if inputs == 0 {
            return Self {
                weight: Vec::new(),
                bias: vec![0.0; outputs],
            };
        }
        let root = (inputs as f64).sqrt();
        let gain = (2.0_f64 / (1.0 + 5.0_f64.sqrt().powi(2))).sqrt();
        let weight = symmetric(generator, 3.0_f64.sqrt() * (gain / root), outputs * inputs);
        let bias = symmetric(generator, 1.0 / root, outputs);
        Self { weight, bias }
    }

    /// As `kaiming_normal_(weight, nonlinearity="relu")` and `zeros_(bias)` set them: a normal
    /// weight with deviation √(2/`inputs`) and a zero bias, which draws nothing. A seed's layers
    /// get these when it germinates. Without inputs nothing is drawn.
    pub fn draw_for_relu(generator: &mut TorchGenerator, inputs: usize, outputs: usize) -> Self {
        let deviation = 2.0_f64.sqrt() / (inputs as f64).sqrt();
        let weight = generator.normal_f32s(0.0, deviation, outputs * inputs);
        Self {
            weight,
            bias: vec![0.0; outputs],
        }
    }
}

/// `count` uniform numbers within ±`bound`, where the bound becomes a float32 as late as in torch.
#[expect(
    clippy::cast_possible_truncation,
    reason = "torch rounds the bound to float32 as well"
)]
fn symmetric(generator: &mut TorchGenerator, bound: f64, count: usize) -> Vec<f32> {
    generator.uniform_f32s(-bound as f32, bound as f32, count)
}
