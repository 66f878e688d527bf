use crate::lifecycle::{GateRecord, Passage};

/// A seed was to go on: what the gate found, and the passage if it opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Advance {
    /// The gate before the next stage.
    pub gate: GateRecord,
    /// Where the slot went; none where the gate stayed shut.
    pub passage: Option<Passage>,
}
