//! Projects of DVC: their lock, pointer files, digests and configuration, for `kaslite import-dvc`.
//!
//! | file | what it holds |
//! |---|---|
//! | `lock.rs` | [`DvcLock`]: `dvc.lock`; [`DvcPath`]: a path as DVC remembers it |
//! | `pointer.rs` | [`Pointer`]: a `.dvc` file of `dvc add`, `import`, `import-url` |
//! | `verdict.rs` | [`verdict`]: whether a stage is fresh for DVC |
//! | `config.rs` | [`DvcConfig`]: `.dvc/config` |

mod config;
mod lock;
mod pointer;
mod verdict;

pub(crate) use config::DvcConfig;
pub(crate) use lock::{DvcLock, DvcPath, DvcStage};
pub(crate) use pointer::Pointer;
pub(crate) use verdict::{Verdict, verdict};
