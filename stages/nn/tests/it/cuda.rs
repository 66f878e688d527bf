//! On a CUDA device, where the machine has one.

use kaslite_nn::{Config, Device, Model};

use crate::support::{epochs, rings, small_config, train};

/// The same draws on both devices, so the first epoch differs by rounding alone.
#[test]
fn a_card_trains_as_the_processor_does() {
    if !tch::Cuda::is_available() {
        eprintln!("skipped: this machine has no CUDA device, or libtorch no CUDA");
        return;
    }
    let on = |device| {
        let config = Config {
            device,
            ..small_config()
        };
        train(&rings(), &config)
    };
    let ((_, on_cpu), (outcome, on_card)) = (on(Device::Cpu), on(Device::Cuda(0)));
    let (cpu, card) = (epochs(&on_cpu)[0].0, epochs(&on_card)[0].0);
    assert!(
        (cpu.val_loss - card.val_loss).abs() < 1e-4,
        "{cpu:?} {card:?}"
    );
    let file = tempfile::NamedTempFile::new().unwrap();
    outcome.model.save(file.path()).unwrap();
    let loaded = Model::load(file.path()).unwrap();
    let seeds = vec![true; loaded.grown_seeds().len()];
    let (there, here) = (
        outcome.model.evaluate(&rings(), &seeds).unwrap(),
        loaded.evaluate(&rings(), &seeds).unwrap(),
    );
    assert!((there.loss - here.loss).abs() < 1e-4, "{there:?} {here:?}");
}
