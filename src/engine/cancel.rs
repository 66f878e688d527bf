//! [`Cancel`]: the wish to stop, seen by all threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Set once (Ctrl-C); stages look at it between steps.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks everything to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
