use crate::seed::SeedId;

/// What a controller knows at the end of an epoch.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Validation loss of the epoch.
    pub loss: f64,
    /// Validation accuracy of the epoch, 0..=1.
    pub accuracy: f64,
    /// The dormant seeds in the order of the host, each with its health signal if it has one.
    pub dormant: Vec<(SeedId, Option<f64>)>,
}
