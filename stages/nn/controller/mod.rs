//! Who decides about growth: [`Kasmina`] watches for a plateau and picks a seed.

mod kasmina;
mod observation;

pub use kasmina::Kasmina;
pub use observation::Observation;
