//! [`Ran`]: how a command ended.

use crate::support::redact;
use std::path::PathBuf;
use std::process::Output;

/// How a command ended, and what it said.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code; `None` where a signal ended it.
    pub(crate) code: Option<i32>,
    /// What it printed as data.
    pub(crate) stdout: String,
    /// What it said to people.
    pub(crate) stderr: String,
    root: PathBuf,
}

impl Ran {
    pub(crate) fn new(output: Output, root: PathBuf) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
            root,
        }
    }

    /// Demands exit code 0.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        self.exits(0)
    }

    /// Demands this exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.text());
        self
    }

    /// Demands that the message for people holds this.
    #[track_caller]
    pub(crate) fn says(self, part: &str) -> Self {
        assert!(
            self.stderr.contains(part),
            "no `{part}` in:\n{}",
            self.text()
        );
        self
    }

    /// Demands that the message for people does not hold this.
    #[track_caller]
    pub(crate) fn never_says(self, part: &str) -> Self {
        assert!(!self.stderr.contains(part), "`{part}` in:\n{}", self.text());
        self
    }

    /// Demands that the data holds this.
    #[track_caller]
    pub(crate) fn prints(self, part: &str) -> Self {
        assert!(
            self.stdout.contains(part),
            "no `{part}` in:\n{}",
            self.text()
        );
        self
    }

    /// Stdout as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Stdout as one JSON value a line.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        let parse = |line| serde_json::from_str(line);
        let lines: Result<Vec<_>, _> = self.stdout.lines().map(parse).collect();
        lines.unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Exit code, stdout and stderr, what differs between two runs taken out: for snapshots.
    pub(crate) fn text(&self) -> String {
        let mut text = match self.code {
            Some(code) => format!("exit code {code}\n"),
            None => "killed by a signal\n".to_owned(),
        };
        for (name, part) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !part.is_empty() {
                text.extend(["--- ", name, "\n", part]);
            }
        }
        redact(&text, &self.root)
    }
}
