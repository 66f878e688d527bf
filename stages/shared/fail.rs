use std::error::Error;

use kaslite_engine::registry::StageError;

/// An error with its causes as the reason why the stage failed; for `map_err`.
pub(crate) fn fail(error: impl Error) -> StageError {
    StageError::from_error(&error)
}
