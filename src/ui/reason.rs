//! [`Reason`]: a [`StaleReason`] in words.

use crate::ui::terminal::{BAD, GOOD};
use kaslite_engine::stale::StaleReason;
use kaslite_engine::value::Value;
use std::fmt;

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
        write!(f, "{} {}", self.kind, self.subject)?;
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
        StaleReason::Command { old, new } => row(
            "command",
            "cmd",
            change(Some(&old.join(" ; ")), Some(&new.join(" ; "))),
        ),
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
        StaleReason::Param { key, old, new, .. } => {
            let text = |value: &Option<Value>| value.as_ref().map(ToString::to_string);
            row(
                "param",
                key,
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

/// `old → new`.
fn change(old: Option<&str>, new: Option<&str>) -> String {
    format!(
        "{BAD}{}{BAD:#} → {GOOD}{}{GOOD:#}",
        old.unwrap_or("(none)"),
        new.unwrap_or("(none)")
    )
}
