//! [`Limits`]: what a stage takes of the machine, and how long and how often it may try. Never part of a
//! fingerprint: it changes when a stage runs, not what it makes.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a stage takes of the machine, and how long and how often it may try.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Cores; 1 where nothing is said.
    pub cpus: Option<u32>,
    /// GPUs.
    pub gpus: u32,
    /// Memory in bytes; 0 where nothing is said.
    pub memory: u64,
    /// How long it is expected to take, until it was measured.
    pub time: Option<Duration>,
    /// The pool it belongs to: at most as many stages of a pool run at once as the pool is deep.
    pub pool: Option<String>,
    /// An attempt that takes longer has failed.
    pub timeout: Option<Duration>,
    /// How often it is tried again after it failed.
    pub retries: u32,
}
