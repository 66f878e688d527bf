//! [`Cancel`]: the wish to stop, seen by all threads.

use std::io::{PipeReader, PipeWriter};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How badly it should stop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wish {
    /// Not at all.
    #[default]
    GoOn,
    /// It is asked to, and takes the time it needs (Ctrl-C).
    End,
    /// Its time is over (`timeout`): it has a moment left.
    EndSoon,
    /// At once (Ctrl-C again).
    EndNow,
}

#[derive(Debug)]
struct Shared {
    wish: Mutex<Wish>,
    changed: Condvar,
    /// Its writer is dropped when it is time to stop.
    pipe: Option<(PipeReader, Mutex<Option<PipeWriter>>)>,
}

impl Default for Shared {
    fn default() -> Self {
        let pipe = std::io::pipe().ok();
        Self {
            wish: Mutex::default(),
            changed: Condvar::default(),
            pipe: pipe.map(|(reader, writer)| (reader, Mutex::new(Some(writer)))),
        }
    }
}

/// Set by Ctrl-C; stages look at it between steps.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<Shared>);

impl Cancel {
    /// Asks everything to stop; the second time, at once.
    pub fn cancel(&self) {
        self.raise(match self.wish() {
            Wish::GoOn => Wish::End,
            Wish::End | Wish::EndSoon | Wish::EndNow => Wish::EndNow,
        });
    }

    /// Asks it no less badly than this.
    pub(crate) fn raise(&self, wish: Wish) {
        let mut own = self.lock();
        *own = wish.max(*own);
        drop(own);
        self.0.changed.notify_all();
        if let Some((_, writer)) = &self.0.pipe {
            *writer.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }

    /// Whether to stop.
    pub fn is_cancelled(&self) -> bool {
        self.wish() > Wish::GoOn
    }

    pub(crate) fn wish(&self) -> Wish {
        *self.lock()
    }

    /// Waits until it is time to stop, or as long as given; whether it is time.
    pub fn wait(&self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        self.wait_beyond(Wish::GoOn, Some(until), || false) > Wish::GoOn
    }

    /// Wakes whoever waits, so that it can look whether what it waited beside has ended.
    pub(crate) fn wake(&self) {
        // Whoever has looked in vain must be waiting before it is woken: both happen under the lock.
        drop(self.lock());
        self.0.changed.notify_all();
    }

    /// Waits until the wish is greater than this, `done` is true, or it is `until`; the wish then.
    pub(crate) fn wait_beyond(
        &self,
        seen: Wish,
        until: Option<Instant>,
        done: impl Fn() -> bool,
    ) -> Wish {
        let waiting = |wish: &mut Wish| *wish <= seen && !done();
        let (own, changed) = (self.lock(), &self.0.changed);
        let Some(until) = until else {
            let waited = changed.wait_while(own, waiting);
            return *waited.unwrap_or_else(PoisonError::into_inner);
        };
        let patience = until.saturating_duration_since(Instant::now());
        let waited = changed.wait_timeout_while(own, patience, waiting);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// A pipe that ends when it is time to stop, for those who wait for other pipes; `None` where the
    /// system has none to give.
    pub(crate) fn pipe(&self) -> Option<BorrowedFd<'_>> {
        let (reader, _) = self.0.pipe.as_ref()?;
        Some(reader.as_fd())
    }

    fn lock(&self) -> MutexGuard<'_, Wish> {
        self.0.wish.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
