use kaslite_nn::{DenseEpoch, Trigger};
use kaslite_track::table::Table;

use crate::telemetry::{
    ACTIVATIONS, ActivationRow, BATCHES, BatchRow, BucketRow, GRADIENTS, OPENNESS, OpennessRow,
    WINDOWS, WindowRow,
};

/// What was looked at closely in a run, and why.
#[derive(Debug, Default)]
pub(super) struct Dense {
    windows: Vec<WindowRow>,
    batches: Vec<BatchRow>,
    gradients: Vec<BucketRow>,
    activations: Vec<ActivationRow>,
    openness: Vec<OpennessRow>,
}

impl Dense {
    pub(super) fn triggered(&mut self, epoch: usize, trigger: Trigger, until: usize) {
        self.windows.push(WindowRow {
            epoch,
            trigger,
            until,
        });
    }

    pub(super) fn push(&mut self, seen: &DenseEpoch) {
        let epoch = seen.epoch;
        let batches = seen.batches.iter().cloned();
        self.batches
            .extend(batches.map(|batch| BatchRow { epoch, batch }));
        let spreads = seen.gradients.iter();
        self.gradients
            .extend(spreads.flat_map(|spread| BucketRow::of(epoch, spread)));
        let activations = seen.activations.iter().cloned();
        self.activations
            .extend(activations.map(|seen| ActivationRow { epoch, seen }));
        let openness = seen.openness.iter().cloned();
        self.openness
            .extend(openness.map(|seen| OpennessRow { epoch, seen }));
    }

    /// What went wrong: the epoch, and what of it.
    pub(super) fn anomalies(&self) -> impl Iterator<Item = (usize, Trigger)> {
        let windows = self.windows.iter();
        let anomalies = windows.filter(|window| window.trigger.is_anomaly());
        anomalies.map(|window| (window.epoch, window.trigger))
    }

    /// The first and the last epoch of which there are batches.
    pub(super) fn traced(&self) -> Option<(usize, usize)> {
        Some((self.batches.first()?.epoch, self.batches.last()?.epoch))
    }

    /// The tables, with the names of their files.
    pub(super) fn tables(&self) -> [(&'static str, Table); 5] {
        [
            (WINDOWS.file, WINDOWS.table(&self.windows)),
            (BATCHES.file, BATCHES.table(&self.batches)),
            (GRADIENTS.file, GRADIENTS.table(&self.gradients)),
            (ACTIVATIONS.file, ACTIVATIONS.table(&self.activations)),
            (OPENNESS.file, OPENNESS.table(&self.openness)),
        ]
    }
}
