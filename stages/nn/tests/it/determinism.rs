//! The same data and configuration give the same bytes, whoever else computes beside them.

use std::thread;

use kaslite_nn::{Config, DenseEpoch, Event};

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

/// Where the host is frozen, its gradient takes a way back of its own: it is measured in few batches of
/// an epoch, in all of them only where every epoch is looked at closely.
#[test]
fn a_frozen_host_is_measured_in_few_batches() {
    let config = Config {
        lesson: kaslite_nn::Lesson::Task,
        ..small_config()
    };
    let mut closely = config.clone();
    closely.dense.always = true;
    let (few, model) = trace(&config);
    let (all, same) = trace(&closely);
    assert!(model == same);
    let epochs = |seen: &[Event]| -> Vec<DenseEpoch> {
        let dense = seen.iter().filter_map(|event| {
            let Event::Dense { seen } = event else {
                return None;
            };
            Some(seen.clone())
        });
        // The host learns no more, and every batch was looked at.
        let frozen =
            |seen: &DenseEpoch| seen.epoch > config.warm_up_epochs && !seen.gradients.is_empty();
        dense.filter(frozen).collect()
    };
    let (few, all) = (epochs(&few), epochs(&all));
    assert!(!few.is_empty());
    for few in few {
        let all = all.iter().find(|all| all.epoch == few.epoch).unwrap();
        assert_eq!(few.gradients, all.gradients);
        let last = few.batches.len();
        assert!(last > 8, "{last} batches");
        for (few, all) in few.batches.iter().zip(&all.batches) {
            assert!(all.host_gradient_norm.is_some());
            let found = few.host_gradient_norm;
            assert!(found.is_none() || found == all.host_gradient_norm);
            assert_eq!(few.seed_gradient_norms, all.seed_gradient_norms);
        }
        let measured = few.batches.iter();
        let measured = measured.filter(|batch| batch.host_gradient_norm.is_some());
        let measured: Vec<usize> = measured.map(|batch| batch.batch).collect();
        assert!((2..=8).contains(&measured.len()), "{measured:?}");
        assert_eq!((measured[0], measured[measured.len() - 1]), (1, last));
    }
}
