use kaslite_nn::Architecture;
use serde::Serialize;

/// `episode.json`: what a run started from. With `config.json`, which holds every param, and the
/// dataset of that digest, it is enough to repeat the run to the bit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Episode {
    /// Of the text of the params and the dataset: the same for a repetition.
    pub(crate) id: String,
    /// `classification`.
    pub(crate) task: &'static str,
    /// Seed of every random draw.
    pub(crate) rng_seed: u64,
    /// Digest of the dataset.
    pub(crate) dataset: String,
    /// Rows that trained.
    pub(crate) train_rows: usize,
    /// Rows that validated.
    pub(crate) validation_rows: usize,
    /// Epochs in all.
    pub(crate) epochs: usize,
    /// The host's shape.
    pub(crate) host: Architecture,
    /// Number of its weights.
    pub(crate) host_parameters: usize,
    /// The slots, in the order in which the host meets them.
    pub(crate) slots: Vec<String>,
    /// What the host does without seeds.
    pub(crate) baseline: Baseline,
}

/// What the host does without seeds, on the validation rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Baseline {
    /// Loss before anything was trained.
    pub(crate) initial_loss: f64,
    /// Accuracy before anything was trained, 0 to 1.
    pub(crate) initial_accuracy: f64,
    /// The epoch after which the host learnt no more; 0 where there was no warm-up.
    pub(crate) frozen_after: usize,
    /// Loss of the host alone at the end of the run: it is frozen when seeds may grow, so this is
    /// what it was then.
    pub(crate) host_only_loss: f64,
    /// Its accuracy, 0 to 1.
    pub(crate) host_only_accuracy: f64,
}
