//! The rows that a network learns from: [`Data`], how it is scaled ([`Scaler`]) and how it is
//! divided between training and validation ([`Split`]).

#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod data;
mod scaler;
mod split;

pub use data::Data;
pub use scaler::Scaler;
pub use split::Split;
