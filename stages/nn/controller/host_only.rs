use serde::{Deserialize, Serialize};

use crate::controller::{Action, Controller, Decision, Observation, Reason};

/// Lets nothing grow: the control to which a run with seeds is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostOnly;

impl Controller for HostOnly {
    fn decide(&mut self, observation: Observation) -> Decision {
        Decision {
            observation,
            action: Action::Wait,
            reason: Reason::HostOnly,
            confidence: None,
            plateau: 0,
            stabilized: None,
        }
    }
}
