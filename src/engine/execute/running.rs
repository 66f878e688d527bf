//! [`Running`]: a command from its start to its end, watched by the thread that started it.

use crate::cancel::Cancel;
use crate::execute::family::Family;
use crate::execute::output::{Emit, Output};
use rustix::process::Signal;
use std::io;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

/// How long a command may take to end before it is asked less politely.
const GRACE: Duration = Duration::from_secs(3);
/// The ways to ask.
const SIGNALS: &[Signal] = &[Signal::INT, Signal::TERM, Signal::KILL];
/// The longest pause between two looks at a command that says nothing more and has not ended.
const PAUSE: Duration = Duration::from_millis(10);

/// A command that runs.
pub(super) struct Running<'a> {
    child: Child,
    cancel: &'a Cancel,
    /// Who gets signals, once it is time to stop.
    family: Option<Family>,
    /// The signals it has not got yet.
    signals: &'static [Signal],
    /// When it gets the next one.
    next: Instant,
}

impl<'a> Running<'a> {
    pub(super) fn new(child: Child, cancel: &'a Cancel) -> Self {
        Self {
            child,
            cancel,
            family: None,
            signals: SIGNALS,
            next: Instant::now(),
        }
    }

    /// Passes on what it prints, and the wish to stop, until it ends.
    pub(super) fn follow(mut self, emit: Emit<'_>) -> io::Result<ExitStatus> {
        let mut output = Output::of(&mut self.child);
        while !output.has_ended() {
            let untouched = self.signals.len() == SIGNALS.len();
            let wake = untouched.then(|| self.cancel.pipe()).flatten();
            let patience = match wake {
                Some(_) => None,
                None if untouched => Some(PAUSE),
                None if self.signals.is_empty() => None,
                None => Some(self.next.saturating_duration_since(Instant::now())),
            };
            output.wait(wake, patience, emit);
            self.end_if_cancelled();
        }
        // It ends as it closes its output, or soon after; or it goes on without a word.
        let mut pause = Duration::from_micros(50);
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(PAUSE);
            self.end_if_cancelled();
        }
    }

    /// Passes the wish to stop on to the command and all it started, ever less politely.
    fn end_if_cancelled(&mut self) {
        if Instant::now() < self.next || !self.cancel.is_cancelled() {
            return;
        }
        if let Some((&signal, later)) = self.signals.split_first() {
            let family = self
                .family
                .get_or_insert_with(|| Family::of(self.child.id()));
            family.signal(signal);
            self.signals = later;
            self.next = Instant::now() + GRACE;
        }
    }
}
