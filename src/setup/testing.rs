//! A machine for the tests: a checkout, a cache, and programs on a `PATH` that do as the test says.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::environment::Environment;
use crate::flavour::Flavour;
use crate::folder::{LIBRARY, STAMP};
use crate::platform::Platform;
use crate::recipe::Recipe;

/// The machine; its folders go with it.
pub(crate) struct Bench {
    home: tempfile::TempDir,
}

/// What a fake pip does when its download succeeds; its last argument is the folder.
pub(crate) const DOWNLOAD: &str = "cp \"$wheels\"/*.whl \"$folder\"";

impl Bench {
    pub(crate) fn new() -> Self {
        let bench = Self {
            home: tempfile::tempdir().unwrap(),
        };
        for folder in ["bin", "checkout", "wheels"] {
            fs::create_dir(bench.path(folder)).unwrap();
        }
        bench
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// `PATH` holds the bench's programs, then the machine's own.
    pub(crate) fn environment(&self) -> Environment {
        let own = env::var_os("PATH").unwrap_or_default();
        let folders = [self.path("bin")].into_iter().chain(env::split_paths(&own));
        Environment {
            search_path: env::join_paths(folders).unwrap(),
            ..self.bare_environment()
        }
    }

    /// `PATH` holds the bench's programs and no other.
    pub(crate) fn bare_environment(&self) -> Environment {
        let mac = cfg!(target_os = "macos");
        Environment {
            root: self.path("checkout"),
            cache: Some(self.path("cache/kaslite")),
            user_libtorch: None,
            flavour: None,
            platform: Some(if mac {
                Platform::MacArm
            } else {
                Platform::LinuxX86
            }),
            search_path: self.path("bin").into(),
            cargo: self.path("bin/cargo").into(),
        }
    }

    /// Puts a shell script on the `PATH`. A child process writes it: were it open for writing in
    /// this process, a child that another test starts meanwhile would inherit that, and the system
    /// does not start a program that is open for writing.
    pub(crate) fn program(&self, name: &str, script: &str) {
        let mut child = Command::new("sh")
            .args(["-c", "cat > \"$1\" && chmod +x \"$1\"", "sh"])
            .arg(self.path("bin").join(name))
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        write!(child.stdin.take().unwrap(), "#!/bin/sh\n{script}\n").unwrap();
        assert!(child.wait().unwrap().success());
    }

    /// Puts a `python3` on the `PATH` whose pip downloads as `download` says; all else is left to
    /// the real one. Each download is noted in the log.
    pub(crate) fn pip(&self, download: &str) {
        self.program(
            "python3",
            &format!(
                "if [ \"$1 $2\" != '-m pip' ]; then exec '{}' \"$@\"; fi\n\
                 if [ \"$3\" = --version ]; then echo 'pip 23.2.1 from x'; exit; fi\n\
                 wheels='{}'\nfor folder; do :; done\necho download >> \"$0.log\"\n{download}",
                real_python().display(),
                self.path("wheels").display(),
            ),
        );
    }

    /// What a program of the bench noted in `$0.log`.
    pub(crate) fn log(&self, program: &str) -> String {
        fs::read_to_string(self.path("bin").join(format!("{program}.log"))).unwrap_or_default()
    }

    /// How often pip was asked to download.
    pub(crate) fn downloads(&self) -> usize {
        self.log("python3").lines().count()
    }

    /// Makes wheels that hold what the recipe wants, and things that it does not.
    pub(crate) fn make_wheels(&self, flavour: Flavour) {
        let recipe = Recipe::of(self.bare_environment().platform, flavour).unwrap();
        for source in recipe.sources {
            let mut members = vec!["unwanted.py".into(), "torch/lib/libtorch_python.so".into()];
            for rule in source.rules {
                let pattern = rule.trim_start_matches('?').split('=').next().unwrap();
                members.push(match pattern.strip_suffix('/') {
                    Some(tree) => format!("{tree}/torch/csrc/api/include/torch/torch.h"),
                    None => pattern.replace(".so*", ".so").replace('*', "cu13"),
                });
            }
            self.make_wheel(
                &format!("{}2.13.0-py3-none-any.whl", source.wheel),
                &members,
            );
        }
        if flavour == Flavour::Cuda {
            self.make_wheel("torch-2.13.0-py3-none-any.whl", &cuda_members());
        }
    }

    /// Makes a zip file whose members hold their own names.
    pub(crate) fn make_wheel(&self, name: &str, members: &[String]) {
        let script = "import sys, zipfile\n\
            with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as wheel:\n    \
            for name in dict.fromkeys(sys.argv[2:]): wheel.writestr(name, name * 50)";
        let status = Command::new(real_python())
            .args(["-I", "-c", script])
            .arg(self.path("wheels").join(name))
            .args(members)
            .status()
            .unwrap();
        assert!(status.success());
    }

    /// Names of what lies in the cache.
    pub(crate) fn cached(&self) -> Vec<OsString> {
        let entries = fs::read_dir(self.path("cache/kaslite")).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }
}

fn cuda_members() -> Vec<String> {
    ["include/torch/csrc/api/include/torch/torch.h"]
        .into_iter()
        .chain([
            "lib/libtorch.so",
            "lib/libtorch_cpu.so",
            "lib/libtorch_cuda.so",
            "lib/libc10.so",
        ])
        .chain([
            "lib/libtorch_python.so",
            "lib/libgomp.so.1",
            "lib/libshm/core.h",
        ])
        .map(|member| format!("torch/{member}"))
        .collect()
}

/// The machine's own `python3`, by its path.
fn real_python() -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path)
        .map(|folder| folder.join("python3"))
        .find(|p| p.is_file());
    found.expect("the tests of the set-up need `python3`, as the set-up does")
}

/// Makes a folder that looks like a libtorch of that version.
pub(crate) fn make_libtorch(folder: &Path, version: &str) {
    let include = folder.join("include/torch/csrc/api/include/torch");
    fs::create_dir_all(folder.join("lib")).unwrap();
    fs::create_dir_all(&include).unwrap();
    fs::write(folder.join("lib").join(LIBRARY), "").unwrap();
    fs::write(include.join("torch.h"), "").unwrap();
    fs::write(folder.join(STAMP), format!("{version}\n")).unwrap();
}
