//! [`Said`]: something that a run says.

use anstream::adapter::strip_str;

use crate::record::component::{Component, Components};

/// How grave it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Level {
    Info,
    Warning,
    Error,
}

impl Level {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        }
    }
}

/// Something that a run says.
#[derive(Debug)]
pub(super) struct Said<'a> {
    pub(super) level: Level,
    pub(super) stage: Option<&'a str>,
    pub(super) text: String,
}

impl Said<'_> {
    /// How every optional part went: what is missing is looked for in the log.
    pub(super) fn of_components(components: &Components) -> impl Iterator<Item = Said<'static>> {
        components.iter().map(|(name, component)| {
            let (level, text) = match component {
                Component::Success { .. } => (Level::Info, "success".to_owned()),
                Component::Disabled { reason, to_enable } => (
                    Level::Info,
                    format!("disabled: {reason}; to enable: {to_enable}"),
                ),
                Component::Failed { reason } => (Level::Error, format!("failed: {reason}")),
            };
            Said {
                level,
                stage: None,
                text: format!("component {name}: {text}"),
            }
        })
    }

    /// Its lines. What a stage prints must not steer a terminal that shows them.
    pub(super) fn lines(&self) -> Vec<String> {
        let text = strip_str(&self.text).to_string();
        text.lines().map(str::to_owned).collect()
    }

    /// Says it to whoever subscribed to `tracing`, a line an event.
    pub(super) fn trace(&self) {
        let stage = self.stage;
        for line in self.lines() {
            match self.level {
                Level::Info => tracing::info!(target: "kaslite::run", stage, "{line}"),
                Level::Warning => tracing::warn!(target: "kaslite::run", stage, "{line}"),
                Level::Error => tracing::error!(target: "kaslite::run", stage, "{line}"),
            }
        }
    }
}
