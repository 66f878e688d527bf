//! The attempts of a stage: `retries` and `timeout`.

use crate::cancel::{Cancel, Wish};
use crate::error::EngineError;
use crate::event::{Event, EventSink};
use crate::registry::StageError;
use crate::run_stage::StageRun;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

type Tried = Result<Result<(), StageError>, EngineError>;

impl StageRun<'_> {
    /// Tries until it succeeds, is cancelled, or was tried often enough. Each attempt that failed is an
    /// event of its own.
    pub(crate) fn attempts(
        &self,
        sink: &dyn EventSink,
        mut once: impl FnMut(&Cancel) -> Tried,
    ) -> Tried {
        let all = self.stage.limits.retries.saturating_add(1);
        let mut attempt = 1;
        loop {
            let began = Instant::now();
            let Err(error) = self.in_time(&mut once)? else {
                return Ok(Ok(()));
            };
            if self.cancel.is_cancelled() || all == 1 {
                return Ok(Err(error));
            }
            sink.emit(&Event::AttemptFailed {
                stage: self.stage.name.clone(),
                attempt,
                attempts: all,
                reason: error.to_string(),
                duration: began.elapsed(),
            });
            if attempt == all {
                let failed = format!("attempt {attempt} of {all} failed: {error}");
                return Ok(Err(StageError::new(failed)));
            }
            attempt += 1;
        }
    }

    /// One attempt, which is stopped when it takes too long.
    fn in_time(&self, once: impl FnOnce(&Cancel) -> Tried) -> Tried {
        let Some(limit) = self.stage.limits.timeout else {
            return once(self.cancel);
        };
        let (own, ended) = (Cancel::default(), AtomicBool::new(false));
        let result = std::thread::scope(|scope| {
            scope.spawn(|| self.pass_on(&own, limit, || ended.load(Ordering::SeqCst)));
            let result = once(&own);
            ended.store(true, Ordering::SeqCst);
            self.cancel.wake();
            result
        })?;
        let late = own.is_cancelled() && !self.cancel.is_cancelled();
        if !late {
            return Ok(result);
        }
        let limit = humantime::format_duration(limit);
        let text = format!("it did not end within {limit} (`timeout`)");
        Ok(result.map_err(|_| StageError::new(text)))
    }

    /// Passes the user's wishes on to an attempt, and its own when its time is over.
    fn pass_on(&self, own: &Cancel, limit: Duration, ended: impl Fn() -> bool) {
        let mut until = Instant::now().checked_add(limit);
        let mut seen = Wish::GoOn;
        while !ended() {
            let wish = self.cancel.wait_beyond(seen, until, &ended);
            if wish > seen {
                own.raise(wish);
                seen = wish;
            } else if !ended() {
                own.raise(Wish::EndSoon);
                until = None;
            }
        }
    }
}
