//! [`Reason`]: a [`StaleReason`] in words.

use crate::ui::terminal::{BAD, GOOD};
use kaslite_engine::params::DEFAULT_FILE;
use kaslite_engine::stale::StaleReason;
use kaslite_engine::value::Value;
use similar::ChangeTag;
use std::fmt;

/// Characters of a command that fit beside another one.
const LONG: usize = 60;

/// Three columns: what kind of thing, which one, how it differs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reason {
    pub(crate) kind: &'static str,
    pub(crate) subject: String,
    pub(crate) detail: String,
}

impl fmt::Display for Reason {
    /// On one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !matches!(self.kind, "new" | "always") {
            write!(f, "{} ", self.kind)?;
        }
        f.write_str(&self.subject)?;
        if self.detail.is_empty() {
            Ok(())
        } else {
            write!(f, " {}", self.detail)
        }
    }
}

/// A reason in words.
pub(crate) fn describe(reason: &StaleReason) -> Reason {
    let row = |kind, subject: &str, detail: String| Reason {
        kind,
        subject: subject.to_owned(),
        detail,
    };
    match reason {
        StaleReason::NeverRun => row("new", "it has not run yet", String::new()),
        StaleReason::Forced => row("forced", "by --force", String::new()),
        StaleReason::AlwaysChanged => row("always", "it runs every time", String::new()),
        StaleReason::Command { old, new } => row("command", "cmd", commands(old, new)),
        StaleReason::Uses { old, new } => row(
            "uses",
            "built-in stage",
            change(old.as_deref(), new.as_deref()),
        ),
        StaleReason::Code { files } if files.is_empty() => {
            row("code", "a library", "another version".to_owned())
        }
        StaleReason::Code { files } => row("code", &files.join(", "), "changed".to_owned()),
        StaleReason::Setting { name, old, new } => {
            row("setting", name, change(old.as_deref(), new.as_deref()))
        }
        StaleReason::Param {
            file,
            key,
            old,
            new,
        } => {
            let text = |value: &Option<Value>| value.as_ref().map(ToString::to_string);
            let name = if file == DEFAULT_FILE {
                key.clone()
            } else {
                format!("{file}:{key}")
            };
            row(
                "param",
                &name,
                change(text(old).as_deref(), text(new).as_deref()),
            )
        }
        StaleReason::Dep { path, change } => row("dep", path, change.to_string()),
        StaleReason::Makes { path, change } => {
            row("outs", path, format!("{change} in the pipeline"))
        }
        StaleReason::Out { path, change } => row("out", path, change.to_string()),
        StaleReason::Upstream { stage } => {
            row("waits", stage, "may make something else".to_owned())
        }
    }
}

/// Short commands whole; of long ones that they changed, `why` has the lines.
fn commands(old: &[String], new: &[String]) -> String {
    let (old, new) = (old.join(" ; "), new.join(" ; "));
    if is_long(&old) || is_long(&new) {
        "changed".to_owned()
    } else {
        change(Some(&old), Some(&new))
    }
}

fn is_long(command: &str) -> bool {
    command.trim_end().contains('\n') || command.chars().count() > LONG
}

/// The lines that two lists of commands do not share, `-` and `+` before them; nothing where they are
/// short enough to be shown whole.
pub(crate) fn command_lines(old: &[String], new: &[String]) -> Vec<String> {
    if ![old, new].iter().any(|side| is_long(&side.join(" ; "))) {
        return Vec::new();
    }
    let (old, new) = (text(old), text(new));
    let diff = similar::TextDiff::from_lines(&old, &new);
    let changed = diff.iter_all_changes();
    changed
        .filter_map(|change| {
            let line = change.value().trim_end();
            match change.tag() {
                ChangeTag::Equal => None,
                ChangeTag::Delete => Some(format!("{BAD}- {line}{BAD:#}")),
                ChangeTag::Insert => Some(format!("{GOOD}+ {line}{GOOD:#}")),
            }
        })
        .collect()
}

fn text(commands: &[String]) -> String {
    let commands: Vec<&str> = commands.iter().map(|command| command.trim_end()).collect();
    commands.join("\n") + "\n"
}

/// `old → new`.
fn change(old: Option<&str>, new: Option<&str>) -> String {
    format!(
        "{BAD}{}{BAD:#} → {GOOD}{}{GOOD:#}",
        old.unwrap_or("(none)"),
        new.unwrap_or("(none)")
    )
}
