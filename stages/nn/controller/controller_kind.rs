use serde::{Deserialize, Serialize};

/// The controllers, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControllerKind {
    /// [`Kasmina`](crate::Kasmina): it germinates; seeds go their way by themselves.
    #[default]
    Kasmina,
    /// [`Tamiyo`](crate::Tamiyo): it leads every seed.
    Tamiyo,
    /// [`HostOnly`](crate::HostOnly): nothing grows.
    None,
}
