use kaslite_nn::{Check, GateRecord, SeedId};

use crate::shared::int;
use crate::telemetry::{Field, Schema};

/// One check of one gate.
#[derive(Debug)]
pub(crate) struct GateRow {
    pub(crate) slot: SeedId,
    pub(crate) gate: GateRecord,
    pub(crate) check: Check,
}

impl GateRow {
    /// A row for each check.
    pub(crate) fn of(slot: SeedId, gate: &GateRecord) -> impl Iterator<Item = Self> {
        gate.checks.iter().map(move |&check| Self {
            slot,
            gate: gate.clone(),
            check,
        })
    }
}

/// `gates.parquet`.
pub(crate) const GATES: Schema<GateRow> = Schema {
    file: "gates.parquet",
    rows: "a check of a gate, each time that the gate was asked",
    fields: &[
        Field::int("epoch", "", "from 1, through both phases", |row| {
            Some(int(row.gate.epoch))
        }),
        Field::text("seed", "the slot", |row| Some(row.slot.to_string())),
        Field::text("gate", "G0, G1, G2, G3 or G5", |row| {
            Some(row.gate.gate.to_string())
        }),
        Field::text("mode", "observe, permissive or strict", |row| {
            Some(row.gate.mode.to_string())
        }),
        Field::truth(
            "gate_passed",
            "whether every check of the gate passed",
            |row| Some(row.gate.passed),
        ),
        Field::truth("opened", "whether the seed could go on", |row| {
            Some(row.gate.opened)
        }),
        Field::real(
            "score",
            "share",
            "how good the seed is at what the gate looks at; null where that was not measured",
            |row| row.gate.score,
        ),
        Field::text("check", "what was looked at", |row| {
            Some(row.check.measure.to_string())
        }),
        Field::real(
            "value",
            "as the check",
            "what was found; null where it was not measured",
            |row| row.check.value,
        ),
        Field::real(
            "threshold",
            "as the check",
            "what was asked for; null where anything measured would do",
            |row| row.check.threshold,
        ),
        Field::truth("passed", "whether the check passed", |row| {
            Some(row.check.passed)
        }),
    ],
};
