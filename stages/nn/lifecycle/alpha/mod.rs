//! How far a child shows: [`AlphaController`] leads alpha along a [`Curve`].

mod alpha_controller;
mod curve;
mod tempo;

pub use alpha_controller::{AlphaController, AlphaMode, NotHolding};
pub use curve::Curve;
pub use tempo::Tempo;
