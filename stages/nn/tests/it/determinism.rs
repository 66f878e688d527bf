//! The same data and configuration give the same bytes, whoever else computes beside them.

use std::thread;

use kaslite_nn::{Config, Event};

use crate::support::{rings, small_config, train};

/// Every event of a run, and the bytes of its model.
fn trace(config: &Config) -> (Vec<Event>, Vec<u8>) {
    let (outcome, events) = train(&rings(), config);
    let file = tempfile::NamedTempFile::new().unwrap();
    outcome.model.save(file.path()).unwrap();
    (events, std::fs::read(file.path()).unwrap())
}

#[test]
fn runs_side_by_side_give_what_each_gives_alone() {
    let configs = [7, 8, 9].map(|rng_seed| Config {
        rng_seed,
        ..small_config()
    });
    let alone: Vec<_> = configs.iter().map(trace).collect();
    let together: Vec<_> = thread::scope(|scope| {
        let running: Vec<_> = configs
            .iter()
            .map(|config| scope.spawn(move || trace(config)))
            .collect();
        running.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert!(alone == together);
    assert!(alone[0].1 != alone[1].1, "the rng seed changes nothing");
}

/// What the thread did before does not matter: neither its thread count nor its gradient mode.
#[test]
fn the_state_of_the_calling_thread_does_not_matter() {
    let expected = trace(&small_config());
    let found = thread::spawn(|| {
        tch::set_num_threads(3);
        tch::no_grad(|| trace(&small_config()))
    });
    assert!(found.join().unwrap() == expected);
}

#[test]
fn libtorchs_own_generator_is_neither_read_nor_moved() {
    tch::manual_seed(1);
    let first = trace(&small_config());
    let drawn = tch::Tensor::rand([4], (tch::Kind::Float, tch::Device::Cpu));
    tch::manual_seed(2);
    assert!(trace(&small_config()) == first);
    tch::manual_seed(1);
    assert_eq!(
        tch::Tensor::rand([4], (tch::Kind::Float, tch::Device::Cpu)),
        drawn
    );
}

/// A close look at every batch changes no bit of what is looked at.
#[test]
fn looking_closely_changes_nothing() {
    let config = Config {
        lesson: kaslite_nn::Lesson::Task,
        ..small_config()
    };
    let mut closely = config.clone();
    closely.dense.always = true;
    let (seen, model) = trace(&closely);
    assert!(model == trace(&config).1);
    let dense = seen
        .iter()
        .filter(|event| matches!(event, Event::Dense { .. }));
    assert_eq!(dense.count(), 15);
}
