use tch::{Device, Kind, Tensor};

use crate::layer::Layout;

/// The weights of one module side by side in one float32 vector, and their gradients in another,
/// so that an optimiser step is a handful of operations whatever the number of layers.
pub(crate) struct Parameters {
    flat: Tensor,
    flat_gradient: Tensor,
    leaves: Vec<Leaf>,
    layout: Layout,
}

/// One tensor of the module: views into the two vectors.
struct Leaf {
    value: Tensor,
    /// Of a matrix alone.
    transposed: Option<Tensor>,
    gradient: Tensor,
}

impl Parameters {
    /// Lays out `values` as `layout` says, on `device`. The gradients are zero.
    pub(crate) fn new(values: &[f32], layout: &Layout, device: Device) -> Self {
        debug_assert_eq!(layout.count(), values.len());
        let flat = Tensor::from_slice(values).to_device(device);
        let flat_gradient = Tensor::zeros([to_i64(values.len())], (Kind::Float, device));
        Self {
            leaves: leaves(&flat, &flat_gradient, layout),
            flat,
            flat_gradient,
            layout: layout.clone(),
        }
    }

    /// The tensor at place `at` of the layout.
    pub(crate) fn value(&self, at: usize) -> &Tensor {
        &self.leaves[at].value
    }

    /// The transposed matrix at place `at` of the layout.
    pub(crate) fn transposed(&self, at: usize) -> &Tensor {
        let transposed = self.leaves[at].transposed.as_ref();
        transposed.expect("only matrices are transposed")
    }

    /// Where the gradient of the tensor at `at` is written.
    pub(crate) fn gradient(&self, at: usize) -> &Tensor {
        &self.leaves[at].gradient
    }

    pub(crate) fn flat(&self) -> &Tensor {
        &self.flat
    }

    /// The gradients that the last way back wrote, as they lie in [`Parameters::flat`].
    pub(crate) fn flat_gradient(&self) -> &Tensor {
        &self.flat_gradient
    }

    /// The gradient of each tensor that the last way back wrote.
    pub(crate) fn gradients(&self) -> impl Iterator<Item = &Tensor> {
        self.leaves.iter().map(|leaf| &leaf.gradient)
    }

    /// Has autograd follow the weights, to compare with.
    #[cfg(test)]
    pub(crate) fn track(&mut self) {
        let flat = self.flat.copy().set_requires_grad(true);
        self.leaves = leaves(&flat, &self.flat_gradient, &self.layout);
        self.flat = flat;
    }

    /// Number of weights.
    pub(crate) fn count(&self) -> usize {
        self.flat.numel()
    }

    /// Shape and values of each tensor.
    pub(crate) fn tensors(&self) -> Vec<(Vec<usize>, Vec<f32>)> {
        let flat = to_vec(&self.flat);
        let mut rest = flat.as_slice();
        let mut tensors = Vec::new();
        for shape in self.layout.shapes() {
            let (values, after) = rest.split_at(shape.iter().product());
            rest = after;
            tensors.push((shape.clone(), values.to_vec()));
        }
        tensors
    }
}

/// Views into both vectors.
fn leaves(flat: &Tensor, flat_gradient: &Tensor, layout: &Layout) -> Vec<Leaf> {
    let mut offset = 0;
    let leaf = |shape: &Vec<usize>| {
        let shape: Vec<i64> = shape.iter().map(|&size| to_i64(size)).collect();
        let count: i64 = shape.iter().product();
        let view = |of: &Tensor| of.narrow(0, offset, count).view(shape.as_slice());
        let (value, gradient) = (view(flat), view(flat_gradient));
        offset += count;
        Leaf {
            transposed: (shape.len() == 2).then(|| value.tr()),
            value,
            gradient,
        }
    };
    layout.shapes().iter().map(leaf).collect()
}

fn to_vec(flat: &Tensor) -> Vec<f32> {
    let mut values = vec![0.0; flat.numel()];
    let in_memory = flat.to_device(Device::Cpu);
    in_memory.copy_data(&mut values, flat.numel());
    values
}

fn to_i64(size: usize) -> i64 {
    i64::try_from(size).expect("a tensor that fits in memory has sizes that fit in i64")
}
