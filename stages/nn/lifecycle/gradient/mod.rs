//! What gradients say of a seed: whether they are sound ([`GradientHealth`]), and how much it
//! learns beside the host ([`gradient_ratio`]).

mod gradient_health;
mod gradient_ratio;

pub use gradient_health::GradientHealth;
pub use gradient_ratio::gradient_ratio;
