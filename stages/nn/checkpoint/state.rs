use serde::{Deserialize, Serialize};

use crate::checkpoint::Floats;
use crate::config::Config;
use crate::dense::Watch;
use crate::network::BufferState;
use crate::seed::SeedRecord;
use crate::training::{AdaptationState, LearnerState, ShadowState};

/// All that a run at the end of an epoch goes on from. What follows from the data and the
/// configuration is not in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) config: Config,
    /// Rows of the data, to tell that it is of other data.
    pub(crate) rows: usize,
    /// The epoch that was over.
    pub(crate) epoch: usize,
    /// Where the generator is.
    pub(crate) generator: (u64, Option<f64>),
    pub(crate) host: Floats,
    /// In the order of the host.
    pub(crate) seeds: Vec<SeedRecord>,
    /// What the original's ways remember of each slot; none with others.
    pub(crate) buffers: Option<Vec<BufferState>>,
    pub(crate) shadow: ShadowState,
    /// Who teaches the host, until the warm-up is over.
    pub(crate) warm_up: Option<LearnerState>,
    /// From the first epoch of adaptation on.
    pub(crate) adaptation: Option<AdaptationState>,
    pub(crate) best_accuracy: f64,
    pub(crate) watch: Watch,
    /// Loss and accuracy of the epoch's validation.
    pub(crate) validation: (f64, f64),
}
