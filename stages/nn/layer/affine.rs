use tch::{Kind, Tensor};

/// `x Wᵀ + b` for rows `x`.
pub(crate) struct Affine {
    transposed: Tensor,
    bias: Tensor,
}

impl Affine {
    /// Of weights `[outputs, inputs]` and a bias `[outputs]`.
    pub(crate) fn new(weight: &Tensor, bias: &Tensor) -> Self {
        Self {
            transposed: weight.tr(),
            bias: bias.shallow_clone(),
        }
    }

    pub(crate) fn of(&self, x: &Tensor) -> Tensor {
        self.bias.addmm(x, &self.transposed)
    }

    /// This one after `first`, multiplied out in float64.
    pub(crate) fn after(&self, first: &Self) -> Self {
        let double = |tensor: &Tensor| tensor.to_kind(Kind::Double);
        let float = |tensor: Tensor| tensor.to_kind(Kind::Float);
        let transposed = double(&self.transposed);
        Self {
            bias: float(double(&self.bias) + transposed.tr().mv(&double(&first.bias))),
            transposed: float(double(&first.transposed).mm(&transposed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_maps_are_one() {
        let values = |count: u8, step: f32| {
            let values: Vec<f32> = (0..count).map(|at| (f32::from(at) * step).sin()).collect();
            Tensor::from_slice(&values)
        };
        let first = Affine::new(&values(12, 0.7).view([4, 3]), &values(4, 1.1));
        let second = Affine::new(&values(8, 0.3).view([2, 4]), &values(2, 2.3));
        let x = values(15, 1.7).view([5, 3]);
        let (both, one) = (second.of(&first.of(&x)), second.after(&first).of(&x));
        let apart = (both - one).abs().max().double_value(&[]);
        assert!(apart < 1e-6, "{apart}");
    }
}
