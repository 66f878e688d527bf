//! A trained network as a value: [`Model`] evaluates rows with chosen seeds switched off, and goes
//! to a file and back. A [`Configuration`] says which seeds are on.

mod answers;
mod configuration;
mod evaluation;
mod grown_seed;
mod header;
mod load;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod model;
mod prediction;
mod reading;
mod save;
mod tensors;

pub use answers::Answers;
pub use configuration::Configuration;
pub use evaluation::Evaluation;
pub(crate) use evaluation::{correct_rows, right_rows, row_losses};
pub use grown_seed::GrownSeed;
pub(crate) use header::Provenance;
pub use model::Model;
pub use prediction::Prediction;
pub use reading::Reading;
