//! [`Cancel`]: the wish to stop, seen by all threads.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Debug, Default)]
struct Shared {
    cancelled: Mutex<bool>,
    changed: Condvar,
}

/// Set once (Ctrl-C); stages look at it between steps.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<Shared>);

impl Cancel {
    /// Asks everything to stop.
    pub fn cancel(&self) {
        *self.lock() = true;
        self.0.changed.notify_all();
    }

    /// Whether to stop.
    pub fn is_cancelled(&self) -> bool {
        *self.lock()
    }

    /// Waits until it is time to stop, or as long as given; whether it is time.
    pub fn wait(&self, patience: Duration) -> bool {
        let waited = self
            .0
            .changed
            .wait_timeout_while(self.lock(), patience, |cancelled| !*cancelled);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Wakes whoever waits, so that it can look whether what it waited beside has ended.
    pub(crate) fn wake(&self) {
        // Whoever has looked in vain must be waiting before it is woken: both happen under the lock.
        drop(self.lock());
        self.0.changed.notify_all();
    }

    /// Waits until it is time to stop or `done` is true; whether it is time.
    pub(crate) fn wait_beside(&self, done: impl Fn() -> bool) -> bool {
        let waiting = |cancelled: &mut bool| !*cancelled && !done();
        let waited = self.0.changed.wait_while(self.lock(), waiting);
        *waited.unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.0
            .cancelled
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
