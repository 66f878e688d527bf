//! `docs/landing.md` and its picture: what `seeds.landing: continuous` mends, beside the original's way.

use std::fmt::Write as _;
use std::sync::OnceLock;

use kaslite_nn::{Config, DenseParams, Event, GerminationRecord, Landing, SeedStats};

use crate::epoch_chart::{Curve, Panel, Unit, picture};
use crate::golden::spirals;
use crate::golden_page::{assert_alike, docs};
use crate::support::{epochs, recorded_config, train};

/// What a run did to the accuracy, and what it told.
type Run = (Vec<GerminationRecord>, Vec<Event>);

fn run(landing: Landing) -> Run {
    let config = Config {
        landing,
        dense: DenseParams {
            always: true,
            ..DenseParams::default()
        },
        ..recorded_config()
    };
    let (outcome, events) = train(&spirals(), &config);
    (outcome.germinations, events)
}

/// The recorded run with the landing continuous, once for all tests here.
pub(crate) fn soft() -> &'static Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    RUN.get_or_init(|| run(Landing::Continuous))
}

fn hard() -> &'static Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    RUN.get_or_init(|| run(Landing::Reference))
}

/// The mean activation that comes to the second slot, by epoch.
fn activations((_, events): &Run) -> Vec<Option<f64>> {
    let dense = events.iter().filter_map(|event| {
        if let Event::Dense { seen } = event {
            Some(seen.activations.get(1).map(|slot| slot.mean))
        } else {
            None
        }
    });
    dense.collect()
}

fn by_epoch((_, events): &Run, value: fn(&SeedStats) -> Option<f64>) -> Vec<Option<f64>> {
    let epochs = epochs(events);
    let first = epochs.iter().map(|(_, seeds)| value(&seeds[0]));
    first.collect()
}

fn curves(of: impl Fn(&Run) -> Vec<Option<f64>>) -> Vec<Curve> {
    [("reference", hard()), ("continuous", soft())]
        .map(|(class, run)| Curve {
            class,
            values: of(run),
        })
        .into()
}

fn landing_picture() -> String {
    let names = [
        ("reference", "landing: reference"),
        ("continuous", "landing: continuous"),
    ];
    let mark = |epoch, text: &str| (epoch, text.to_owned());
    let panels = [
        Panel {
            title: "mean activation that comes to the slot above seed1_1, validation rows",
            epochs: (55.0, 65.0),
            low: 0.1,
            high: 0.25,
            parts: 3,
            unit: Unit::Number(2),
            marks: vec![mark(59.0, "blends"), mark(60.0, "active")],
            curves: curves(activations),
        },
        Panel {
            title: "health signal of the first slot",
            epochs: (0.0, 100.0),
            low: 0.015,
            high: 0.03,
            parts: 3,
            unit: Unit::Number(3),
            marks: vec![mark(40.0, "host frozen"), mark(56.0, "germination")],
            curves: curves(|run| by_epoch(run, |seed| seed.health)),
        },
    ];
    picture("What a continuous landing mends", &names, &panels)
}

const PREFACE: &str = "# What the default landing mends

`seeds.landing: reference` follows the Python original step for step; the default, `continuous`, mends
what the original got wrong. Both on the run of [golden.md](golden.md). The test `landing_page` makes
this page and compares it.

![Activations and health signal, both landings](landing.svg)

| what | `reference`, as the original | `continuous` |
|---|---|---|
| an active seed gives | x + child(x): the child has learnt to reproduce x, so its output doubles in the batch in which it lands | child(x), where the blend has arrived |
| health is measured on | the last 500 batches that passed, validation batches among them, by weights of then: it moves while the host is frozen | 256 training rows, by the weights of now |
| the dip is | what the epoch after the germination lost, when the child does not show yet | the deepest fall while it shows |
| recovery counts | from the germination | from the first fall to the return |
| the scaler is fitted on | all rows, validation included | the training rows |
| the validation loss is | the mean of the batches' means | the mean over the rows |
| drift is measured on | the last validation batch | all validation rows |
";

fn page() -> String {
    let mut text = PREFACE.to_owned();
    text += "\n| germination | landing | accuracy before | after | dip | epochs to recover |\n|---|---|---:|---:|---:|---:|\n";
    for (name, (germinations, _)) in [("reference", hard()), ("continuous", soft())] {
        for it in germinations {
            let after = it.accuracy_after.unwrap();
            let recovery = it
                .recovery_epochs
                .map_or("–".to_owned(), |it| it.to_string());
            writeln!(
                text,
                "| `{}`, epoch {} | {name} | {:.4} | {after:.4} | {:.4} | {recovery} |",
                it.seed,
                it.epoch,
                it.accuracy_before,
                it.accuracy_before - after
            )
            .unwrap();
        }
    }
    let step = |run: &Run| {
        let values = activations(run);
        let (before, after) = (values[58].unwrap(), values[59].unwrap());
        100.0 * (after / before - 1.0)
    };
    writeln!(
        text,
        "\nIn the epoch of the landing the mean activation above it changes by {:+.1} % with `reference` and by\n{:+.1} % with `continuous`.",
        step(hard()),
        step(soft())
    )
    .unwrap();
    text
}

/// With `UPDATE_GOLDEN` set page and picture are written.
#[test]
fn the_page_of_the_docs_is_true() {
    let page = page();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(docs("landing.md"), &page).unwrap();
        std::fs::write(docs("landing.svg"), landing_picture()).unwrap();
    }
    assert_alike("landing.md", &page);
    assert_alike("landing.svg", &landing_picture());
}

/// Where nothing learns, nothing moves but in the original's way.
#[test]
fn only_the_originals_health_moves_while_the_host_is_frozen() {
    let frozen = |run| {
        let health = by_epoch(run, |seed| seed.health);
        (health[40], health[54])
    };
    let (first, last) = frozen(hard());
    assert!(last > first, "{first:?} {last:?}");
    let (first, last) = frozen(soft());
    assert!(first.is_some() && first == last, "{first:?} {last:?}");
}
