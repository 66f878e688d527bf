//! [`Cancel`]: the wish to stop, seen by all threads.

use std::io::{PipeReader, PipeWriter};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Debug)]
struct Shared {
    cancelled: Mutex<bool>,
    changed: Condvar,
    /// Its writer is dropped when it is time to stop.
    pipe: Option<(PipeReader, Mutex<Option<PipeWriter>>)>,
}

impl Default for Shared {
    fn default() -> Self {
        let pipe = std::io::pipe().ok();
        Self {
            cancelled: Mutex::default(),
            changed: Condvar::default(),
            pipe: pipe.map(|(reader, writer)| (reader, Mutex::new(Some(writer)))),
        }
    }
}

/// Set once (Ctrl-C); stages look at it between steps.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<Shared>);

impl Cancel {
    /// Asks everything to stop.
    pub fn cancel(&self) {
        *self.lock() = true;
        self.0.changed.notify_all();
        if let Some((_, writer)) = &self.0.pipe {
            *writer.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
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

    /// A pipe that ends when it is time to stop, for those who wait for other pipes; `None` where the
    /// system has none to give.
    pub(crate) fn pipe(&self) -> Option<BorrowedFd<'_>> {
        let (reader, _) = self.0.pipe.as_ref()?;
        Some(reader.as_fd())
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.0
            .cancelled
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
