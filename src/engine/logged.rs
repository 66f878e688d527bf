//! [`Logged`]: a sink that also keeps what the stage prints.

use crate::cache::{CappedLog, LogLine};
use crate::event::{Event, EventSink};
use std::sync::{Mutex, PoisonError};

/// Passes every event on and keeps the log lines.
pub(crate) struct Logged<'a> {
    inner: &'a dyn EventSink,
    log: Mutex<CappedLog>,
}

impl<'a> Logged<'a> {
    pub(crate) fn new(inner: &'a dyn EventSink) -> Self {
        Self {
            inner,
            log: Mutex::default(),
        }
    }

    pub(crate) fn lines(self) -> Vec<LogLine> {
        let log = self.log.into_inner();
        log.unwrap_or_else(PoisonError::into_inner).lines()
    }
}

impl EventSink for Logged<'_> {
    fn emit(&self, event: &Event) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if let Event::Log { stream, line, .. } = event {
            log.push(*stream, line);
        } else if matches!(event, Event::AttemptFailed { .. }) {
            // What a later attempt makes is not what this one spoke of.
            *log = CappedLog::default();
        }
        drop(log);
        self.inner.emit(event);
    }
}
