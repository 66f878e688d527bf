use tch::Tensor;

/// The weights of one module, side by side in one float32 vector, so that an optimiser step is a
/// handful of operations whatever the number of layers.
pub(crate) struct Parameters {
    flat: Tensor,
    /// Views into `flat`, each with its layer's shape, each a leaf of the autograd graph.
    leaves: Vec<Tensor>,
}

impl Parameters {
    /// Lays out `values` as tensors of the given shapes, one after the other.
    pub(crate) fn new(values: &[f32], shapes: &[Vec<usize>]) -> Self {
        let flat = Tensor::from_slice(values);
        let mut offset = 0;
        let leaves = shapes
            .iter()
            .map(|shape| {
                let shape: Vec<i64> = shape.iter().map(|&size| to_i64(size)).collect();
                let count = shape.iter().product();
                let leaf = flat
                    .narrow(0, offset, count)
                    .view(shape.as_slice())
                    .detach();
                offset += count;
                leaf.set_requires_grad(true)
            })
            .collect();
        debug_assert_eq!(offset, to_i64(values.len()));
        Self { flat, leaves }
    }

    pub(crate) fn leaf(&self, at: usize) -> &Tensor {
        &self.leaves[at]
    }

    pub(crate) fn flat(&self) -> &Tensor {
        &self.flat
    }

    pub(crate) fn flat_mut(&mut self) -> &mut Tensor {
        &mut self.flat
    }

    /// Number of weights.
    pub(crate) fn count(&self) -> usize {
        self.flat.numel()
    }

    /// Takes the weights out of the autograd graph for good.
    pub(crate) fn freeze(&mut self) {
        for leaf in &mut self.leaves {
            let _frozen = leaf.set_requires_grad(false);
        }
    }

    /// The weights, tensor after tensor.
    pub(crate) fn values(&self) -> Vec<Vec<f32>> {
        let copy = |leaf: &Tensor| {
            let mut values = vec![0.0; leaf.numel()];
            leaf.detach()
                .contiguous()
                .copy_data(&mut values, leaf.numel());
            values
        };
        self.leaves.iter().map(copy).collect()
    }
}

/// The gradient of `loss` with respect to each module's weights, flat. Every module has to take
/// part in the loss.
pub(crate) fn gradients(loss: &Tensor, modules: &[&Parameters]) -> Vec<Tensor> {
    let leaves: Vec<&Tensor> = modules.iter().flat_map(|module| &module.leaves).collect();
    let mut gradients = Tensor::run_backward(&[loss], &leaves, false, false).into_iter();
    let mut flatten = |module: &&Parameters| {
        let of_module: Vec<Tensor> = gradients
            .by_ref()
            .take(module.leaves.len())
            .map(|g| g.reshape(-1))
            .collect();
        Tensor::cat(&of_module, 0)
    };
    modules.iter().map(&mut flatten).collect()
}

fn to_i64(size: usize) -> i64 {
    i64::try_from(size).expect("a tensor that fits in memory has sizes that fit in i64")
}
