//! Who decides about growth.
//!
//! | file | holds |
//! |---|---|
//! | `controller` | [`Controller`]: an [`Observation`] in, a [`Decision`] out, once an epoch |
//! | `controller_kind` | [`ControllerKind`]: the controllers by name |
//! | `decision` | [`Decision`], [`Action`]: what to do |
//! | `reason` | [`Reason`]: why |
//! | `kasmina` | [`Kasmina`] watches for a plateau and germinates the weakest place |
//! | `tamiyo` | [`Tamiyo`] leads one seed at a time through its whole life |
//! | `lead` | [`Lead`]: the one that a run has |
//! | `host_only` | [`HostOnly`] lets nothing grow |

#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod controller;
mod controller_kind;
mod decision;
mod host_only;
mod kasmina;
mod lead;
mod observation;
mod reason;
mod tamiyo;

pub use controller::Controller;
pub use controller_kind::ControllerKind;
pub use decision::{Action, Decision};
pub use host_only::HostOnly;
pub use kasmina::Kasmina;
pub(crate) use lead::Lead;
pub use observation::{Observation, SlotObservation};
pub use reason::Reason;
pub use tamiyo::{Tamiyo, TamiyoParams};
