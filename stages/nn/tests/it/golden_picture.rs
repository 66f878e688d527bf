//! The picture of `docs/golden.md`: loss and accuracy by epoch.

use kaslite_nn::{EpochStats, Event, SeedState};

use crate::epoch_chart::{Curve, Panel, Unit, picture as chart};
use crate::golden::{events, recording};
use crate::golden_page::first;
use crate::landing_page::soft;
use crate::support::epochs;

fn curves(name: &str, value: fn(&EpochStats) -> f64) -> Vec<Curve> {
    let recording = recording();
    let recorded = recording["epochs"].as_array().unwrap().iter();
    let of = |events: &[Event]| {
        let epochs = epochs(events);
        let values = epochs.iter().map(|(stats, _)| Some(value(stats)));
        values.collect()
    };
    [
        ("recorded", recorded.map(|it| it[name].as_f64()).collect()),
        ("reference", of(events())),
        ("continuous", of(&soft().1)),
    ]
    .map(|(class, values)| Curve { class, values })
    .into()
}

/// The whole picture.
pub(crate) fn picture() -> String {
    let (seed, germinated) = first(SeedState::Training);
    let marks = || {
        vec![
            (40.0, "host frozen".to_owned()),
            (germinated as f64, format!("{seed} germinates")),
        ]
    };
    let names = [
        ("recorded", "the original, recorded"),
        ("reference", "ours, landing: reference"),
        ("continuous", "ours, landing: continuous"),
    ];
    let panel = |title, (low, high, parts), unit, curves| Panel {
        title,
        epochs: (0.0, 100.0),
        low,
        high,
        parts,
        unit,
        marks: marks(),
        curves,
    };
    let loss = curves("val_loss", |it| it.val_loss);
    let accuracy = curves("val_acc", |it| it.val_accuracy);
    let panels = [
        panel("validation loss", (0.2, 0.8, 6), Unit::Number(1), loss),
        panel(
            "validation accuracy",
            (0.5, 0.9, 4),
            Unit::Percent,
            accuracy,
        ),
    ];
    chart("Loss and accuracy by epoch", &names, &panels)
}
