//! [`Screen`]: a terminal, and a program that goes on before it.

use crate::support::{Space, kaslite};
use rustix::fs::OFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a test waits for what must come to the screen.
const PATIENCE: Duration = Duration::from_secs(30);
/// Lines of the terminal.
const ROWS: u16 = 24;

/// A terminal, and a `kaslite` that says to it what it says to people.
pub(crate) struct Screen {
    child: Child,
    seen: Arc<Mutex<Seen>>,
    reader: Option<JoinHandle<()>>,
}

/// What came to the terminal.
struct Seen {
    terminal: vt100::Parser,
    raw: Vec<u8>,
}

impl Screen {
    /// Starts `kaslite` with arguments parted by spaces before a terminal of so many columns.
    pub(crate) fn start(space: &Space, columns: u16, line: &str) -> Self {
        let (terminal, end) = terminal(columns);
        let mut command = space.program(kaslite());
        command
            .args(line.split_whitespace())
            .stdout(Stdio::null())
            .stderr(Stdio::from(end))
            .process_group(0)
            .env("TERM", "xterm-256color");
        let child = command.spawn().expect("the program starts");
        let seen = Arc::new(Mutex::new(Seen {
            terminal: vt100::Parser::new(ROWS, columns, 0),
            raw: Vec::new(),
        }));
        let reader = Some(read(terminal, &seen));
        Self {
            child,
            seen,
            reader,
        }
    }

    /// The lines that the screen shows now, without those that are empty.
    pub(crate) fn lines(&self) -> Vec<String> {
        let seen = self.seen.lock().expect("no reader panics");
        let screen = seen.terminal.screen();
        let (_, columns) = screen.size();
        let rows = screen.rows(0, columns);
        let lines = rows.map(|row| row.trim_end().to_owned());
        lines.filter(|line| !line.is_empty()).collect()
    }

    /// All that ever came to the screen, with what steers it.
    pub(crate) fn raw(&self) -> String {
        let seen = self.seen.lock().expect("no reader panics");
        String::from_utf8_lossy(&seen.raw).into_owned()
    }

    /// The lines that the screen shows once they are so.
    #[track_caller]
    pub(crate) fn wait_for(&self, what: &str, so: impl Fn(&[String]) -> bool) -> Vec<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found = self.lines();
            if so(&found) {
                return found;
            }
            assert!(Instant::now() < deadline, "no {what}: {found:#?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Presses Ctrl-C.
    pub(crate) fn interrupt(&self) {
        let group = rustix::process::Pid::from_child(&self.child);
        let sent = rustix::process::kill_process_group(group, rustix::process::Signal::INT);
        sent.expect("it still runs");
    }

    /// Waits for the end; all that the screen shows then is what [`Screen::lines`] gives.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let status = self.child.wait().expect("a child");
        if let Some(reader) = self.reader.take() {
            reader.join().expect("no reader panics");
        }
        status
    }
}

impl Drop for Screen {
    /// A failed test leaves nothing behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A new terminal of so many columns, and the end of it that a program writes to.
fn terminal(columns: u16) -> (File, File) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&terminal).expect("a terminal");
    unlockpt(&terminal).expect("a terminal");
    let name = ptsname(&terminal, Vec::new()).expect("a terminal has a name");
    let end = File::options()
        .read(true)
        .write(true)
        .custom_flags(OFlags::NOCTTY.bits().cast_signed())
        .open(name.to_str().expect("a name in UTF-8"))
        .expect("the end of a terminal");
    let size = Winsize {
        ws_row: ROWS,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&end, size).expect("a terminal has a size");
    (File::from(terminal), end)
}

/// Takes in what comes, up to the end of the program.
fn read(mut terminal: File, seen: &Arc<Mutex<Seen>>) -> JoinHandle<()> {
    let seen = Arc::clone(seen);
    std::thread::spawn(move || {
        let mut bytes = [0; 1 << 12];
        // Once nobody has the other end open, reading fails.
        while let Ok(count @ 1..) = terminal.read(&mut bytes) {
            let mut seen = seen.lock().expect("no waiter panics");
            seen.terminal.process(&bytes[..count]);
            seen.raw.extend_from_slice(&bytes[..count]);
        }
    })
}
