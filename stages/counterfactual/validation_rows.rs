use std::path::Path;

use kaslite_engine::context::BoundDep;
use kaslite_engine::registry::StageError;
use kaslite_nn::{Data, Split};
use kaslite_random::TorchGenerator;

use crate::counterfactual::trained_config::TrainedConfig;
use crate::shared::{Samples, fail};

/// The samples that validated the network in the folder `trained`: the run's split, drawn again.
///
/// # Errors
/// Another dataset than the network's; a file that cannot be read.
pub(crate) fn validation_rows(dataset: &BoundDep, trained: &Path) -> Result<Data, StageError> {
    let config = TrainedConfig::read(trained)?;
    config.check_dataset(dataset)?;
    let samples = Samples::of_dep(dataset)?;
    let data = Data::new(samples.features, samples.labels, samples.input_dim).map_err(fail)?;
    let mut generator = TorchGenerator::new(config.rng_seed);
    let split = Split::draw(data.rows(), config.train_frac, &mut generator).map_err(fail)?;
    data.select(&split.validation).map_err(fail)
}
