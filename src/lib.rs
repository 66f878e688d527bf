//! What the programs `kaslite` and `kaslite-torch` share: commands, what people see, reports, sweeps.
//!
//! | module | holds |
//! |---|---|
//! | [`cli`] | one file a command: its arguments and what it does |
//! | `dvc` | what DVC writes, read |
//! | [`ui`] | everything a person sees: bars, lines, tables, JSON lines |
//! | [`origins`] | what results were made from, and by which run |
//! | [`pages`] | reports as HTML; reports of runs |
//! | [`report`] | stages' outs → REPORT.md and its figures; the built-in stage `report` |
//! | [`sweep`] | search spaces |
//! | [`unmade`] | stages whose outs are of an earlier run |
//! | [`verdict`] | metrics → what the seeds are worth |
//!
//! Below lie the crates `kaslite-engine` (the runner), `kaslite-track` (records, tables, provenance),
//! `kaslite-stats` (intervals and tests for a few runs) and `kaslite-catalog`
//! (the built-in stages as data); above it `kaslite-stages`, their code.

pub mod cli;
mod dvc;
pub mod origins;
pub mod pages;
pub mod report;
pub mod sweep;
pub mod ui;
pub mod unmade;
pub mod verdict;
