//! Epochs that are looked at closely: why ([`Trigger`]), until when ([`Watch`]), and what is then
//! seen ([`DenseEpoch`]). None of it changes what a run computes, and it draws no number.

mod dense_params;
mod measure;
mod trace;
mod trigger;
mod watch;

pub use dense_params::DenseParams;
#[cfg(test)]
pub(crate) use measure::share_through;
pub(crate) use measure::{activations, gradients, leakage, openness};
pub use trace::{Activations, DenseBatch, DenseEpoch, GradientSpread, Openness};
pub use trigger::Trigger;
pub(crate) use watch::Watch;
