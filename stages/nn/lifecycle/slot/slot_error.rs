use thiserror::Error;

use crate::lifecycle::{GateRecord, IllegalPassage, NotHolding};

/// What a slot refuses to do.
#[derive(Debug, Error, PartialEq)]
pub enum SlotError {
    /// The life of a seed knows no such passage.
    #[error(transparent)]
    Passage(#[from] IllegalPassage),
    /// Alpha is on its way elsewhere.
    #[error(transparent)]
    Alpha(#[from] NotHolding),
    /// What was to germinate cannot.
    #[error("nothing germinates: {}", .0.reason())]
    Germination(Box<GateRecord>),
}
