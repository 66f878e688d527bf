use crate::controller::{Decision, Observation};

/// Decides, once an epoch, what is done about the seeds.
pub trait Controller {
    /// Takes in an epoch; what to do at its end.
    fn decide(&mut self, observation: Observation) -> Decision;
}
