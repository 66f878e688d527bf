use tch::{Device, Tensor};

use crate::config::Landing;
use crate::network::{ActivationBuffer, BufferState, Network};
use crate::seed::SeedState;
use crate::training::Reservoir;

/// What is kept of the activations in the slots, for the health signal and for the shadow steps.
pub(super) enum Memory {
    /// [`Landing::Reference`]: the last batches, slot by slot, validation among them.
    Buffers(Vec<ActivationBuffer>),
    /// [`Landing::Continuous`]: the batch that is being learnt, and a reservoir.
    Reservoir {
        /// What passed each slot.
        batch: Vec<Tensor>,
        reservoir: Reservoir,
    },
}

impl Memory {
    /// For a network that has not yet been trained, on training rows `[rows, input_dim]`.
    pub(super) fn new(network: &Network, train: &Tensor) -> Self {
        match network.landing() {
            Landing::Reference => {
                let buffers = network.sites().iter().map(|_| ActivationBuffer::default());
                Self::Buffers(buffers.collect())
            }
            Landing::Continuous => Self::Reservoir {
                batch: Vec::new(),
                reservoir: Reservoir::new(train),
            },
        }
    }

    /// What is to be kept between two epochs; nothing where all follows from the data and the
    /// weights.
    pub(super) fn state(&self) -> Option<Vec<BufferState>> {
        match self {
            Self::Buffers(buffers) => Some(buffers.iter().map(ActivationBuffer::state).collect()),
            Self::Reservoir { .. } => None,
        }
    }

    /// Goes on from what [`Memory::state`] gave.
    pub(super) fn restore(&mut self, states: Option<&[BufferState]>, device: Device) {
        if let (Self::Buffers(buffers), Some(states)) = (self, states) {
            for (buffer, state) in buffers.iter_mut().zip(states) {
                *buffer = ActivationBuffer::restored(state, device);
            }
        }
    }

    /// Takes in what passed each slot in a training batch.
    pub(super) fn train(&mut self, network: &Network, site_inputs: Vec<Tensor>) {
        match self {
            Self::Buffers(buffers) => remember(buffers, network, site_inputs),
            Self::Reservoir { batch, reservoir } => {
                *batch = site_inputs;
                reservoir.outdate();
            }
        }
    }

    /// Takes in what passed each slot in a validation batch. Only the original learns from it.
    pub(super) fn validate(&mut self, network: &Network, site_inputs: Vec<Tensor>) {
        match self {
            Self::Buffers(buffers) => remember(buffers, network, site_inputs),
            Self::Reservoir { .. } => {}
        }
    }

    /// How much the activations in each slot vary; none where too little is known of them.
    pub(super) fn health(&mut self, network: &Network) -> Vec<Option<f64>> {
        match self {
            Self::Buffers(buffers) => buffers.iter().map(ActivationBuffer::health).collect(),
            Self::Reservoir { reservoir, .. } => {
                reservoir.health(network).into_iter().map(Some).collect()
            }
        }
    }
}

/// Keeps a batch for the seeds that may still need it; active ones do not.
fn remember(buffers: &mut [ActivationBuffer], network: &Network, site_inputs: Vec<Tensor>) {
    let sites = network.sites().iter().zip(buffers).zip(site_inputs);
    for ((site, buffer), batch) in sites {
        let mut seeds = site.seeds().iter();
        if seeds.any(|seed| seed.state() != SeedState::Active) {
            buffer.push(batch);
        } else {
            buffer.clear();
        }
    }
}
