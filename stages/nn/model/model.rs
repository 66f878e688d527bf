use tch::{Kind, Tensor, no_grad};

use crate::data::{Data, Scaler};
use crate::error::{DataError, NnError};
use crate::host::Architecture;
use crate::model::{Evaluation, GrownSeed, Provenance, correct_rows, row_losses};
use crate::network::Network;
use crate::report::ParameterCounts;
use crate::seed::{Child, Seed, SeedId};
use crate::threads::single_thread;

/// Rows that an evaluation computes at once.
const ROWS_AT_ONCE: i64 = 4096;

/// A trained network with the scaler of its features.
pub struct Model {
    network: Network,
    scaler: Scaler,
    provenance: Provenance,
}

impl Model {
    pub(crate) fn new(network: Network, scaler: Scaler, provenance: Provenance) -> Self {
        Self {
            network,
            scaler,
            provenance,
        }
    }

    /// The network's shape.
    pub fn architecture(&self) -> Architecture {
        self.network.architecture()
    }

    /// How the features are scaled before the network sees them.
    pub fn scaler(&self) -> &Scaler {
        &self.scaler
    }

    /// The seeds that have germinated, in the order of the host.
    pub fn grown_seeds(&self) -> Vec<GrownSeed> {
        let grown = |seed: &Seed| {
            let child = seed.child()?;
            let (seed, state, alpha) = (seed.id(), seed.state(), seed.alpha());
            Some(GrownSeed {
                seed,
                state,
                alpha,
                parameters: child.count(),
            })
        };
        self.network.seeds().filter_map(grown).collect()
    }

    /// How large the network is.
    pub fn parameters(&self) -> ParameterCounts {
        ParameterCounts {
            host: self.network.host().parameters().count(),
            grown: self
                .network
                .seeds()
                .filter_map(Seed::child)
                .map(Child::count)
                .sum(),
        }
    }

    /// How well the model does on `data`, features not scaled, with the grown seeds switched on
    /// or off as `enabled` says, in the order of [`Model::grown_seeds`]. A seed that is switched
    /// off passes on what it gets, in its place in the mean over the seeds of its layer.
    ///
    /// # Errors
    /// [`NnError::EnabledLength`] when there is not one switch for each grown seed;
    /// [`NnError::Data`] when `data` has no rows, rows of another width, or a label that is no
    /// class.
    pub fn evaluate(&self, data: &Data, enabled: &[bool]) -> Result<Evaluation, NnError> {
        self.check(data, enabled)?;
        single_thread();
        let off = self.switched_off(enabled);
        let shape = [-1, i64::try_from(data.input_dim()).unwrap_or(i64::MAX)];
        let scaled = self.scaler.transform(data);
        let device = self.network.device();
        let features = Tensor::from_slice(scaled.features()).view(shape);
        let features = features.to_device(device);
        let labels = Tensor::from_slice(scaled.labels()).to_device(device);
        let (mut loss, mut correct) = (0.0, 0);
        let parts = features
            .split(ROWS_AT_ONCE, 0)
            .into_iter()
            .zip(labels.split(ROWS_AT_ONCE, 0));
        for (features, labels) in parts {
            let on = |seed| !off.contains(&seed);
            let logits = no_grad(|| self.network.forward_with(&features, &on).logits);
            loss += row_losses(&logits, &labels)
                .sum(Kind::Double)
                .double_value(&[]);
            correct += correct_rows(&logits, &labels);
        }
        let rows = data.rows() as f64;
        Ok(Evaluation {
            loss: loss / rows,
            accuracy: correct as f64 / rows,
        })
    }

    pub(super) fn network(&self) -> &Network {
        &self.network
    }

    pub(super) fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    fn switched_off(&self, enabled: &[bool]) -> Vec<SeedId> {
        let grown = self.grown_seeds().into_iter().zip(enabled);
        grown
            .filter(|(_, on)| !**on)
            .map(|(grown, _)| grown.seed)
            .collect()
    }

    fn check(&self, data: &Data, enabled: &[bool]) -> Result<(), NnError> {
        let (given, grown) = (enabled.len(), self.grown_seeds().len());
        if given != grown {
            return Err(NnError::EnabledLength { given, grown });
        }
        let Architecture {
            input_dim, classes, ..
        } = self.architecture();
        if data.input_dim() != input_dim {
            let given = data.input_dim();
            return Err(DataError::InputDim {
                given,
                expected: input_dim,
            }
            .into());
        }
        if data.rows() == 0 {
            return Err(DataError::Empty.into());
        }
        Ok(data.check_labels(classes)?)
    }
}
