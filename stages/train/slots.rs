use std::collections::BTreeMap;

use kaslite_nn::{GateRecord, SeedId, SeedStats};

use crate::telemetry::SlotRow;

/// Every slot in every epoch of a run.
#[derive(Debug, Default)]
pub(super) struct Slots {
    rows: Vec<SlotRow>,
    last_gates: BTreeMap<SeedId, GateRecord>,
}

impl Slots {
    /// Adds the slots as they stand at the end of an epoch, in the order of the host; their numbers
    /// are finite or none. `gained` is what the epoch gained, in percentage points.
    pub(super) fn push(&mut self, epoch: usize, slots: Vec<SeedStats>, gained: Option<f64>) {
        let alphas: Vec<f64> = slots.iter().map(|slot| slot.alpha.unwrap_or(0.0)).collect();
        for (at, stats) in slots.into_iter().enumerate() {
            let around = (alphas[..at].iter().sum(), alphas[at + 1..].iter().sum());
            let here = stats.life.stage().holds_seed();
            let last_gate = self.last_gates.get(&stats.seed).filter(|_| here).cloned();
            self.rows.push(SlotRow {
                epoch,
                stats,
                gained,
                around,
                last_gate,
            });
        }
    }

    /// A gate was asked for the seed in a slot.
    pub(super) fn gate_asked(&mut self, slot: SeedId, gate: &GateRecord) {
        self.last_gates.insert(slot, gate.clone());
    }

    pub(super) fn rows(&self) -> &[SlotRow] {
        &self.rows
    }
}
