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
validation loss is a mean of. [What it mends](landing.md).
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

pub(crate) fn docs(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name)
}

/// All but the numbers must be equal, and those nearly so: another processor may round otherwise. Losses
/// with six digits, which stand for epochs that are equal, may differ by one in the last.
fn alike(one: &str, other: &str) -> bool {
    let parts = |text: &str| -> Vec<String> {
        let chars: Vec<char> = text
            .split_whitespace()
            .flat_map(|it| [" ", it])
            .flat_map(str::chars)
            .collect();
        let is_number = |it: &char| it.is_ascii_digit() || *it == '.';
        let parts = chars.chunk_by(|one, other| is_number(one) == is_number(other));
        parts.map(|part| part.iter().collect()).collect()
    };
    let close = |one: &str, other: &str| {
        let digits = one.split_once('.').map_or(0, |(_, digits)| digits.len());
        let tolerance = match digits {
            6 => 1.5e-6,
            // A point of a picture.
            1 => 3.0,
            _ => 0.02,
        };
        match (one.parse::<f64>(), other.parse::<f64>()) {
            (Ok(one), Ok(other)) => (one - other).abs() < tolerance,
            _ => one == other,
        }
    };
    let (one, other) = (parts(one), parts(other));
    one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| close(one, other))
}

pub(crate) fn assert_alike(name: &str, made: &str) {
    let found = std::fs::read_to_string(docs(name)).unwrap_or_default();
    assert!(
        alike(&found, made),
        "docs/{name} is not what the test makes; run it with UPDATE_GOLDEN=1"
    );
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
    assert_alike("golden.md", &page);
    assert_alike("golden.svg", &picture());
}

#[test]
fn a_page_with_another_word_or_number_is_another() {
    assert!(alike("epoch 56 | 0.8275", "epoch  56\n| 0.8300"));
    assert!(alike("0.689858", "0.689859") && !alike("0.689858", "0.689868"));
    assert!(!alike("0.8275", "0.8575") && !alike("epoch 56", "epochs 56"));
    assert!(alike("1.5,20.1 3.0,4.0", "1.5,21.0 3.0,4.0") && !alike("1.5,20.1", "1.5,40.1"));
}
