//! What an undisturbed run makes, made once for all tests.

use crate::training::project::{outs, small};
use std::sync::LazyLock;

/// The outs of one undisturbed run.
pub(super) static UNDISTURBED: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let space = small();
    space.kaslite("repro").ok();
    outs(&space)
});
