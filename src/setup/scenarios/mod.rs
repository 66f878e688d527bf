//! The set-up as a whole, on machines that the tests make up.
//!
//! | module | holds |
//! |---|---|
//! | [`chosen`] | which of several libtorches is taken |
//! | [`fetched`] | set-ups that fetch |
//! | [`lacking`] | machines that lack a tool, a network or a home |
//! | [`mended`] | downloads that were cut off or damaged |
//! | [`expect`] | what the scenarios assert in common |

mod chosen;
mod expect;
mod fetched;
mod lacking;
mod mended;
