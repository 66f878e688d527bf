//! Wheels: zip files, opened by the `python3` that fetched them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::environment::Environment;
use crate::failure::Failure;
use crate::pip;
use crate::recipe::Recipe;

const SCRIPT: &str = include_str!("unpack.py");

// The exit codes of the script.
const BROKEN: i32 = 3;
const MISSING: i32 = 4;
const FULL: i32 = 5;

/// How unpacking ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unpacked {
    Whole,
    /// This wheel is cut off or damaged.
    Broken(PathBuf),
}

/// Unpacks what the recipe wants of the wheels in `downloads` into `destination`.
pub(crate) fn unpack(
    environment: &Environment,
    recipe: &Recipe,
    downloads: &Path,
    destination: &Path,
) -> Result<Unpacked, Failure> {
    let wheels = wheels(downloads)?;
    for source in recipe.sources {
        let of_source = |wheel: &&PathBuf| name(wheel).starts_with(source.wheel);
        if !wheels.iter().any(|wheel| of_source(&wheel)) {
            return Err(Failure::new(format!(
                "pip left no wheel `{}*.whl`",
                source.wheel
            )));
        }
        for wheel in wheels.iter().filter(of_source) {
            let output = run(environment, destination, wheel, source.rules)?;
            let said = String::from_utf8_lossy(&output.stderr);
            match output.status.code() {
                Some(0) => {}
                Some(BROKEN) => return Ok(Unpacked::Broken(wheel.clone())),
                Some(MISSING) => {
                    return Err(Failure::new(format!("`{}` {}", name(wheel), said.trim())));
                }
                Some(FULL) => return Err(Failure::disk_full(destination)),
                _ => {
                    let last = said.lines().last().unwrap_or("it ended early");
                    return Err(Failure::new(format!(
                        "cannot unpack `{}`: {last}",
                        name(wheel)
                    )));
                }
            }
        }
    }
    Ok(Unpacked::Whole)
}

/// Removes the wheels of an earlier attempt that are cut off: pip looks into a wheel that it finds
/// before it compares any check sum, and gives up on a broken one.
pub(crate) fn remove_broken(environment: &Environment, downloads: &Path) -> Result<(), Failure> {
    for wheel in wheels(downloads)? {
        let output = run(environment, downloads, &wheel, &[])?;
        if !output.status.success() {
            fs::remove_file(&wheel).map_err(|error| Failure::io("remove", &wheel, &error))?;
        }
    }
    Ok(())
}

fn run(
    environment: &Environment,
    destination: &Path,
    wheel: &Path,
    rules: &[&str],
) -> Result<Output, Failure> {
    pip::python(environment)
        .args(["-I", "-c", SCRIPT])
        .args([destination, wheel])
        .args(rules)
        .output()
        .map_err(|error| pip::no_python(&error))
}

fn wheels(downloads: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failure = |error: std::io::Error| Failure::io("list", downloads, &error);
    let mut wheels = Vec::new();
    for entry in fs::read_dir(downloads).map_err(failure)? {
        let path = entry.map_err(failure)?.path();
        if path.extension().is_some_and(|extension| extension == "whl") {
            wheels.push(path);
        }
    }
    wheels.sort();
    Ok(wheels)
}

fn name(wheel: &Path) -> String {
    wheel
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
