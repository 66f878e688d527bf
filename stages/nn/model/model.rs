use tch::{Kind, Tensor, no_grad};

use crate::data::{Data, Scaler};
use crate::error::{DataError, NnError};
use crate::host::Architecture;
use crate::model::{
    Answers, Configuration, Evaluation, GrownSeed, Provenance, Reading, correct_rows, row_losses,
};
use crate::network::{Network, Tree};
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

    /// Seed of the draws of the run that made it.
    pub fn rng_seed(&self) -> u64 {
        self.provenance.rng_seed
    }

    /// Share of that run's samples that trained.
    pub fn train_frac(&self) -> f64 {
        self.provenance.train_frac
    }

    /// How many samples that run had.
    pub fn rows(&self) -> usize {
        self.provenance.rows
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
        self.check(data)?;
        let (given, grown) = (enabled.len(), self.grown_seeds().len());
        if given != grown {
            return Err(NnError::EnabledLength { given, grown });
        }
        let off = self.switched_off(enabled);
        let (mut loss, mut correct) = (0.0, 0);
        for (features, labels) in self.parts(data) {
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

    /// Gives `visit` what the model answers with the grown seeds switched on and off as each
    /// configuration says, until `visit` refuses; whether it came to the end. Configurations that
    /// agree about the first seeds share what these compute, so all `2^n` of them cost far less than
    /// `2^n` evaluations. Many rows come in several parts, a configuration a part at a time.
    ///
    /// # Errors
    /// [`NnError::TooManySeeds`] when more seeds have grown than a configuration tells apart;
    /// [`NnError::Data`] as for [`Model::evaluate`].
    pub fn evaluate_each(
        &self,
        data: &Data,
        configurations: &[Configuration],
        reading: Reading,
        visit: &mut dyn FnMut(Answers) -> bool,
    ) -> Result<bool, NnError> {
        self.check(data)?;
        let grown: Vec<SeedId> = self.grown_seeds().iter().map(|grown| grown.seed).collect();
        if grown.len() > Configuration::MAX_SEEDS {
            return Err(NnError::TooManySeeds(grown.len()));
        }
        let tree = Tree::new(&self.network, &grown, configurations, reading);
        let mut first_row = 0;
        for (features, labels) in self.parts(data) {
            let mut leaf = |at: usize, logits: &Tensor| {
                let (losses, correct) = answers(logits, &labels);
                visit(Answers {
                    at,
                    first_row,
                    losses,
                    correct,
                })
            };
            let whole = no_grad(|| tree.walk(&features, &mut leaf));
            if !whole {
                return Ok(false);
            }
            first_row += labels.numel();
        }
        Ok(true)
    }

    /// Features, scaled, and labels, some rows at a time.
    pub(super) fn parts(&self, data: &Data) -> Vec<(Tensor, Tensor)> {
        single_thread();
        let shape = [-1, i64::try_from(data.input_dim()).unwrap_or(i64::MAX)];
        let scaled = self.scaler.transform(data);
        let device = self.network.device();
        let features = Tensor::from_slice(scaled.features()).view(shape);
        let features = features.to_device(device).split(ROWS_AT_ONCE, 0);
        let labels = Tensor::from_slice(scaled.labels()).to_device(device);
        let labels = labels.split(ROWS_AT_ONCE, 0);
        features.into_iter().zip(labels).collect()
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

    pub(super) fn check(&self, data: &Data) -> Result<(), NnError> {
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

/// The cross-entropy of each row, and whether it was classified rightly.
fn answers(logits: &Tensor, labels: &Tensor) -> (Vec<f32>, Vec<bool>) {
    let rows = labels.numel();
    let (mut losses, mut correct) = (vec![0.0; rows], vec![false; rows]);
    row_losses(logits, labels).copy_data(&mut losses, rows);
    let right = logits.argmax(1, false).eq_tensor(labels);
    right.copy_data(&mut correct, rows);
    (losses, correct)
}
