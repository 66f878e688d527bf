//! The stage as users run it, and its numbers by hand.

mod numbers;
mod whole;
