//! Against a recorded run of the Python original.

use std::fs::File;
use std::path::PathBuf;
use std::sync::OnceLock;

use kaslite_nn::{Data, Event, Model, SeedState, Split, fit};
use kaslite_random::{DataLoader, TorchGenerator};
use ndarray::{ArrayD, OwnedRepr};
use ndarray_npy::{NpzReader, ReadableElement};
use serde_json::Value;

use crate::support::{epochs, recorded_config, train};

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures/golden")
        .join(name)
}

fn array<T: ReadableElement + Clone>(file: &str, name: &str) -> Vec<T> {
    let mut reader = NpzReader::new(File::open(fixture(file)).unwrap()).unwrap();
    let array: ArrayD<T> = reader.by_name::<OwnedRepr<T>, _>(name).unwrap();
    array.iter().cloned().collect()
}

pub(crate) fn recording() -> Value {
    serde_json::from_reader(File::open(fixture("spirals_default.json")).unwrap()).unwrap()
}

pub(crate) fn spirals() -> Data {
    let features = array("datasets.npz", "spirals_d3/X");
    Data::new(features, array("datasets.npz", "spirals_d3/y"), 3).unwrap()
}

/// Name and values of each tensor of a model.
type Tensors = Vec<(String, Vec<f32>)>;

fn tensors(model: &Model) -> Tensors {
    let file = tempfile::NamedTempFile::new().unwrap();
    model.save(file.path()).unwrap();
    let bytes = std::fs::read(file.path()).unwrap();
    let float = |bytes: &[u8]| f32::from_le_bytes(bytes.try_into().unwrap());
    let values = |data: &[u8]| data.chunks_exact(4).map(float).collect();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let named = tensors.tensors().into_iter();
    named
        .map(|(name, view)| (name, values(view.data())))
        .collect()
}

/// The whole run, once for all tests here.
fn run() -> &'static (Vec<Event>, Tensors) {
    static RUN: OnceLock<(Vec<Event>, Tensors)> = OnceLock::new();
    RUN.get_or_init(|| {
        let (outcome, events) = train(&spirals(), &recorded_config());
        (events, tensors(&outcome.model))
    })
}

pub(crate) fn events() -> &'static [Event] {
    &run().0
}

fn indices(name: &str) -> Vec<usize> {
    let rows: Vec<i64> = array("spirals_default.npz", name);
    rows.into_iter()
        .map(|row| usize::try_from(row).unwrap())
        .collect()
}

#[test]
fn the_features_are_scaled_bit_for_bit() {
    let data = spirals();
    let scaled = kaslite_nn::Scaler::fit(&data).transform(&data);
    let expected: Vec<f32> = array("spirals_default.npz", "X_scaled");
    let different = scaled
        .features()
        .iter()
        .zip(&expected)
        .filter(|(a, b)| a.to_bits() != b.to_bits())
        .count();
    assert_eq!(different, 0);
}

#[test]
fn the_rows_are_split_as_recorded() {
    let split = Split::draw(2000, 0.8, &mut TorchGenerator::new(42)).unwrap();
    assert_eq!(split.train, indices("train_idx"));
    assert_eq!(split.validation, indices("val_idx"));
}

/// The weights after no training at all are the initial ones; a run of one adaptation epoch
/// draws them, validates, and trains nothing.
#[test]
fn the_initial_weights_are_the_recorded_ones() {
    let config = kaslite_nn::Config {
        warm_up_epochs: 0,
        adaptation_epochs: 1,
        ..recorded_config()
    };
    let outcome = fit(&spirals(), &config, &mut (), &|| false).unwrap();
    let tensors = tensors(&outcome.model);
    assert_eq!(tensors.len(), 10);
    for (name, values) in tensors {
        let expected: Vec<f32> = array("spirals_default.npz", &format!("init/{name}"));
        assert_eq!(values, expected, "{name}");
    }
}

