//! The draws of a recorded training run of the Python original, from the split to the third epoch.

#![expect(clippy::unwrap_used, reason = "a test, its helpers included")]

use std::fs::File;

use kaslite_random::{DataLoader, LinearWeights, TorchGenerator};
use ndarray::{Array1, Array2};
use ndarray_npy::NpzReader;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/golden");

const SAMPLES: usize = 2000;
const TRAINING: usize = 1600;
const HIDDEN: usize = 128;

struct Recording {
    arrays: NpzReader<File>,
}

impl Recording {
    fn open() -> Self {
        let file = File::open(format!("{FIXTURES}/spirals_default.npz")).unwrap();
        Self {
            arrays: NpzReader::new(file).unwrap(),
        }
    }

    fn positions(&mut self, name: &str) -> Vec<usize> {
        let array: Array1<i64> = self.arrays.by_name(name).unwrap();
        array
            .iter()
            .map(|&position| usize::try_from(position).unwrap())
            .collect()
    }

    fn linear(&mut self, name: &str) -> LinearWeights {
        let weight: Array2<f32> = self.arrays.by_name(&format!("init/{name}.weight")).unwrap();
        let bias: Array1<f32> = self.arrays.by_name(&format!("init/{name}.bias")).unwrap();
        LinearWeights {
            weight: weight.into_iter().collect(),
            bias: bias.to_vec(),
        }
    }
}

fn recorded_orders() -> Vec<Vec<usize>> {
    let text = std::fs::read_to_string(format!("{FIXTURES}/spirals_default.json")).unwrap();
    let recording: serde_json::Value = serde_json::from_str(&text).unwrap();
    serde_json::from_value(recording["perms_head"].clone()).unwrap()
}

#[test]
fn the_run_draws_what_was_recorded() {
    let mut recording = Recording::open();
    let mut generator = TorchGenerator::new(42);

    let split = generator.randperm(SAMPLES);
    assert_eq!(split[..TRAINING], recording.positions("train_idx"));
    assert_eq!(split[TRAINING..], recording.positions("val_idx"));

    let input = LinearWeights::draw(&mut generator, 3, HIDDEN);
    assert_eq!(input, recording.linear("input_layer"));
    for layer in 0..3 {
        let linear = LinearWeights::draw(&mut generator, HIDDEN, HIDDEN);
        assert_eq!(
            linear,
            recording.linear(&format!("layers.{layer}")),
            "layer {layer}"
        );
        for _seed in 0..2 {
            LinearWeights::draw(&mut generator, HIDDEN, 4 * HIDDEN);
            LinearWeights::draw(&mut generator, 4 * HIDDEN, HIDDEN);
        }
    }
    assert_eq!(
        LinearWeights::draw(&mut generator, HIDDEN, 2),
        recording.linear("out")
    );

    let orders = recorded_orders();
    assert_eq!(orders.len(), 3);
    for (epoch, order) in orders.iter().enumerate() {
        assert_eq!(
            &DataLoader::shuffled(TRAINING).pass(&mut generator),
            order,
            "epoch {epoch}"
        );
        DataLoader::in_order(SAMPLES - TRAINING).pass(&mut generator);
    }
}
