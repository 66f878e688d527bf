//! [`Running`]: a program that goes on while the test does.

use crate::support::Ran;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a test waits for something that must happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// A `kaslite` that goes on while the test does.
#[derive(Debug)]
pub(crate) struct Running {
    child: Option<Child>,
    /// What it has said to people so far, and who listens.
    said: Arc<Mutex<Vec<u8>>>,
    listener: Option<JoinHandle<()>>,
    root: PathBuf,
}

impl Running {
    /// Starts the command in a process group of its own.
    pub(crate) fn start(command: &mut Command, root: PathBuf) -> Self {
        let mut child = command
            .process_group(0)
            .spawn()
            .expect("the program starts");
        let said = Arc::default();
        let listener = child.stderr.take().map(|stderr| listen(stderr, &said));
        Self {
            child: Some(child),
            said,
            listener,
            root,
        }
    }

    /// What it has said to people so far.
    pub(crate) fn said(&self) -> String {
        let said = self.said.lock().expect("no listener panics");
        String::from_utf8_lossy(&said).into_owned()
    }

    /// Waits until it has said something to people.
    #[track_caller]
    pub(crate) fn wait_for(&self, part: &str) {
        wait_until(part, || self.said().contains(part));
    }

    /// Sends a signal to kaslite alone.
    pub(crate) fn signal(&self, name: &str) {
        Self::kill(name, &self.id().to_string());
    }

    /// Sends a signal to kaslite's process group, as a terminal does for Ctrl-C: its commands have groups
    /// of their own.
    pub(crate) fn signal_group(&self, name: &str) {
        Self::kill(name, &format!("-{}", self.id()));
    }

    /// Sends a signal to kaslite and then to all it started.
    pub(crate) fn signal_all(&self, name: &str) {
        self.signal_group(name);
        self.signal_commands(name);
    }

    /// Sends a signal to all that kaslite started.
    pub(crate) fn signal_commands(&self, name: &str) {
        for id in commands(&self.root) {
            Self::kill(name, &id);
        }
    }

    /// Kills kaslite and then all it started, as the power does.
    pub(crate) fn kill_all(&self) {
        self.signal_all("KILL");
    }

    /// Whether it has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        let child = self.child.as_mut().expect("a child until it is waited for");
        child.try_wait().expect("a child").is_some()
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) -> Ran {
        let child = self.child.take().expect("a child until it is waited for");
        let mut output = child.wait_with_output().expect("a child");
        if let Some(listener) = self.listener.take() {
            listener.join().expect("no listener panics");
            output.stderr = std::mem::take(&mut *self.said.lock().expect("no listener panics"));
        }
        Ran::new(output, self.root.clone())
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child
            .as_ref()
            .expect("a child until it is waited for")
            .id()
    }

    fn kill(name: &str, target: &str) {
        // A process that has just ended takes no signal; that is fine.
        let kill = Command::new("kill")
            .args(["-s", name, "--", target])
            .stderr(Stdio::null())
            .status();
        kill.expect("the program kill");
    }
}

impl Drop for Running {
    /// A failed test leaves nothing behind.
    fn drop(&mut self) {
        if self.child.is_some() {
            self.kill_all();
        }
        if let Some(child) = &mut self.child {
            let _ = child.wait();
        }
    }
}

/// Takes down what is said, up to its end.
fn listen(mut stderr: ChildStderr, said: &Arc<Mutex<Vec<u8>>>) -> JoinHandle<()> {
    let said = Arc::clone(said);
    std::thread::spawn(move || {
        let mut bytes = [0; 1 << 12];
        loop {
            let count = stderr.read(&mut bytes).expect("a pipe can be read");
            if count == 0 {
                return;
            }
            let mut said = said.lock().expect("no waiter panics");
            said.extend_from_slice(&bytes[..count]);
        }
    })
}

/// The processes of commands of the project at `root`, by their environment.
pub(crate) fn commands(root: &Path) -> Vec<String> {
    let wanted = format!("KASLITE_ROOT={}", root.display());
    let belongs = |id: &String| {
        let variables = std::fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
        let mut variables = variables.split(|byte| *byte == 0);
        variables.any(|variable| variable == wanted.as_bytes())
    };
    let entries = std::fs::read_dir("/proc").expect("a list of processes");
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(belongs).collect()
}

/// Waits for something that must happen.
#[track_caller]
pub(crate) fn wait_until(what: &str, mut happens: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !happens() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
