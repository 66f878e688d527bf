use thiserror::Error;

use crate::lifecycle::{IllegalPassage, NotHolding};

/// What a slot refuses to do.
#[derive(Debug, Clone, Copy, Error, PartialEq, Eq)]
pub enum SlotError {
    /// The life of a seed knows no such passage.
    #[error(transparent)]
    Passage(#[from] IllegalPassage),
    /// Alpha is on its way elsewhere.
    #[error(transparent)]
    Alpha(#[from] NotHolding),
}
