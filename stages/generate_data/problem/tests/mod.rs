//! The problems against the Python original: recorded sets, edges of the arguments, refusals.

mod edges;
mod golden;
mod refusals;
