//! [`RunEntry`]: what a stage made from one fingerprint.

use crate::fingerprint::{Content, Fingerprint};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was made from one fingerprint, by its run key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunEntry {
    /// The stage's name when it ran.
    pub stage: String,
    /// From what.
    pub fingerprint: Fingerprint,
    /// Path → content.
    pub outs: BTreeMap<String, Content>,
}
