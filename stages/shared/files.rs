//! Names of what `train` leaves in its folder and other stages read.

/// The network.
pub(crate) const MODEL: &str = "model.safetensors";
/// What the run comes to.
pub(crate) const METRICS: &str = "metrics.json";
/// What the run was made from: its params, and under `dataset.digest` its dataset.
pub(crate) const CONFIG: &str = "config.json";
/// What the run started from, and what its host does without seeds.
pub(crate) const EPISODE: &str = "episode.json";
