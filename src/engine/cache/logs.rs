//! [`LogLine`]: what a stage said, kept with what it made.

use crate::event::Stream;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Bytes kept of the beginning of a log, and as many of its end.
const HALF: usize = 128 << 10;

/// One line of a stage's output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// Where it came from.
    pub stream: Stream,
    /// Without its line end.
    pub line: String,
}

/// The beginning and the end of a log that may be of any length.
#[derive(Debug, Default)]
pub(crate) struct CappedLog {
    head: Vec<LogLine>,
    head_bytes: usize,
    tail: VecDeque<LogLine>,
    tail_bytes: usize,
    left_out: usize,
}

impl CappedLog {
    pub(crate) fn push(&mut self, stream: Stream, line: &str) {
        let line = LogLine {
            stream,
            line: cut(line).to_owned(),
        };
        let bytes = line.line.len() + 1;
        if self.tail.is_empty() && self.head_bytes + bytes <= HALF {
            self.head_bytes += bytes;
            self.head.push(line);
            return;
        }
        self.tail_bytes += bytes;
        self.tail.push_back(line);
        while self.tail_bytes > HALF + 1 {
            let Some(first) = self.tail.pop_front() else {
                break;
            };
            self.tail_bytes -= first.line.len() + 1;
            self.left_out += 1;
        }
    }

    /// The lines, with one that says how many were left out.
    pub(crate) fn lines(self) -> Vec<LogLine> {
        let mut lines = self.head;
        if self.left_out > 0 {
            lines.push(LogLine {
                stream: Stream::Stage,
                line: format!("… {} lines left out …", self.left_out),
            });
        }
        lines.extend(self.tail);
        lines
    }
}

/// The beginning of a line, no longer than half of a log.
fn cut(line: &str) -> &str {
    let end = (0..=HALF.min(line.len())).rfind(|end| line.is_char_boundary(*end));
    &line[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_log_the_beginning_and_the_end_are_kept() {
        let mut log = CappedLog::default();
        for number in 0..100_000 {
            log.push(Stream::Stdout, &format!("line {number}"));
        }
        let lines = log.lines();
        let bytes: usize = lines.iter().map(|line| line.line.len() + 1).sum();
        assert!(bytes < 2 * HALF + 100, "{bytes}");
        assert_eq!(lines[0].line, "line 0");
        assert_eq!(lines[lines.len() - 1].line, "line 99999");
        let gaps: Vec<&LogLine> = lines
            .iter()
            .filter(|line| line.stream == Stream::Stage)
            .collect();
        assert_eq!(gaps.len(), 1);
        let left_out = 100_000 - (lines.len() - 1);
        assert_eq!(gaps[0].line, format!("… {left_out} lines left out …"));
    }

    #[test]
    fn a_line_without_end_is_cut_between_characters() {
        let mut log = CappedLog::default();
        log.push(Stream::Stdout, &"é".repeat(HALF));
        log.push(Stream::Stdout, "the end");
        let lines = log.lines();
        assert_eq!(lines[lines.len() - 1].line, "the end");
        assert!(lines.iter().all(|line| line.line.len() <= HALF));
    }
}
