use crate::checkpoint::Checkpoint;
use crate::error::NnError;

/// Whoever keeps a run, so that it can be gone on with after it was stopped.
pub trait Keeper {
    /// `epoch` is over; `state` gives what the run can be gone on with from there. Says whether to go
    /// on now.
    ///
    /// # Errors
    /// [`NnError::Keep`] where it cannot be kept; it ends the run.
    fn epoch_over(
        &mut self,
        epoch: usize,
        state: &dyn Fn() -> Result<Checkpoint, NnError>,
    ) -> Result<Next, NnError>;
}

/// What follows an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The next one.
    Epoch,
    /// Nothing: the run is stopped.
    Stop,
}

/// Keeps nothing.
impl Keeper for () {
    fn epoch_over(
        &mut self,
        _epoch: usize,
        _state: &dyn Fn() -> Result<Checkpoint, NnError>,
    ) -> Result<Next, NnError> {
        Ok(Next::Epoch)
    }
}
