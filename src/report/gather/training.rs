//! The training run.

use crate::report::chart::{
    EpochPoint, LearningCurve, Line, SeedEpoch, SeedEvent, SeedLane, SeedState, SeedTimeline,
    Series,
};
use crate::report::gather::component::{Component, GatherError};
use crate::report::gather::metrics::MetricsFile;
use crate::report::gather::{predictions, trouble};
use crate::report::sources::Source;
use crate::report::view::{EventView, MeasureView, Shown, TrainingView};
use kaslite_track::table::Table;
use std::cmp::Ordering;

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

/// Its pictures, in order.
pub(super) const FIGURES: &[&str] = &[
    "learning_curve",
    "seed_timeline",
    "drift",
    "confusion",
    "boundary",
];

/// Lines that can be told apart in one picture.
const LINES: usize = 6;

/// Reads the folder that `train` made.
pub(super) fn read(
    component: &mut Component<'_>,
    source: &Source,
) -> Result<TrainingView, GatherError> {
    let metrics = MetricsFile::read(&source.file.join("metrics.json"))?;
    let epochs = Table::read(&source.file.join("epochs.parquet"))?;
    let slots = Table::read(&source.file.join("slots.parquet"))?;
    let events = events(&Table::read(&source.file.join("events.parquet"))?)?;
    let figures = vec![
        component.draw(
            "learning_curve",
            "Training loss, validation loss and validation accuracy by epoch, with what happened to the seeds",
            || Ok(curve(&epochs, &events)?.svg()?),
        ),
        component.draw(
            "seed_timeline",
            "The state of every seed by epoch, with its share alpha",
            || Ok(timeline(&slots)?.svg()?),
        ),
        component.draw(
            "drift",
            "How far each seed turns what passes it, by epoch",
            || drift(&slots),
        ),
        component.draw(
            "confusion",
            "Which classes of the validation samples the trained network takes for which",
            || predictions::confusion(&source.file),
        ),
        component.draw(
            "boundary",
            "Where the trained network parts the classes, and the validation samples",
            || predictions::boundary(&source.file),
        ),
    ];
    Ok(TrainingView {
        measures: measures(&metrics, MEASURES),
        parameters: measures(&metrics, PARAMETERS),
        caveat: metrics.text("validation.caveat"),
        trouble: trouble::read(source)?,
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

/// The drift of the seeds that showed, those that turned most.
fn drift(table: &Table) -> Result<String, GatherError> {
    let (epochs, seeds) = (
        table.values::<i64>("epoch")?,
        table.values::<String>("seed")?,
    );
    let drifts = table.cells::<f64>("drift")?;
    let mut lines: Vec<Line> = Vec::new();
    for row in 0..table.rows() {
        let point = (epochs[row] as f64, drifts[row]);
        match lines.iter_mut().find(|line| line.name == seeds[row]) {
            Some(line) => line.points.push(point),
            None => lines.push(Line {
                name: seeds[row].clone(),
                points: vec![point],
            }),
        }
    }
    let most = |line: &Line| {
        let values = line.points.iter().filter_map(|(_, value)| *value);
        values.fold(None, |most: Option<f64>, value| {
            Some(most.map_or(value, |most| most.max(value)))
        })
    };
    lines.retain(|line| most(line).is_some());
    if lines.is_empty() {
        return Err(GatherError::NotAsked {
            reason: "No seed has grown so far that it shows.".to_owned(),
            to_enable: "It is drawn where a seed has grown.".to_owned(),
        });
    }
    let left_out = lines.len().saturating_sub(LINES);
    if left_out > 0 {
        lines.sort_by(|one, other| {
            most(other)
                .partial_cmp(&most(one))
                .unwrap_or(Ordering::Equal)
        });
        lines.truncate(LINES);
    }
    let title = match left_out {
        0 => "Drift of the seeds".to_owned(),
        _ => format!(
            "Drift of the {LINES} seeds that turn most, of {}",
            LINES + left_out
        ),
    };
    let series = Series {
        title,
        x_label: "epoch".to_owned(),
        y_label: "1 − cosine between what enters a seed and what leaves it".to_owned(),
        lines,
        ..Series::default()
    };
    Ok(series.svg()?)
}
