use kaslite_nn::{EpochStats, Phase, SeedStats};

use crate::telemetry::EpochRow;

/// The epochs of a run.
#[derive(Debug, Default)]
pub(super) struct Epochs {
    rows: Vec<EpochRow>,
}

impl Epochs {
    pub(super) fn push(&mut self, stats: EpochStats, seeds: &[SeedStats]) {
        self.rows.push(EpochRow::new(stats, seeds));
    }

    pub(super) fn rows(&self) -> &[EpochRow] {
        &self.rows
    }

    /// The epochs in order.
    pub(super) fn stats(&self) -> impl DoubleEndedIterator<Item = &EpochStats> {
        self.rows.iter().map(|row| &row.stats)
    }

    /// The last epoch of the warm-up; none where there was no warm-up.
    pub(super) fn end_of_warm_up(&self) -> Option<&EpochStats> {
        self.stats().rfind(|stats| stats.phase == Phase::WarmUp)
    }
}
