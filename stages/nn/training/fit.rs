use kaslite_random::TorchGenerator;
use tch::no_grad;

use crate::checkpoint::{Checkpoint, Keeper};
use crate::config::{Config, Landing};
use crate::data::{Data, Scaler, Split};
use crate::error::NnError;
use crate::host::Architecture;
use crate::model::{Model, Provenance};
use crate::network::Network;
use crate::report::{Observer, Outcome};
use crate::threads::single_thread;
use crate::training::{Batches, Course, Session};

/// Trains a network on `data`: scales the features, divides the rows, warms the host up, then
/// freezes it and lets seeds grow.
///
/// The features are scaled by the statistics of the training rows; with [`Landing::Reference`] by
/// those of all rows, validation included, as the original does. Computes on the configured device, of the CPU on the calling thread alone
/// ([`single_thread`]), where the same data and configuration give the same bytes. `cancelled` is asked before every batch.
///
/// # Errors
/// [`NnError::Config`], [`NnError::Data`] and [`NnError::Device`] for what cannot be trained,
/// [`NnError::NonFiniteLoss`] at the end of an epoch in which a loss became NaN or infinite,
/// [`NnError::Cancelled`] when `cancelled` says so.
pub fn fit(
    data: &Data,
    config: &Config,
    observer: &mut dyn Observer,
    cancelled: &dyn Fn() -> bool,
) -> Result<Outcome, NnError> {
    fit_from(None, data, config, observer, cancelled, &mut ())
}

/// [`fit`] from a checkpoint that a run with the same data and configuration left, or from the
/// beginning; `keeper` is asked after every epoch. What it makes has the bits of a run that was never
/// stopped; what it reports begins after the checkpoint.
///
/// # Errors
/// As [`fit`]; [`NnError::Checkpoint`] where the checkpoint is of another run,
/// [`NnError::Cancelled`] when `keeper` says so.
pub fn fit_from(
    start: Option<&Checkpoint>,
    data: &Data,
    config: &Config,
    observer: &mut dyn Observer,
    cancelled: &dyn Fn() -> bool,
    keeper: &mut dyn Keeper,
) -> Result<Outcome, NnError> {
    config.validate()?;
    let other =
        |start: &&Checkpoint| start.state.config != *config || start.state.rows != data.rows();
    if start.as_ref().is_some_and(other) {
        let reason = "it was left with another configuration, or other data";
        return Err(NnError::Checkpoint(reason.to_owned()));
    }
    data.check_labels(config.classes)?;
    let device = config.device.open()?;
    single_thread();
    let mut generator = TorchGenerator::new(config.rng_seed);
    let split = Split::draw(data.rows(), config.train_frac, &mut generator)?;
    let scaler = match config.landing {
        Landing::Reference => Scaler::fit(data),
        Landing::Continuous => Scaler::fit(&data.select(&split.train)?),
    };
    let batches = Batches::new(&scaler.transform(data), &split, config.batch_size, device)?;
    let architecture = Architecture::new(config, data.input_dim());
    let network = Network::draw(architecture, config.landing, &mut generator, device);
    let mut session = Session::new(config, network, batches, generator, observer, cancelled);
    // The ways back are computed by hand: libtorch need not look out for a graph.
    let course = no_grad(|| {
        let mut course = match start {
            Some(checkpoint) => Course::restored(&mut session, &checkpoint.state)?,
            None => Course::start(),
        };
        course.run(&mut session, keeper)?;
        Ok::<_, NnError>(course)
    })?;
    let (final_loss, final_accuracy) = course.validation.ok_or_else(|| NnError::Config {
        name: "warm_up_epochs + adaptation_epochs",
        value: "0".to_owned(),
        expected: "at least 1".to_owned(),
    })?;
    let best_accuracy = session.best_accuracy();
    let provenance = Provenance::new(config, data.rows());
    let model = Model::new(session.into_network(), scaler, provenance);
    Ok(Outcome {
        best_accuracy,
        final_accuracy,
        final_loss,
        germinations: course.into_germinations(),
        parameters: model.parameters(),
        split,
        model,
    })
}