/// The draws between the epochs, replayed: the split, the weights of host and seeds, then for
/// each epoch a training and a validation pass.
#[test]
fn the_batch_order_is_the_recorded_one() {
    let mut generator = TorchGenerator::new(42);
    generator.randperm(2000);
    let linear = |inputs: usize, outputs: usize| (inputs + 1) * outputs;
    let seed = linear(128, 512) + linear(512, 128);
    let host = linear(3, 128) + 3 * linear(128, 128) + linear(128, 2);
    for _ in 0..host + 6 * seed {
        generator.next_u32();
    }
    for (epoch, expected) in recording()["perms_head"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
    {
        let order = DataLoader::shuffled(1600).pass(&mut generator);
        let recorded: Vec<usize> = serde_json::from_value(expected.clone()).unwrap();
        assert_eq!(order[..recorded.len()], recorded, "epoch {epoch}");
        DataLoader::in_order(400).pass(&mut generator);
    }
}

#[test]
fn the_first_ten_epochs_equal_the_recorded_ones() {
    let recording = recording();
    for (at, (stats, _)) in epochs(events()).into_iter().take(10).enumerate() {
        let recorded = &recording["epochs"][at];
        let loss = recorded["train_loss"].as_f64().unwrap();
        assert!(
            (stats.train_loss.unwrap() - loss).abs() < 1e-6,
            "{stats:?} {loss}"
        );
        assert_eq!(
            Some(stats.val_accuracy),
            recorded["val_acc"].as_f64(),
            "{stats:?}"
        );
    }
}

#[test]
fn the_seed_lives_as_recorded() {
    let moves: Vec<_> = events()
        .iter()
        .filter_map(|event| match event {
            Event::Transition {
                epoch, seed, to, ..
            } => Some((*epoch, seed.to_string(), *to)),
            Event::PhaseStarted { .. }
            | Event::Germination { .. }
            | Event::DriftWarning { .. }
            | Event::Initial { .. }
            | Event::Passage { .. }
            | Event::GateAsked { .. }
            | Event::Decided { .. }
            | Event::Triggered { .. }
            | Event::Dense { .. }
            | Event::Matrix { .. }
            | Event::EpochFinished { .. } => None,
        })
        .collect();
    // The recording sees a germination, which ends an epoch, in the epoch that follows.
    let recorded: Vec<_> = [
        (56, SeedState::Training),
        (59, SeedState::Blending),
        (60, SeedState::Active),
    ]
    .into_iter()
    .map(|(epoch, to)| (epoch, "seed1_1".to_owned(), to))
    .collect();
    assert_eq!(moves, recorded);
}

/// Another processor may round otherwise, which a thousand steps amplify; where it does not, the
/// losses agree to 1e-7, the accuracies are equal throughout, and so is every final weight.
#[test]
fn the_whole_run_stays_close_to_the_recorded_one() {
    let recording = recording();
    let epochs = epochs(events());
    assert_eq!(epochs.len(), 100);
    let close = |value: Option<f64>, recorded: &Value, tolerance: f64| match value {
        Some(value) => recorded
            .as_f64()
            .is_some_and(|it| (value - it).abs() < tolerance),
        None => recorded.is_null(),
    };
    for (at, (stats, seeds)) in epochs.iter().enumerate() {
        let recorded = &recording["epochs"][at];
        assert!(
            close(stats.train_loss, &recorded["train_loss"], 0.01),
            "{stats:?}"
        );
        assert!(
            close(Some(stats.val_loss), &recorded["val_loss"], 0.01),
            "{stats:?}"
        );
        assert!(
            close(Some(stats.val_accuracy), &recorded["val_acc"], 0.02),
            "{stats:?}"
        );
        let seed = &recorded["seeds"]["seed1_1"];
        // The recording starts both at 0, and keeps them there until the blend begins.
        assert!(
            close(seeds[0].alpha.or(Some(0.0)), &seed["alpha"], 1e-9),
            "{seeds:?}"
        );
        assert!(
            close(seeds[0].drift.or(Some(0.0)), &seed["drift"], 0.002),
            "{seeds:?}"
        );
    }
    let best = recording["result"]["best_acc"].as_f64();
    assert!((epochs[99].0.best_accuracy - best.unwrap()).abs() <= 0.02);
}

#[test]
fn the_final_weights_stay_close_to_the_recorded_ones() {
    let (_, tensors) = run();
    assert_eq!(tensors.len(), 14);
    for (name, values) in tensors {
        let recorded = name.replace("seed1_1", "all_seeds.0");
        let expected: Vec<f32> = array("spirals_default.npz", &format!("final/{recorded}"));
        let apart = values
            .iter()
            .zip(&expected)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max);
        assert!(
            values.len() == expected.len() && apart < 0.02,
            "{name}: {apart}"
        );
    }
}
