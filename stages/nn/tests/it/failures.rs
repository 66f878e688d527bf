//! What cannot be trained, and what goes wrong on the way.

use std::cell::Cell;

use kaslite_nn::{Config, Data, Device, Event, LossKind, NnError, fit};

use crate::support::{epochs, rings, small_config};

fn refusal(data: &Data, config: &Config) -> NnError {
    match fit(data, config, &mut (), &|| false) {
        Ok(_) => panic!("the run was accepted"),
        Err(error) => error,
    }
}

#[test]
fn a_loss_that_is_no_number_ends_the_run() {
    let config = Config {
        lr: small_config().lr * 1e12,
        ..small_config()
    };
    let error = refusal(&rings(), &config);
    let NnError::NonFiniteLoss {
        loss, epoch, batch, ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!((loss, epoch), (LossKind::Training, 1));
    assert!((2..=16).contains(&batch), "{batch}");
}

#[test]
fn a_shadow_loss_that_is_no_number_ends_the_run() {
    let config = Config {
        shadow_lr: 1e30,
        ..small_config()
    };
    let error = refusal(&rings(), &config);
    assert!(
        error.to_string().starts_with("shadow loss of seed"),
        "{error}"
    );
}

#[test]
fn a_cancelled_run_stops_at_the_next_batch() {
    let asked = Cell::new(0);
    let mut events: Vec<Event> = Vec::new();
    let cancelled = || asked.replace(asked.get() + 1) == 20;
    let Err(error) = fit(&rings(), &small_config(), &mut events, &cancelled) else {
        panic!("the run went on")
    };
    // Sixteen batches make an epoch.
    assert_eq!(error.to_string(), "training was cancelled in epoch 2");
    assert_eq!(asked.get(), 21);
    assert_eq!(epochs(&events).len(), 1);
}

#[test]
fn a_value_out_of_range_is_named() {
    let cases: [(Config, &str); 5] = [
        (
            Config {
                hidden_dim: 0,
                ..small_config()
            },
            "`hidden_dim` is 0, expected at least 1",
        ),
        (
            Config {
                classes: 1,
                ..small_config()
            },
            "`classes` is 1, expected at least 2",
        ),
        (
            Config {
                lr: f64::NAN,
                ..small_config()
            },
            "`lr` is NaN, expected a number above 0",
        ),
        (
            Config {
                progress_thresh: 1.0,
                ..small_config()
            },
            "`progress_thresh` is 1, expected a number between 0 and 1, both excluded",
        ),
        (
            Config {
                warm_up_epochs: 0,
                adaptation_epochs: 0,
                ..small_config()
            },
            "`warm_up_epochs + adaptation_epochs` is 0, expected at least 1",
        ),
    ];
    for (config, message) in cases {
        assert_eq!(refusal(&rings(), &config).to_string(), message);
    }
}

/// A word where the machine has a card: there it trains.
#[test]
fn a_device_that_is_not_there_is_refused() {
    if tch::Cuda::is_available() {
        eprintln!("skipped: this machine has a CUDA device");
        return;
    }
    let config = Config {
        device: Device::Cuda(1),
        ..small_config()
    };
    let message = refusal(&rings(), &config).to_string();
    let start = "`cuda:1` cannot be used: this libtorch has no CUDA";
    assert!(message.starts_with(start), "{message}");
    assert!(message.contains("KASLITE_TORCH=cuda"), "{message}");
}

#[test]
fn data_that_cannot_be_trained_on_is_refused() {
    let shape = Data::new(vec![1.0; 5], vec![0, 1], 3)
        .unwrap_err()
        .to_string();
    assert_eq!(
        shape,
        "5 features and 2 labels do not make rows of 3 features"
    );
    let infinite = Data::new(vec![1.0, 2.0, f32::INFINITY, 0.0], vec![0, 1], 2).unwrap_err();
    assert_eq!(
        infinite.to_string(),
        "row 1, feature 0 is not a finite number"
    );
    let labels = Data::new(vec![1.0, 2.0], vec![0, 2], 1).unwrap();
    let message = "row 1 has the label 2, expected 0 to 1";
    assert_eq!(refusal(&labels, &small_config()).to_string(), message);
    let one = Data::new(vec![1.0], vec![0], 1).unwrap();
    let message = "1 rows split at 0.8 leave 0 to train and 1 to validate";
    assert_eq!(refusal(&one, &small_config()).to_string(), message);
}
