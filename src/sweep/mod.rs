//! Search spaces: which trials a sweep makes.

mod grid;

pub use grid::{Grid, GridError};
