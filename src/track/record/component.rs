//! [`Component`]: an optional part of a run, and how it went.

use kaslite_engine::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An optional part of a run, and how it went: nothing is missing without a word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum Component {
    /// It is there.
    Success {
        /// What it came to.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        data: BTreeMap<String, Value>,
    },
    /// It was not asked for.
    Disabled {
        /// Why it is missing.
        reason: String,
        /// What to do to have it.
        to_enable: String,
    },
    /// It was asked for, and is not there.
    Failed {
        /// What went wrong.
        reason: String,
    },
}

/// Name → how it went.
pub type Components = BTreeMap<String, Component>;

impl Component {
    /// How it went, in a word.
    pub fn status(&self) -> &'static str {
        match self {
            Self::Success { .. } => "success",
            Self::Disabled { .. } => "disabled",
            Self::Failed { .. } => "failed",
        }
    }

    /// Why it is missing; `None` where it is there.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Success { .. } => None,
            Self::Disabled { reason, .. } | Self::Failed { reason } => Some(reason),
        }
    }

    /// What to do to have it.
    pub fn to_enable(&self) -> Option<&str> {
        match self {
            Self::Disabled { to_enable, .. } => Some(to_enable),
            Self::Success { .. } | Self::Failed { .. } => None,
        }
    }
}
