use kaslite_random::TorchGenerator;
use tch::no_grad;

use crate::config::{Config, Landing};
use crate::data::{Data, Scaler, Split};
use crate::error::NnError;
use crate::host::Architecture;
use crate::model::{Model, Provenance};
use crate::network::Network;
use crate::report::{Observer, Outcome};
use crate::threads::single_thread;
use crate::training::{Batches, Session};

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
    config.validate()?;
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
    let (warmed_up, (adapted, germinations)) = no_grad(|| {
        session.report_initial()?;
        let warmed_up = session.warm_up()?;
        Ok::<_, NnError>((warmed_up, session.adapt()?))
    })?;
    let last = adapted.or(warmed_up).ok_or_else(|| NnError::Config {
        name: "warm_up_epochs + adaptation_epochs",
        value: "0".to_owned(),
        expected: "at least 1".to_owned(),
    })?;
    let best_accuracy = session.best_accuracy();
    let provenance = Provenance::new(config, data.rows());
    let model = Model::new(session.into_network(), scaler, provenance);
    Ok(Outcome {
        best_accuracy,
        final_accuracy: last.accuracy,
        final_loss: last.loss,
        germinations,
        parameters: model.parameters(),
        split,
        model,
    })
}
