use kaslite_nn::{Action, Decision};

use crate::shared::int;
use crate::telemetry::{Field, Schema};

/// One decision.
#[derive(Debug)]
pub(crate) struct PolicyRow(pub(crate) Decision);

/// `policy.parquet`.
pub(crate) const POLICY: Schema<PolicyRow> = Schema {
    file: "policy.parquet",
    rows: "a decision of the controller, one an epoch of adaptation",
    fields: &[
        Field::int("epoch", "", "from 1, through both phases", |row| {
            Some(int(row.0.observation.epoch))
        }),
        Field::text(
            "action",
            "wait, germinate, advance, fossilize or prune",
            |row| Some(row.0.action.to_string()),
        ),
        Field::text("seed", "the slot that it is about; null for wait", |row| {
            row.0.action.slot().map(|slot| slot.to_string())
        }),
        Field::text(
            "blueprint",
            "what germinates; null otherwise",
            |row| match row.0.action {
                Action::Germinate { blueprint, .. } => Some(blueprint.to_string()),
                Action::Wait
                | Action::Advance { .. }
                | Action::Fossilize { .. }
                | Action::Prune { .. } => None,
            },
        ),
        Field::text("reason", "why, as a word", |row| {
            let reason = serde_json::to_value(row.0.reason).ok()?;
            Some(reason.get("reason")?.as_str()?.to_owned())
        }),
        Field::text("because", "why, for people", |row| {
            Some(row.0.reason.to_string())
        }),
        Field::real(
            "confidence",
            "share",
            "how sure the controller is; null where it does not say",
            |row| row.0.confidence,
        ),
        Field::int(
            "plateau",
            "epochs",
            "in a row without progress, after the decision",
            |row| Some(int(row.0.plateau)),
        ),
        Field::truth(
            "stabilized",
            "whether the controller holds the host for settled; null where it does not look at that",
            |row| row.0.stabilized,
        ),
        Field::real("val_loss", "nats", "what the controller saw", |row| {
            Some(row.0.observation.loss)
        }),
        Field::real("val_accuracy", "share", "what the controller saw", |row| {
            Some(row.0.observation.accuracy)
        }),
        Field::int(
            "slots_free",
            "slots",
            "in which a seed could germinate",
            |row| Some(int(row.0.observation.free().count())),
        ),
        Field::int(
            "seeds_live",
            "seeds",
            "that are neither there for good nor removed",
            |row| Some(int(row.0.observation.live().count())),
        ),
        Field::text(
            "observation",
            "all that the controller saw, as JSON: of every slot its stage, health, alpha, improvement and contribution",
            |row| serde_json::to_string(&row.0.observation).ok(),
        ),
    ],
};
