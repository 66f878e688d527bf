use kaslite_nn::{EpochStats, Phase, SeedState, SeedStats};
use kaslite_track::table::{Column, Table};

use crate::shared::int;

/// The rows of `epochs.parquet`.
#[derive(Debug, Default)]
pub(super) struct Epochs {
    rows: Vec<EpochRow>,
}

#[derive(Debug)]
struct EpochRow {
    stats: EpochStats,
    /// How many seeds are in each state, in the order of [`STATES`].
    seeds: [usize; STATES.len()],
}

/// The states, each with its column.
const STATES: [(SeedState, &str); 4] = [
    (SeedState::Dormant, "seeds_dormant"),
    (SeedState::Training, "seeds_training"),
    (SeedState::Blending, "seeds_blending"),
    (SeedState::Active, "seeds_active"),
];

impl Epochs {
    pub(super) fn push(&mut self, stats: EpochStats, seeds: &[SeedStats]) {
        let count = |state| seeds.iter().filter(|seed| seed.state == state).count();
        let seeds = STATES.map(|(state, _)| count(state));
        self.rows.push(EpochRow { stats, seeds });
    }

    /// The epochs in order.
    pub(super) fn stats(&self) -> impl DoubleEndedIterator<Item = &EpochStats> {
        self.rows.iter().map(|row| &row.stats)
    }

    /// The last epoch of the warm-up; none where there was no warm-up.
    pub(super) fn end_of_warm_up(&self) -> Option<&EpochStats> {
        self.stats().rfind(|stats| stats.phase == Phase::WarmUp)
    }

    /// One row an epoch; `train_loss` and `learning_rate` are null where nothing was trained.
    pub(super) fn table(&self) -> Table {
        let table = Table::new()
            .with("epoch", self.column(|stats| int(stats.epoch)))
            .with("phase", self.column(|stats| stats.phase.to_string()))
            .with("train_loss", self.column(|stats| stats.train_loss))
            .with("val_loss", self.column(|stats| stats.val_loss))
            .with("val_accuracy", self.column(|stats| stats.val_accuracy))
            .with("best_accuracy", self.column(|stats| stats.best_accuracy))
            .with("plateau", self.column(|stats| int(stats.plateau)))
            .with("learning_rate", self.column(|stats| stats.learning_rate));
        (0..).zip(STATES).fold(table, |table, (at, (_, name))| {
            let counts: Column = self.rows.iter().map(|row| int(row.seeds[at])).collect();
            table.with(name, counts)
        })
    }

    fn column<T>(&self, cell: impl Fn(&EpochStats) -> T) -> Column
    where
        Column: From<Vec<T>>,
    {
        self.stats().map(cell).collect()
    }
}
