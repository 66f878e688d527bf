use std::fmt;

use kaslite_nn::{Passage, SeedId, SeedState, Trigger};
use kaslite_track::table::{Column, Table};

use crate::shared::int;

/// The rows of `events.parquet`, in the order in which things happened.
#[derive(Debug, Default)]
pub(super) struct Events {
    rows: Vec<EventRow>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct EventRow {
    /// The epoch, from 1.
    pub(super) epoch: usize,
    /// The seed; none where it is about all of them.
    pub(super) seed: Option<SeedId>,
    pub(super) what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// A phase began; which, and its first and last epoch.
    Phase {
        name: String,
        epochs: (usize, usize),
    },
    /// A seed moved on in its life.
    Transition { from: SeedState, to: SeedState },
    /// The controller chose a seed to germinate.
    Germination { health: Option<f64>, accuracy: f64 },
    /// A slot went on in the life of its seed without changing its state, or lost its seed.
    Passage { passage: Passage },
    /// A blending seed changes its input more than the params like.
    DriftWarning { drift: f64 },
    /// Something went wrong.
    Anomaly { trigger: Trigger },
    /// A number of the seed became NaN or infinite; the tables hold null for it.
    NotFinite { name: &'static str, value: f64 },
}

impl What {
    fn kind(&self) -> &'static str {
        match self {
            Self::Phase { .. } => "phase",
            Self::Transition { .. } => "transition",
            Self::Germination { .. } => "germination",
            Self::Passage { .. } => "passage",
            Self::DriftWarning { .. } => "drift_warning",
            Self::Anomaly { .. } => "anomaly",
            Self::NotFinite { .. } => "not_finite",
        }
    }

    fn states(&self) -> (Option<SeedState>, Option<SeedState>) {
        match self {
            Self::Transition { from, to } => (Some(*from), Some(*to)),
            Self::Phase { .. }
            | Self::Germination { .. }
            | Self::Passage { .. }
            | Self::DriftWarning { .. }
            | Self::Anomaly { .. }
            | Self::NotFinite { .. } => (None, None),
        }
    }

    /// What the columns `from` and `to` do not say.
    fn detail(&self) -> Option<String> {
        match self {
            Self::Transition { .. } => None,
            Self::Phase { .. }
            | Self::Germination { .. }
            | Self::Passage { .. }
            | Self::DriftWarning { .. }
            | Self::Anomaly { .. }
            | Self::NotFinite { .. } => Some(self.to_string()),
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phase { name, epochs } => {
                let (first, last) = epochs;
                write!(f, "{name}, epochs {first} to {last}")
            }
            Self::Transition { from, to } => write!(f, "{from} -> {to}"),
            Self::Germination {
                health: Some(health),
                accuracy,
            } => write!(f, "chosen for health {health}, at accuracy {accuracy}"),
            Self::Germination { accuracy, .. } => write!(f, "germinates at accuracy {accuracy}"),
            Self::Passage { passage } => {
                write!(f, "{} -> {}", passage.from, passage.to)?;
                match passage.reason {
                    Some(reason) => write!(f, ", {reason}"),
                    None => Ok(()),
                }
            }
            Self::DriftWarning { drift } => write!(f, "drift {drift}"),
            Self::Anomaly { trigger } => write!(f, "{}: {trigger}", trigger.name()),
            Self::NotFinite { name, value } => write!(f, "{name} became {value}"),
        }
    }
}

impl fmt::Display for EventRow {
    /// As people read it: `seed1_2: dormant -> training`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.seed {
            Some(seed) => write!(f, "{seed}: {}", self.what),
            None => write!(f, "{}", self.what),
        }
    }
}

impl Events {
    pub(super) fn push(&mut self, row: EventRow) {
        self.rows.push(row);
    }

    /// One row for each thing that happened.
    pub(super) fn table(&self) -> Table {
        let text = |state: Option<SeedState>| state.map(|state| state.to_string());
        Table::new()
            .with("epoch", self.column(|row| int(row.epoch)))
            .with("kind", self.column(|row| row.what.kind().to_owned()))
            .with(
                "seed",
                self.column(|row| row.seed.map(|seed| seed.to_string())),
            )
            .with("from", self.column(|row| text(row.what.states().0)))
            .with("to", self.column(|row| text(row.what.states().1)))
            .with("detail", self.column(|row| row.what.detail()))
    }

    fn column<T>(&self, cell: impl Fn(&EventRow) -> T) -> Column
    where
        Column: From<Vec<T>>,
    {
        self.rows.iter().map(cell).collect()
    }
}
