//! Memos: what was worked out before, kept in `.kaslite`, dropped where it does not fit.
//!
//! A memo is a key (what it was worked out from), a digest of its body and the body. A damaged memo is
//! no memo, and a memo that cannot be written costs time later, nothing else.

mod body_writer;
mod parts;
mod whole;

pub(crate) use parts::{Parts, PartsWriter};
pub(crate) use whole::{load, store, store_short};
