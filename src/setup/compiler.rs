//! The C++ compiler, which the build of tch needs anyway.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::environment::Environment;
use crate::failure::Failure;

const NAMES: [&str; 5] = ["c++", "g++", "clang++", "cc", "clang"];

/// The first compiler that starts.
pub(crate) fn find(environment: &Environment) -> Result<&'static str, Failure> {
    let starts = |name: &&str| {
        compiler(environment, name)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    NAMES.into_iter().find(starts).ok_or_else(|| {
        Failure::new("no C++ compiler was found").hint("install one (`g++` or `clang`)")
    })
}

/// Makes `lib/libtorch.so`, an empty library: the linker is asked for one of that name, and all that
/// is needed of it lies in `libtorch_cpu.so`. Beside it `libgomp.so`, the name under which the linker
/// looks for OpenMP, which not every compiler brings along.
pub(crate) fn make_empty_library(
    environment: &Environment,
    name: &str,
    libtorch: &Path,
) -> Result<(), Failure> {
    let library = libtorch.join("lib/libtorch.so");
    let output = compiler(environment, name)
        .args([
            "-shared",
            "-fPIC",
            "-nostdlib",
            "-Wl,-soname,libtorch.so",
            "-x",
            "c",
            "/dev/null",
        ])
        .arg("-o")
        .arg(&library)
        .output()
        .map_err(|error| Failure::io("run", Path::new(name), &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().last().unwrap_or("it ended early").to_owned();
        return Err(Failure::new(format!(
            "`{name}` cannot make an empty library: {last}"
        )));
    }
    let openmp = libtorch.join("lib/libgomp.so");
    if fs::symlink_metadata(&openmp).is_err() {
        symlink("libgomp.so.1", &openmp).map_err(|error| Failure::io("link", &openmp, &error))?;
    }
    Ok(())
}

fn compiler(environment: &Environment, name: &str) -> Command {
    let mut command = Command::new(name);
    command
        .env("PATH", &environment.search_path)
        .stdin(Stdio::null());
    command
}
