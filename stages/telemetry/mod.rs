//! What is recorded of a run, and how: every table is a [`Schema`] whose fields name their unit and
//! meaning, so that files and dictionary come from one place.
//!
//! | file | holds |
//! |---|---|
//! | `field`, `schema` | [`Field`], [`Schema`]: columns as data; rows → Parquet |
//! | `epochs`, `slots`, `policy`, `gates` | one table each |
//! | `episode` | [`Episode`]: `episode.json`, what a run started from |
//!
//! Nothing here computes on tensors. What was not measured is null; a number that is none is null
//! too, and the column `not_finite` of its row says so.

mod episode;
mod epochs;
mod field;
mod gates;
mod policy;
mod schema;
mod slots;

#[cfg(test)]
mod tests;

pub(crate) use episode::{Baseline, Episode};
pub(crate) use epochs::{EPOCHS, EpochRow};
pub(crate) use gates::{GATES, GateRow};
pub(crate) use policy::{POLICY, PolicyRow};
pub(crate) use schema::Schema;
pub(crate) use slots::{SLOTS, SlotRow};

use field::{Cell, Field};
