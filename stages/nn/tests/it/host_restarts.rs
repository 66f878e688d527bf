//! A host that starts anew in the adaptation phase, in which nothing grows.

use kaslite_nn::{Config, ControllerKind, Event, Landing, NnError, Outcome, fit};

use crate::support::{epochs, rings, small_config, train};

fn config(host_restarts: &[usize]) -> Config {
    Config {
        controller: ControllerKind::None,
        host_restarts: host_restarts.to_vec(),
        ..small_config()
    }
}

/// Validation loss, bit for bit, and learning rate if something learnt, of every epoch.
fn course(events: &[Event]) -> Vec<(u64, Option<f64>)> {
    let epochs = epochs(events).into_iter();
    let course = epochs.map(|(stats, _)| (stats.val_loss.to_bits(), stats.learning_rate));
    course.collect()
}

fn model(outcome: &Outcome) -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().unwrap();
    outcome.model.save(file.path()).unwrap();
    std::fs::read(file.path()).unwrap()
}

#[test]
fn the_host_learns_from_the_first_restart_on_and_not_before() {
    let (alone, events) = train(&rings(), &config(&[]));
    let frozen = course(&events);
    let (again, events) = train(&rings(), &config(&[6]));
    let learnt = course(&events);
    // Three epochs of warm-up, then three in which it is frozen.
    assert_eq!(learnt[..6], frozen[..6]);
    assert!(learnt[3..6].iter().all(|(_, rate)| rate.is_none()));
    assert!(learnt[6..].windows(2).all(|pair| pair[0].0 != pair[1].0));
    let rate = config(&[]).lr * 0.1;
    assert!(learnt[6..].iter().all(|(_, found)| *found == Some(rate)));
    assert!(model(&again) != model(&alone));
    assert_eq!(again.germinations.len(), 0);
}

/// With the learning rate that has fallen by then, and the moments of its steps.
#[test]
fn a_later_restart_begins_anew() {
    let long = |host_restarts: &[usize]| Config {
        adaptation_epochs: 30,
        ..config(host_restarts)
    };
    let once = course(&train(&rings(), &long(&[4])).1);
    let twice = course(&train(&rings(), &long(&[4, 28])).1);
    assert_eq!(once[..28], twice[..28]);
    let (fell, anew) = (once[28].1.unwrap(), twice[28].1.unwrap());
    assert!(anew > 9.0 * fell, "{fell} {anew}");
    assert!(once[28].0 != twice[28].0);
}

/// The learning rates of the seeds of a run that grows are those of its control.
#[test]
fn it_learns_at_the_rates_at_which_seeds_do() {
    for landing in [Landing::Continuous, Landing::Reference] {
        let base = Config {
            landing,
            adaptation_epochs: 40,
            ..small_config()
        };
        let (grown, events) = train(&rings(), &base);
        let rates = |events: &[Event]| -> Vec<Option<f64>> {
            course(events).into_iter().map(|(_, rate)| rate).collect()
        };
        let mut restarts: Vec<usize> = grown.germinations.iter().map(|it| it.epoch).collect();
        restarts.dedup();
        assert!(!restarts.is_empty(), "nothing grows in this run");
        let control = Config {
            controller: ControllerKind::None,
            host_restarts: restarts,
            ..base
        };
        assert_eq!(rates(&events), rates(&train(&rings(), &control).1));
    }
}

#[test]
fn restarts_that_cannot_be_are_refused() {
    let refused = |config: &Config| {
        let ended = fit(&rings(), config, &mut Vec::new(), &|| false);
        let Err(NnError::Config { name, expected, .. }) = ended else {
            panic!("it is taken");
        };
        assert_eq!(name, "host_restarts");
        expected
    };
    for restarts in [&[3][..], &[16], &[6, 5], &[6, 6]] {
        let expected = refused(&config(restarts));
        assert!(
            expected.starts_with("rising epochs from 4 to 15"),
            "{expected}"
        );
    }
    let expected = refused(&Config {
        controller: ControllerKind::Kasmina,
        ..config(&[6])
    });
    assert!(
        expected.starts_with("none but with the controller"),
        "{expected}"
    );
}
