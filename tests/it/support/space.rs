//! [`Space`]: a project in a temp folder that nothing of this machine leaks into.

use crate::support::{Ran, Running, kaslite, wait_until};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// The folder of the command `tick`, by which a stage says that it runs.
const COMMANDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/support/bin");

/// A project in a temp folder, with its own home, a fixed time zone and no settings from outside.
#[derive(Debug)]
pub(crate) struct Space {
    folder: TempDir,
    root: PathBuf,
    variables: Vec<(String, String)>,
}

impl Space {
    /// An empty project folder.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("space")
            .tempdir()
            .expect("a temp folder");
        let base = folder.path().canonicalize().expect("a temp folder");
        for file in ["pipeline.yaml", "dvc.yaml", ".dvc"] {
            let mut above = base.ancestors().map(|folder| folder.join(file));
            let stray = above.find(|path| path.exists());
            assert_eq!(stray, None, "it makes this project a part of its own");
        }
        for name in ["home", "bin", "project"] {
            fs::create_dir(base.join(name)).expect("a folder in the temp folder");
        }
        Self {
            root: base.join("project"),
            folder,
            variables: Vec::new(),
        }
    }

    /// A project with this pipeline.
    pub(crate) fn new(pipeline: &str) -> Self {
        let space = Self::empty();
        space.write("pipeline.yaml", pipeline);
        space
    }

    /// The project's folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// A path beside it.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.root.with_file_name(name)
    }

    /// Sets an environment variable for all commands to come.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder above it")).expect("the folders above");
        fs::write(path, text).unwrap_or_else(|error| panic!("cannot write {name}: {error}"));
    }

    /// Replaces text in a file; it must be there.
    #[track_caller]
    pub(crate) fn edit(&self, name: &str, old: &str, new: &str) {
        let text = self.read(name);
        assert!(text.contains(old), "no `{old}` in {name}:\n{text}");
        self.write(name, text.replace(old, new));
    }

    /// The text of a file.
    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name))
            .unwrap_or_else(|error| panic!("cannot read {name}: {error}"))
    }

    /// The text of a file that may not be there at the moment.
    pub(crate) fn read_or_nothing(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// The lock.
    #[track_caller]
    pub(crate) fn lock(&self) -> String {
        self.read("pipeline.lock")
    }

    /// Whether something is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.path(name).symlink_metadata().is_ok()
    }

    /// Removes a file or a folder.
    #[track_caller]
    pub(crate) fn remove(&self, name: &str) {
        let path = self.path(name);
        let removed = if path.is_dir() {
            fs::remove_dir_all(path)
        } else {
            fs::remove_file(path)
        };
        removed.unwrap_or_else(|error| panic!("cannot remove {name}: {error}"));
    }

    /// Every file of the project outside of `.kaslite` and the run records, with its mode and content.
    pub(crate) fn files(&self) -> Vec<(String, u32, String)> {
        let skip = |name: &str| name.starts_with(".kaslite") || name.starts_with("results/runs");
        let mut files = Vec::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a readable folder") {
                let path = entry.expect("a readable folder").path();
                let name = path
                    .strip_prefix(&self.root)
                    .expect("inside")
                    .display()
                    .to_string();
                if skip(&name) {
                    continue;
                }
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let mode = path.metadata().expect("a file").permissions().mode();
                    let text = String::from_utf8(fs::read(&path).expect("a readable file"));
                    // Exact also where it is no text.
                    files.push((name, mode, text.unwrap_or_else(|raw| format!("{raw:?}"))));
                }
            }
        }
        files.sort();
        files
    }

    /// A copy of a program in a folder of its own. Another process copies: a file that this one had open
    /// for writing could still be open in a child that a test beside this one is just starting.
    pub(crate) fn alone(&self, program: &Path) -> PathBuf {
        let copy = self
            .beside("bin")
            .join(program.file_name().expect("a name"));
        self.finish(self.program("cp").arg(program).arg(&copy)).ok();
        copy
    }

    /// The names of all run records, oldest first.
    pub(crate) fn records(&self) -> Vec<String> {
        let folder = fs::read_dir(self.path("results/runs"))
            .into_iter()
            .flatten();
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("a folder").file_name();
        let mut names: Vec<String> = folder
            .map(|entry| name(entry).into_string().expect("a UTF-8 name"))
            .collect();
        names.sort();
        names
    }

    /// The stages whose commands called `tick` since the last call, in order.
    pub(crate) fn ran(&self) -> Vec<String> {
        let path = self.beside("ticks");
        let text = fs::read_to_string(&path).unwrap_or_default();
        let _ = fs::remove_file(path);
        text.lines().map(str::to_owned).collect()
    }

    /// How many stages called `tick` since the last call of [`Space::ran`].
    pub(crate) fn ran_so_far(&self) -> usize {
        let text = fs::read_to_string(self.beside("ticks")).unwrap_or_default();
        text.lines().count()
    }

    /// Any program in the project, with this space's environment.
    pub(crate) fn program(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", format!("{COMMANDS}:{path}"))
            .env("HOME", self.beside("home"))
            .env("XDG_CONFIG_HOME", self.beside("home"))
            .env("XDG_CACHE_HOME", self.beside("home"))
            .env("TMPDIR", self.folder.path())
            .env("TICKS", self.beside("ticks"))
            .env("TZ", "UTC")
            .env("LC_ALL", "C.UTF-8")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", self.beside("home/gitconfig"))
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs `kaslite` with these arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.finish(self.program(kaslite()).args(arguments))
    }

    /// Runs `kaslite` with arguments parted by spaces.
    pub(crate) fn kaslite(&self, line: &str) -> Ran {
        self.run(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs a command of [`Space::program`] to its end.
    pub(crate) fn finish(&self, command: &mut Command) -> Ran {
        Ran::new(
            command.output().expect("the program starts"),
            self.root.clone(),
        )
    }

    /// `kaslite repro` that must succeed; the stages that ran.
    #[track_caller]
    pub(crate) fn repro(&self) -> Vec<String> {
        self.kaslite("repro").ok();
        self.ran()
    }

    /// Starts `kaslite` in a process group of its own and does not wait.
    pub(crate) fn start(&self, line: &str) -> Running {
        let mut command = self.program(kaslite());
        Running::start(command.args(line.split_whitespace()), self.root.clone())
    }

    /// Runs git, which must succeed.
    #[track_caller]
    pub(crate) fn git(&self, line: &str) -> String {
        let mut command = self.program("git");
        command.args(["-c", "user.name=Test", "-c", "user.email=test@example.org"]);
        let ran = self.finish(command.args(line.split_whitespace())).ok();
        ran.stdout.trim().to_owned()
    }

    /// Waits until a file is there.
    #[track_caller]
    pub(crate) fn wait_for(&self, name: &str) {
        wait_until(name, || self.has(name));
    }
}
