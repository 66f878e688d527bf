//! What is recorded of a run, and how: every table is a [`Schema`] whose fields name their unit and
//! meaning, so that files and dictionary come from one place.
//!
//! | file | holds |
//! |---|---|
//! | `field`, `schema` | [`Field`], [`Schema`]: columns as data; rows → Parquet |
//! | `epochs`, `slots`, `policy`, `gates`, `matrix` | one table each |
//! | `windows`, `dense_batches`, `dense_gradients`, `dense_activations`, `dense_openness` | one table each, of epochs that are looked at closely |
//! | `predictions` | two tables: what the trained network says of samples, and of the plane |
//! | `episode` | [`Episode`]: `episode.json`, what a run started from |
//!
//! Nothing here computes on tensors. What was not measured is null; a number that is none is null
//! too, and the column `not_finite` of its row says so.

mod dense_activations;
mod dense_batches;
mod dense_gradients;
mod dense_openness;
mod episode;
mod epochs;
mod field;
mod gates;
mod matrix;
mod policy;
mod predictions;
mod schema;
mod slots;
mod windows;

#[cfg(test)]
mod tests;

pub(crate) use dense_activations::{ACTIVATIONS, ActivationRow};
pub(crate) use dense_batches::{BATCHES, BatchRow};
pub(crate) use dense_gradients::{BucketRow, GRADIENTS};
pub(crate) use dense_openness::{OPENNESS, OpennessRow};
pub(crate) use episode::{Baseline, Episode};
pub(crate) use epochs::{EPOCHS, EpochRow};
pub(crate) use gates::{GATES, GateRow};
pub(crate) use matrix::{MATRIX, MatrixRow};
pub(crate) use policy::{POLICY, PolicyRow};
pub(crate) use predictions::{BOUNDARY, BoundaryRow, PREDICTIONS, PredictionRow};
pub(crate) use schema::Schema;
pub(crate) use slots::{SLOTS, SlotRow};
pub(crate) use windows::{WINDOWS, WindowRow};

use field::{Cell, Field};
