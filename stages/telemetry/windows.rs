use kaslite_nn::Trigger;

use crate::shared::int;
use crate::telemetry::{Field, Schema};

/// Something that was worth a close look.
#[derive(Debug)]
pub(crate) struct WindowRow {
    pub(crate) epoch: usize,
    pub(crate) trigger: Trigger,
    pub(crate) until: usize,
}

/// `dense_windows.parquet`.
pub(crate) const WINDOWS: Schema<WindowRow> = Schema {
    file: "dense_windows.parquet",
    rows: "a trigger, which opens a window of close looks or extends the one that is open",
    fields: &[
        Field::int("epoch", "", "from 1, through both phases", |row| {
            Some(int(row.epoch))
        }),
        Field::text(
            "trigger",
            "stage_transition, loss_spike, accuracy_drop, gradient_explosion, gate_failure, not_finite or forced",
            |row| Some(row.trigger.name().to_owned()),
        ),
        Field::text("seed", "the slot that it is about; null otherwise", |row| {
            row.trigger.slot().map(|slot| slot.to_string())
        }),
        Field::real(
            "value",
            "as the trigger",
            "what was measured: times the running mean, or percentage points; null where it is an event",
            |row| row.trigger.value(),
        ),
        Field::text("because", "the same for people", |row| {
            Some(row.trigger.to_string())
        }),
        Field::truth(
            "anomaly",
            "whether something went wrong, rather than on",
            |row| Some(row.trigger.is_anomaly()),
        ),
        Field::int(
            "until",
            "",
            "the last epoch of the window, as it then stood",
            |row| Some(int(row.until)),
        ),
    ],
};
