use tch::{Kind, Tensor};

use crate::network::Network;

/// Training rows that a reservoir looks at, at most.
const ROWS: i64 = 256;

/// How much the activations in each slot vary, measured on some training rows, the same ones
/// throughout. At the end of an epoch they pass through the network as it then stands, so that no
/// validation row and no weight of old has a say.
pub(super) struct Reservoir {
    features: Tensor,
    /// Slot by slot; none since the weights moved.
    health: Option<Vec<f64>>,
}

impl Reservoir {
    /// The first of the training rows `[rows, input_dim]`, which lie in an order that was drawn.
    pub(super) fn new(train: &Tensor) -> Self {
        let rows = train.size()[0].min(ROWS);
        Self {
            features: train.narrow(0, 0, rows),
            health: None,
        }
    }

    /// The weights moved: what was measured no longer holds.
    pub(super) fn outdate(&mut self) {
        self.health = None;
    }

    /// Mean over the features of the variance over the rows, slot by slot.
    pub(super) fn health(&mut self, network: &Network) -> Vec<f64> {
        let features = &self.features;
        let health = self
            .health
            .get_or_insert_with(|| measure(network, features));
        health.clone()
    }
}

fn measure(network: &Network, features: &Tensor) -> Vec<f64> {
    let over_rows = [0_i64].as_slice();
    let degrees = (features.size()[0] - 1).max(1) as f64;
    let variance = |activations: &Tensor| {
        let centred = activations - activations.mean_dim(over_rows, true, None);
        centred
            .square()
            .sum_dim_intlist(over_rows, false, Kind::Float)
            .mean(None)
            / degrees
    };
    let slots = network.forward(features).site_inputs;
    let variances: Vec<Tensor> = slots.iter().map(variance).collect();
    let mut health = vec![0.0; variances.len()];
    if !variances.is_empty() {
        let stacked = Tensor::stack(&variances, 0).to_kind(Kind::Double);
        stacked
            .to_device(tch::Device::Cpu)
            .copy_data(&mut health, variances.len());
    }
    health
}
