//! [`Platform`]: the machine that a run ran on.

use serde::{Deserialize, Serialize};
use std::thread::available_parallelism;

/// The machine that a run ran on: what may make a difference to the last bit of a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Platform {
    /// `linux`, `macos`, …
    pub os: String,
    /// `x86_64`, `aarch64`, …
    pub arch: String,
    /// The processor's name; `None` where it is not known.
    pub cpu: Option<String>,
    /// Cores that could be used.
    pub cores: Option<usize>,
}

impl Platform {
    /// The one that this program runs on.
    pub fn here() -> Self {
        Self {
            os: std::env::consts::OS.to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
            cpu: cpu(),
            cores: available_parallelism().ok().map(usize::from),
        }
    }
}

/// As Linux tells it.
fn cpu() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
