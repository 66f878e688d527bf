//! [`Running`]: a command from its start to its end, watched by the thread that started it.

use crate::cancel::{Cancel, Wish};
use crate::execute::family::Family;
use crate::execute::output::{Emit, Output};
use rustix::process::Signal;
use std::io;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

/// How long a command may take to end when its time is over.
const GRACE: Duration = Duration::from_secs(3);
/// How long a command that was asked to end may take before people are told of it.
const TELL: Duration = Duration::from_secs(1);
/// How often a command that was asked to end is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// The longest pause between two looks at a command that says nothing more and has not ended.
const PAUSE: Duration = Duration::from_millis(10);

/// A command that runs.
pub(super) struct Running<'a> {
    child: Child,
    cancel: &'a Cancel,
    family: Family<'a>,
    /// The last wish that was passed on.
    passed_on: Wish,
    /// When people are told that it was asked to end, and has not.
    tell: Option<Instant>,
    /// When its last moment is over.
    last: Option<Instant>,
}

impl<'a> Running<'a> {
    pub(super) fn new(child: Child, family: Family<'a>, cancel: &'a Cancel) -> Self {
        Self {
            child,
            cancel,
            family,
            passed_on: Wish::GoOn,
            tell: None,
            last: None,
        }
    }

    /// Passes on what it prints, and the wish to stop, until it ends; `slow` is called where that takes
    /// a while.
    pub(super) fn follow(mut self, emit: Emit<'_>, slow: &dyn Fn()) -> io::Result<ExitStatus> {
        let mut output = Output::of(&mut self.child);
        while !output.has_ended() {
            let untouched = self.passed_on == Wish::GoOn;
            let wake = untouched.then(|| self.cancel.pipe()).flatten();
            let patience = match wake {
                Some(_) => None,
                None if untouched => Some(PAUSE),
                None => Some(LOOK),
            };
            output.wait(wake, patience, emit);
            self.pass_on(slow);
        }
        // It ends as it closes its output, or soon after; or it goes on without a word.
        let mut pause = Duration::from_micros(50);
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(PAUSE);
            self.pass_on(slow);
        }
    }

    /// Passes the wish to stop on to the command and all it started. Who is asked by the user may take
    /// the time it needs; who took too long already has a moment.
    fn pass_on(&mut self, slow: &dyn Fn()) {
        let is_past = |time: Option<Instant>| time.is_some_and(|time| time <= Instant::now());
        let mut wish = self.cancel.wish();
        if self.passed_on == Wish::End && self.family.leader_has_ended() {
            // What it left in the background ignores Ctrl-C.
            wish = wish.max(Wish::EndSoon);
        }
        if is_past(self.last) {
            wish = Wish::EndNow;
        }
        if self.passed_on == Wish::End && is_past(self.tell) {
            self.tell = None;
            slow();
        }
        if wish <= self.passed_on {
            return;
        }
        self.passed_on = wish;
        match wish {
            Wish::GoOn => {}
            Wish::End => {
                self.tell = Some(Instant::now() + TELL);
                self.family.signal(Signal::INT);
            }
            Wish::EndSoon => {
                self.last = Some(Instant::now() + GRACE);
                self.family.signal(Signal::TERM);
            }
            Wish::EndNow => self.family.kill(),
        }
    }
}
