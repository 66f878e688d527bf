use serde::{Deserialize, Serialize};

use crate::controller::{Controller, Decision, HostOnly, Kasmina, Observation, Tamiyo};

/// The controller of a run, with what it knows so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Lead {
    Kasmina(Kasmina),
    Tamiyo(Tamiyo),
    HostOnly(HostOnly),
}

impl Lead {
    /// Whether seeds go their way by themselves once they have germinated.
    pub(crate) fn lets_go(&self) -> bool {
        matches!(self, Self::Kasmina(_))
    }

    /// Whether it judges seeds by what they are worth.
    pub(crate) fn judges(&self) -> bool {
        matches!(self, Self::Tamiyo(_))
    }
}

impl Controller for Lead {
    fn decide(&mut self, observation: Observation) -> Decision {
        match self {
            Self::Kasmina(kasmina) => kasmina.decide(observation),
            Self::Tamiyo(tamiyo) => tamiyo.decide(observation),
            Self::HostOnly(host_only) => host_only.decide(observation),
        }
    }
}
