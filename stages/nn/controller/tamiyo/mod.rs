//! The heuristic [`Tamiyo`]: what it goes by ([`TamiyoParams`]), what it makes of the losses
//! (`signals`), which blueprint it takes (`blueprints`).

mod blueprints;
mod params;
mod signals;
#[expect(
    clippy::module_inception,
    reason = "the file is named after its main type"
)]
mod tamiyo;

pub use params::TamiyoParams;
pub use tamiyo::Tamiyo;

use blueprints::Blueprints;
use signals::Signals;

#[cfg(test)]
mod tests;
