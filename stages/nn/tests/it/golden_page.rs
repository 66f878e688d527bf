//! `docs/golden.md` and its picture: the recorded run of the Python original beside ours.

use std::fmt::Write as _;
use std::path::PathBuf;

use kaslite_nn::{Event, SeedState};
use serde_json::Value;

use crate::golden::{events, recording};
use crate::golden_picture::picture;
use crate::support::epochs;

const PREFACE: &str = "# The recorded run of the Python original, and ours

`spirals_default`: 2000 spirals in three dimensions, three hidden layers of 128, two seeds a layer, 40
epochs of warm-up and 60 of adaptation, `seeds.landing: reference`. The test `golden_page` makes this
page and compares it; the test `golden` holds every epoch against the recording.

![Loss and accuracy by epoch: the recording, ours, and ours with the landing continuous](golden.svg)

The recording and ours lie on one another. With `continuous` the landing of a seed makes no jump; up to
there the two differ by the scaler, which `continuous` fits on the training rows, and by what the
validation loss is a mean of.
";

fn page() -> String {
    let recording = recording();
    let mut text = PREFACE.to_owned();
    text += "\n| epoch | training loss, recorded | ours | validation accuracy, recorded | ours |\n|---:|---:|---:|---:|---:|\n";
    for (at, (stats, _)) in epochs(events()).iter().enumerate().take(10) {
        let recorded = &recording["epochs"][at];
        writeln!(
            text,
            "| {} | {:.6} | {:.6} | {:.4} | {:.4} |",
            stats.epoch,
            number(&recorded["train_loss"]),
            stats.train_loss.unwrap(),
            number(&recorded["val_acc"]),
            stats.val_accuracy
        )
        .unwrap();
    }
    text += "\n| what | recorded | ours |\n|---|---|---|\n";
    let best = epochs(events())
        .last()
        .map(|(stats, _)| stats.best_accuracy);
    let recorded = number(&recording["result"]["best_acc"]);
    writeln!(
        text,
        "| best accuracy | {recorded:.4} | {:.4} |",
        best.unwrap()
    )
    .unwrap();
    for (name, state) in [
        ("germinates", SeedState::Training),
        ("begins to blend", SeedState::Blending),
        ("is active", SeedState::Active),
    ] {
        let (seed, epoch) = first(state);
        let recorded = first_recorded(&recording, state);
        writeln!(
            text,
            "| `{seed}` {name} | epoch {recorded} | epoch {epoch} |"
        )
        .unwrap();
    }
    text
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// The seed that first comes to a state, and when.
pub(crate) fn first(state: SeedState) -> (String, usize) {
    let found = events().iter().find_map(|event| {
        let Event::Transition {
            epoch, seed, to, ..
        } = event
        else {
            return None;
        };
        (*to == state).then(|| (seed.to_string(), *epoch))
    });
    found.unwrap()
}

/// When the first seed of the recording comes to a state; it sees a germination, which ends an epoch,
/// in the epoch that follows.
fn first_recorded(recording: &Value, state: SeedState) -> usize {
    let epochs = recording["epochs"].as_array().unwrap();
    let is_in = |epoch: &&Value| epoch["seeds"]["seed1_1"]["state"] == state.to_string();
    let at = epochs.iter().position(|epoch| is_in(&epoch)).unwrap();
    at + usize::from(state != SeedState::Training)
}

fn docs(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name)
}

/// Words must be equal, numbers nearly so: another processor may round otherwise.
fn alike(one: &str, other: &str) -> bool {
    let words =
        |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
    let (one, other) = (words(one), words(other));
    one.len() == other.len()
        && one.iter().zip(&other).all(|(one, other)| {
            match (one.parse::<f64>(), other.parse::<f64>()) {
                (Ok(one), Ok(other)) => (one - other).abs() < 0.02,
                _ => one == other,
            }
        })
}

/// With `UPDATE_GOLDEN` set page and picture are written.
#[test]
fn the_page_of_the_docs_is_true() {
    let page = page();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(docs("")).unwrap();
        std::fs::write(docs("golden.md"), &page).unwrap();
        std::fs::write(docs("golden.svg"), picture()).unwrap();
    }
    let found = std::fs::read_to_string(docs("golden.md")).unwrap_or_default();
    assert!(
        alike(&found, &page),
        "docs/golden.md is not what the test makes; run it with UPDATE_GOLDEN=1"
    );
}
