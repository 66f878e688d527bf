//! With CUDA or without.

use std::ffi::OsStr;

use crate::failure::Failure;
use crate::recipe::VERSION;

/// Whether the CUDA libraries are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// libtorch for the CPU (on macOS with Metal, which the wheel always has).
    Cpu,
    /// With the CUDA libraries of the wheel and of the wheels that it requires.
    Cuda,
}

impl Flavour {
    /// Reads `KASLITE_TORCH`.
    pub(crate) fn parse(word: &OsStr) -> Result<Self, Failure> {
        match word.to_str() {
            Some("cpu") => Ok(Self::Cpu),
            Some("cuda") => Ok(Self::Cuda),
            _ => Err(
                Failure::new(format!("`KASLITE_TORCH` is `{}`", word.to_string_lossy()))
                    .hint("it can be `cpu` or `cuda`"),
            ),
        }
    }

    /// Name of the folder in the per-user cache.
    pub(crate) fn folder(self) -> String {
        let suffix = match self {
            Self::Cpu => "cpu",
            Self::Cuda => "cuda",
        };
        format!("libtorch-{VERSION}-{suffix}")
    }
}
