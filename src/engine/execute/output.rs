//! [`Output`]: what a command prints, read line by line while it runs.

use crate::event::Stream;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::{self, Read};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};
use std::process::{Child, ChildStderr, ChildStdout};
use std::time::Duration;

/// Bytes of a line that are held before they are passed on, so that output without an end fits.
const LONGEST_LINE: usize = 64 << 10;

/// Both streams of a command.
pub(super) struct Output {
    stdout: Lines<ChildStdout>,
    stderr: Lines<ChildStderr>,
}

struct Lines<P> {
    /// `None` once it has ended.
    pipe: Option<P>,
    stream: Stream,
    line: Vec<u8>,
}

/// Takes each line.
pub(super) type Emit<'a> = &'a mut dyn FnMut(Stream, String);

impl Output {
    /// Takes the streams of a command that was just started.
    pub(super) fn of(child: &mut Child) -> Self {
        Self {
            stdout: Lines::new(child.stdout.take(), Stream::Stdout),
            stderr: Lines::new(child.stderr.take(), Stream::Stderr),
        }
    }

    /// Whether both have ended.
    pub(super) fn has_ended(&self) -> bool {
        self.stdout.pipe.is_none() && self.stderr.pipe.is_none()
    }

    /// Waits until something is printed or `wake` can be read, at most so long. Every line that is
    /// whole by then is passed on.
    pub(super) fn wait(
        &mut self,
        wake: Option<BorrowedFd<'_>>,
        patience: Option<Duration>,
        emit: Emit<'_>,
    ) {
        let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
        let ready: Vec<RawFd> = {
            let fds = [self.stdout.fd(), self.stderr.fd(), wake];
            let polled = |fd| PollFd::from_borrowed_fd(fd, PollFlags::IN);
            let mut polled: Vec<PollFd<'_>> = fds.into_iter().flatten().map(polled).collect();
            // Interrupted: whoever waits looks around and waits again.
            if poll(&mut polled, patience.as_ref()).is_err() {
                return;
            }
            let ready = polled.iter().filter(|fd| !fd.revents().is_empty());
            ready.map(|fd| fd.as_fd().as_raw_fd()).collect()
        };
        self.stdout.read(&ready, emit);
        self.stderr.read(&ready, emit);
    }
}

impl<P: Read + AsFd> Lines<P> {
    fn new(pipe: Option<P>, stream: Stream) -> Self {
        Self {
            pipe,
            stream,
            line: Vec::new(),
        }
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.pipe.as_ref().map(AsFd::as_fd)
    }

    /// Reads what is there, where something is.
    fn read(&mut self, ready: &[RawFd], emit: Emit<'_>) {
        let Some(pipe) = self.pipe.as_mut() else {
            return;
        };
        if !ready.contains(&pipe.as_fd().as_raw_fd()) {
            return;
        }
        let mut bytes = [0; 8 << 10];
        match pipe.read(&mut bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(count @ 1..) => self.take(&bytes[..count], emit),
            Ok(0) | Err(_) => {
                self.pipe = None;
                self.flush(emit);
            }
        }
    }

    /// A carriage return (a progress bar's) ends a line too.
    fn take(&mut self, bytes: &[u8], emit: Emit<'_>) {
        for &byte in bytes {
            if matches!(byte, b'\n' | b'\r') {
                self.flush(emit);
                continue;
            }
            self.line.push(byte);
            if self.line.len() >= LONGEST_LINE {
                self.flush(emit);
            }
        }
    }

    fn flush(&mut self, emit: Emit<'_>) {
        if !self.line.is_empty() {
            emit(
                self.stream,
                String::from_utf8_lossy(&self.line).into_owned(),
            );
            self.line.clear();
        }
    }
}
