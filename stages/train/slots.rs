use kaslite_nn::SeedStats;
use kaslite_track::table::{Column, Table};

use crate::shared::int;

/// The rows of `slots.parquet`.
#[derive(Debug, Default)]
pub(super) struct Slots {
    rows: Vec<(usize, SeedStats)>,
}

impl Slots {
    /// Adds a seed as it stands at the end of an epoch; its numbers are finite or none.
    pub(super) fn push(&mut self, epoch: usize, stats: SeedStats) {
        self.rows.push((epoch, stats));
    }

    /// One row an epoch and seed; what was not measured is null.
    pub(super) fn table(&self) -> Table {
        Table::new()
            .with("epoch", self.column(|epoch, _| int(epoch)))
            .with("seed", self.column(|_, stats| stats.seed.to_string()))
            .with("layer", self.column(|_, stats| int(stats.seed.layer)))
            .with("index", self.column(|_, stats| int(stats.seed.index)))
            .with("state", self.column(|_, stats| stats.state.to_string()))
            .with("alpha", self.column(|_, stats| stats.alpha))
            .with("drift", self.column(|_, stats| stats.drift))
            .with("health", self.column(|_, stats| stats.health))
            .with("progress", self.column(|_, stats| stats.progress))
            .with("parameters", self.column(|_, stats| int(stats.parameters)))
    }

    fn column<T>(&self, cell: impl Fn(usize, &SeedStats) -> T) -> Column
    where
        Column: From<Vec<T>>,
    {
        self.rows
            .iter()
            .map(|(epoch, stats)| cell(*epoch, stats))
            .collect()
    }
}
