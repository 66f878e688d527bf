//! pip: is it there, and does it fetch the wheels.

use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::diagnosis;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::recipe::{Recipe, VERSION};

/// The first pip that takes more than one `--platform`.
const OLDEST: (u32, u32) = (20, 3);

/// `python3` as the user's `PATH` finds it.
pub(crate) fn python(environment: &Environment) -> Command {
    let mut command = Command::new("python3");
    command
        .env("PATH", &environment.search_path)
        .stdin(Stdio::null());
    command
}

/// Why `python3` could not be started.
pub(crate) fn no_python(error: &io::Error) -> Failure {
    let message = if error.kind() == io::ErrorKind::NotFound {
        "`python3` was not found".into()
    } else {
        format!("`python3` could not be started: {error}")
    };
    Failure::new(message).hint(format!(
        "install Python 3 with pip (libtorch comes from the wheel of PyTorch), or set `LIBTORCH` \
         to a libtorch {VERSION}"
    ))
}

/// Is there a pip that knows what [`download`] asks of it?
pub(crate) fn check(environment: &Environment) -> Result<(), Failure> {
    let output = python(environment)
        .args(["-m", "pip", "--version"])
        .output()
        .map_err(|error| no_python(&error))?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(Failure::new("`python3` has no pip").hint(
            "install it (`python3 -m ensurepip --user`, or the system's package `python3-pip`)",
        ));
    }
    match version(&said) {
        Some(found) if found < OLDEST => {
            Err(
                Failure::new(format!("pip {}.{} is too old", found.0, found.1)).hint(format!(
                    "kaslite needs {}.{} or newer: `python3 -m pip install --user --upgrade pip`",
                    OLDEST.0, OLDEST.1
                )),
            )
        }
        _ => Ok(()),
    }
}

/// Reads `pip 23.2.1 from …`.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.strip_prefix("pip ")?.split(['.', ' ']).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// Downloads the recipe's wheels. Those that lie in `downloads` already are compared with the
/// index's check sums by pip and kept. pip's progress is shown; where it fails, its complaints go to `log`.
pub(crate) fn download(
    environment: &Environment,
    recipe: &Recipe,
    downloads: &Path,
    log: &Path,
) -> Result<(), Failure> {
    // pip writes into TMPDIR first; a small /tmp must not stop it.
    let temporary = downloads.join("tmp");
    let _ = fs::remove_dir_all(&temporary);
    fs::create_dir_all(&temporary).map_err(|error| Failure::io("make", &temporary, &error))?;
    let progress = io::stderr().as_fd().try_clone_to_owned();
    let progress = progress.map_err(|error| Failure::io("use", Path::new("stderr"), &error))?;
    let outcome = python(environment)
        .args(arguments(recipe))
        .arg("-d")
        .arg(downloads)
        .env("TMPDIR", &temporary)
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        .env("PIP_NO_INPUT", "1")
        .env("PIP_REQUIRE_VIRTUALENV", "0")
        .stdout(progress)
        .stderr(Stdio::piped())
        .spawn()
        .and_then(Child::wait_with_output)
        .map_err(|error| no_python(&error))?;
    let _ = fs::remove_dir_all(&temporary);
    if outcome.status.success() {
        return Ok(());
    }
    // Not written by pip itself: on a full disk its words would be lost.
    let _ = fs::write(log, &outcome.stderr);
    Err(diagnosis::of(
        &String::from_utf8_lossy(&outcome.stderr),
        downloads,
        log,
    ))
}

/// `--no-cache-dir`: the wheel is needed once, and pip's cache would keep half a gigabyte of it.
fn arguments(recipe: &Recipe) -> Vec<&str> {
    let mut arguments = vec![
        "-m",
        "pip",
        "download",
        "--no-cache-dir",
        "--only-binary=:all:",
    ];
    if !recipe.with_dependencies {
        arguments.push("--no-deps");
    }
    arguments.extend(["--python-version", "3.11", "--implementation", "cp"]);
    arguments.extend(recipe.tags.iter().flat_map(|tag| ["--platform", tag]));
    arguments.extend(recipe.requirements);
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flavour::Flavour;
    use crate::platform::Platform;

    #[test]
    fn the_command_is_the_measured_one() {
        let recipe = Recipe::of(Some(Platform::LinuxX86), Flavour::Cpu).unwrap();
        let line = arguments(&recipe).join(" ");
        assert!(line.starts_with("-m pip download --no-cache-dir --only-binary=:all: --no-deps"));
        assert!(
            line.contains("--python-version 3.11 --implementation cp"),
            "{line}"
        );
        for tag in [
            "manylinux_2_28",
            "manylinux_2_25",
            "manylinux_2_17",
            "manylinux2014",
        ] {
            assert!(line.contains(&format!("--platform {tag}_x86_64 ")), "{tag}");
        }
        assert!(
            line.ends_with("torch==2.13.0 nvidia-cuda-cupti==13.0.* nvidia-cuda-runtime==13.0.*")
        );
    }

    #[test]
    fn for_cuda_pip_resolves_the_wheels_that_torch_requires() {
        let recipe = Recipe::of(Some(Platform::LinuxArm), Flavour::Cuda).unwrap();
        let line = arguments(&recipe).join(" ");
        assert!(!line.contains("--no-deps"), "{line}");
        // The tag of the wheel of NCCL, which the CPU does not need.
        assert!(
            line.contains("--platform manylinux_2_18_aarch64 "),
            "{line}"
        );
        assert!(line.ends_with(" torch==2.13.0"), "{line}");
    }

    #[test]
    fn versions_of_pip_are_read() {
        assert_eq!(
            version("pip 23.2.1 from /usr/lib (python 3.11)"),
            Some((23, 2))
        );
        assert_eq!(version("pip 9.0 from /usr/lib"), Some((9, 0)));
        assert_eq!(version("Python 3.11"), None);
    }
}
