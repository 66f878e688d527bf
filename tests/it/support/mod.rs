//! What every test needs: [`Space`], a project that nothing of this machine leaks into; [`Ran`], how a
//! command ended; [`redact`], for snapshots; the two programs.

mod programs;
mod ran;
mod redact;
mod running;
mod screen;
mod space;

pub(crate) use programs::{has_git, kaslite, kaslite_torch};
pub(crate) use ran::Ran;
pub(crate) use redact::redact;
pub(crate) use running::{Running, commands, wait_until};
pub(crate) use screen::Screen;
pub(crate) use space::Space;
