//! [`TroubleView`]: what went wrong while a network trained.

use serde::Serialize;

/// What went wrong while a network trained.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TroubleView {
    /// The first signs, in order; at least one.
    pub signs: Vec<SignView>,
    /// How many there are.
    pub total: usize,
    /// The path of the dense trace.
    pub trace: String,
    /// The path of the table of its windows.
    pub windows: String,
}

/// A sign that something went wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SignView {
    /// The epoch, counted from 1.
    pub epoch: u32,
    /// The trigger that fired.
    pub trigger: String,
    /// What it found, as a fragment.
    pub what: String,
}
