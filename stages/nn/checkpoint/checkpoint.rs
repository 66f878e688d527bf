use serde::{Deserialize, Serialize};

use crate::checkpoint::State;
use crate::error::NnError;

/// A run at the end of an epoch, with everything that decides how it goes on: weights, moments,
/// places of the random generators, lives of the seeds, what the controller knows. A run that goes on
/// from it makes the same bits as one that was never stopped.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    pub(crate) state: State,
}

/// Other layouts are refused.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct File<T> {
    format: u32,
    state: T,
}

impl Checkpoint {
    /// The epoch that was over.
    pub fn epoch(&self) -> usize {
        self.state.epoch
    }

    /// As bytes; equal ones for equal checkpoints.
    ///
    /// # Errors
    /// [`NnError::Checkpoint`], which nothing that a run can hold leads to.
    pub fn to_bytes(&self) -> Result<Vec<u8>, NnError> {
        let (format, state) = (FORMAT, &self.state);
        let bytes = rmp_serde::to_vec_named(&File { format, state });
        bytes.map_err(|error| NnError::Checkpoint(error.to_string()))
    }

    /// From the bytes of [`Checkpoint::to_bytes`].
    ///
    /// # Errors
    /// [`NnError::Checkpoint`]: they are of another format, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NnError> {
        let file: File<State> =
            rmp_serde::from_slice(bytes).map_err(|error| NnError::Checkpoint(error.to_string()))?;
        if file.format != FORMAT {
            return Err(NnError::Checkpoint(format!("it is not of format {FORMAT}")));
        }
        Ok(Self { state: file.state })
    }
}
