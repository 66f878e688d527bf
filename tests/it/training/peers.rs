//! pyarrow, DuckDB and Polars read every Parquet file.

use crate::training::project::small;
use std::path::Path;
use std::process::Command;

const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/it/peers/read_parquet.py"
);
const PACKAGES: &[&str] = &["pyarrow", "duckdb", "polars"];

/// A Python with the packages, installed once a user; `None`, said aloud, where they cannot be had.
fn python() -> Option<std::path::PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(std::path::PathBuf::from);
    let cache = cache.or_else(|| Some(Path::new(&std::env::var_os("HOME")?).join(".cache")))?;
    let folder = cache.join("kaslite/peers");
    let python = folder.join("bin/python3");
    let has = || {
        let imports = format!("import {}", PACKAGES.join(", "));
        Command::new(&python)
            .args(["-c", &imports])
            .output()
            .is_ok_and(|done| done.status.success())
    };
    if has() {
        return Some(python);
    }
    let made = Command::new("python3")
        .args(["-m", "venv"])
        .arg(&folder)
        .output();
    let installed = made.is_ok_and(|done| done.status.success())
        && Command::new(&python)
            .args(["-m", "pip", "install", "--quiet"])
            .args(PACKAGES)
            .output()
            .is_ok_and(|done| done.status.success());
    (installed && has()).then_some(python)
}

#[test]
fn pyarrow_duckdb_and_polars_read_every_parquet_file() {
    let Some(python) = python() else {
        eprintln!("skipped: {} cannot be installed here", PACKAGES.join(", "));
        return;
    };
    let space = small();
    space.kaslite("repro").ok();
    let files: Vec<String> = space
        .files()
        .into_iter()
        .map(|(name, _, _)| name)
        .filter(|name| name.ends_with(".parquet"))
        .collect();
    assert!(files.len() >= 8, "{files:?}");
    let ran = space
        .finish(space.program(&python).arg(SCRIPT).args(&files))
        .ok();
    let read = ran.json();
    assert_eq!(read["results/train/epochs.parquet"]["rows"], 42, "{read}");
    assert_eq!(read["data/moons.parquet"]["rows"], 200, "{read}");
}
