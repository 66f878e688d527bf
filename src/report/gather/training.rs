//! The training run.

use crate::report::chart::{
    EpochPoint, LearningCurve, SeedEpoch, SeedEvent, SeedLane, SeedState, SeedTimeline,
};
use crate::report::gather::component::{Component, GatherError};
use crate::report::gather::metrics::MetricsFile;
use crate::report::sources::Source;
use crate::report::view::{EventView, MeasureView, Shown, TrainingView};
use kaslite_track::table::Table;

/// Metric → what it means, how it is shown.
const MEASURES: &[(&str, &str, Shown)] = &[
    (
        "metric.accuracy.best",
        "best validation accuracy of any epoch",
        Shown::Percent,
    ),
    (
        "metric.accuracy.final",
        "validation accuracy after the last epoch",
        Shown::Percent,
    ),
    (
        "metric.accuracy.host_only",
        "validation accuracy at the end of warm-up, before any seed grew",
        Shown::Percent,
    ),
    (
        "loss.val.final",
        "validation loss after the last epoch",
        Shown::Number,
    ),
    ("seeds.slots", "places where a seed can grow", Shown::Count),
    ("seeds.grown", "seeds that germinated", Shown::Count),
];

const PARAMETERS: &[(&str, &str, Shown)] = &[
    ("parameters.host", "in the host", Shown::Count),
    ("parameters.grown", "in the seeds that grew", Shown::Count),
];

/// Reads the folder that `train` made.
pub(super) fn read(
    component: &mut Component<'_>,
    source: &Source,
) -> Result<TrainingView, GatherError> {
    let metrics = MetricsFile::read(&source.file.join("metrics.json"))?;
    let epochs = Table::read(&source.file.join("epochs.parquet"))?;
    let slots = Table::read(&source.file.join("slots.parquet"))?;
    let events = events(&Table::read(&source.file.join("events.parquet"))?)?;
    let curve = curve(&epochs, &events)?.svg();
    let timeline = timeline(&slots)?.svg();
    let figures = vec![
        component.draw(
            "learning_curve.svg",
            "Training loss, validation loss and validation accuracy by epoch, with what happened to the seeds",
            curve,
        ),
        component.draw("seed_timeline.svg", "The state of every seed by epoch, with its share alpha", timeline),
    ];
    Ok(TrainingView {
        measures: measures(&metrics, MEASURES),
        parameters: measures(&metrics, PARAMETERS),
        figures,
        events,
    })
}

fn measures(metrics: &MetricsFile, list: &[(&str, &str, Shown)]) -> Vec<MeasureView> {
    list.iter()
        .map(|(name, meaning, shown)| MeasureView {
            name: (*name).to_owned(),
            meaning: (*meaning).to_owned(),
            value: metrics.number(name),
            shown: *shown,
        })
        .collect()
}

/// Counts and epochs are small; one that is not is a damaged file's.
fn epoch(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn events(table: &Table) -> Result<Vec<EventView>, GatherError> {
    let (epochs, kinds) = (
        table.values::<i64>("epoch")?,
        table.values::<String>("kind")?,
    );
    let (seeds, from, to) = (
        table.cells::<String>("seed")?,
        table.cells::<String>("from")?,
        table.cells::<String>("to")?,
    );
    let text = |cells: &[Option<String>], row: usize| cells[row].clone().unwrap_or_default();
    Ok((0..table.rows())
        .filter(|&row| kinds[row] == "transition")
        .map(|row| EventView {
            epoch: epoch(epochs[row]),
            seed: text(seeds, row),
            from: text(from, row),
            to: text(to, row),
        })
        .collect())
}

fn state(name: &str) -> Option<SeedState> {
    SeedState::ALL
        .into_iter()
        .find(|state| state.name() == name)
}

fn curve(table: &Table, events: &[EventView]) -> Result<LearningCurve, GatherError> {
    let (epochs, phases) = (
        table.values::<i64>("epoch")?,
        table.values::<String>("phase")?,
    );
    let (train, loss, accuracy) = (
        table.cells::<f64>("train_loss")?,
        table.cells::<f64>("val_loss")?,
        table.cells::<f64>("val_accuracy")?,
    );
    let points = (0..table.rows())
        .map(|row| EpochPoint {
            epoch: epoch(epochs[row]),
            train_loss: train[row],
            val_loss: loss[row],
            val_accuracy: accuracy[row],
        })
        .collect();
    let warm_up = phases.iter().filter(|phase| *phase == "warm-up").count();
    let events = events
        .iter()
        .filter_map(|event| {
            Some(SeedEvent {
                epoch: event.epoch,
                seed: event.seed.clone(),
                state: state(&event.to)?,
            })
        })
        .collect();
    Ok(LearningCurve {
        points,
        warm_up_epochs: u32::try_from(warm_up).ok().filter(|count| *count > 0),
        events,
    })
}

fn timeline(table: &Table) -> Result<SeedTimeline, GatherError> {
    let (epochs, seeds) = (
        table.values::<i64>("epoch")?,
        table.values::<String>("seed")?,
    );
    let (states, alphas) = (
        table.values::<String>("state")?,
        table.cells::<f64>("alpha")?,
    );
    let mut lanes: Vec<SeedLane> = Vec::new();
    for row in 0..table.rows() {
        let position = lanes
            .iter()
            .position(|lane| lane.seed == seeds[row])
            .unwrap_or_else(|| {
                lanes.push(SeedLane {
                    seed: seeds[row].clone(),
                    epochs: Vec::new(),
                });
                lanes.len() - 1
            });
        let state = state(&states[row]).ok_or_else(|| {
            GatherError::Other(format!("unknown state `{}` of a seed", states[row]))
        })?;
        lanes[position].epochs.push(SeedEpoch {
            epoch: epoch(epochs[row]),
            state,
            alpha: alphas[row],
        });
    }
    Ok(SeedTimeline { lanes })
}
