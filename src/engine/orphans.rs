//! [`left`]: what a killed kaslite had started and that goes on.
//!
//! Each command runs in a process group of its own, noted where its stage's claim lies, and all that it
//! starts inherits the claim's name in the environment. Where the system shows processes as files,
//! either is enough to be found; elsewhere the group is.

use crate::fs::{self, FsError};
use rustix::process::{Pid, test_kill_process_group};
use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// The variable that names the claim a process belongs to.
pub(crate) const CLAIM: &str = "KASLITE_CLAIM";

/// Notes the process group of a command: `id start`.
pub(crate) fn note_group(file: &Path, group: u32) -> Result<(), FsError> {
    let open = OpenOptions::new().create(true).append(true).open(file);
    let mut notes = fs::at("open", file, open)?;
    let start = Process::look(group).map_or(0, |process| process.start);
    // In one go: a line that is written in pieces may be read in between.
    let line = format!("{group} {start}\n");
    fs::at("write", file, notes.write_all(line.as_bytes()))
}

/// The process groups of a claim in which something goes on: the noted ones, and those of processes that
/// carry its name.
pub(crate) fn left(claim: &str, notes: &Path) -> BTreeSet<u32> {
    let noted = groups(notes).into_iter();
    let Some(processes) = processes() else {
        let alive = |group: &u32| {
            let pid = i32::try_from(*group).ok().and_then(Pid::from_raw);
            pid.is_some_and(|pid| test_kill_process_group(pid).is_ok())
        };
        return noted.map(|(group, _)| group).filter(alive).collect();
    };
    // The number of a group that has died out may have gone to another.
    let is_same = |(group, start): &(u32, u64)| {
        Process::look(*group).is_none_or(|leader| leader.start == *start)
    };
    let noted: BTreeSet<u32> = noted.filter(is_same).map(|(group, _)| group).collect();
    let group = |id: u32| {
        let process = Process::look(id).filter(|process| !process.is_dead)?;
        let belongs = noted.contains(&process.group) || carries(id, claim);
        belongs.then_some(process.group)
    };
    processes.into_iter().filter_map(group).collect()
}

fn groups(notes: &Path) -> Vec<(u32, u64)> {
    let text = std::fs::read_to_string(notes).unwrap_or_default();
    let numbers = |line: &str| {
        let (group, start) = line.split_once(' ')?;
        Some((group.parse().ok()?, start.parse().ok()?))
    };
    text.lines().filter_map(numbers).collect()
}

/// All processes; `None` where the system does not show them as files.
fn processes() -> Option<Vec<u32>> {
    let folder = Path::new("/proc/self/stat");
    let entries = folder.exists().then(|| std::fs::read_dir("/proc").ok())??;
    let id =
        |entry: std::io::Result<std::fs::DirEntry>| entry.ok()?.file_name().to_str()?.parse().ok();
    Some(entries.filter_map(id).collect())
}

/// Whether a process inherited the claim's name. Those of other users do not tell, and are not ours.
pub(crate) fn carries(id: u32, claim: &str) -> bool {
    let wanted = format!("{CLAIM}={claim}");
    let variables = std::fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
    variables
        .split(|byte| *byte == 0)
        .any(|variable| variable == wanted.as_bytes())
}

/// All processes that carry the claim's name, where the system tells.
pub(crate) fn carriers(claim: &str) -> Vec<u32> {
    let all = processes().unwrap_or_default().into_iter();
    all.filter(|id| carries(*id, claim)).collect()
}

/// What the system says of a process.
struct Process {
    group: u32,
    /// When it started, in the system's ticks.
    start: u64,
    is_dead: bool,
}

impl Process {
    fn look(id: u32) -> Option<Self> {
        let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // The name, in brackets, may hold anything.
        let (_, rest) = text.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        Some(Self {
            is_dead: matches!(*fields.first()?, "Z" | "X"),
            group: fields.get(2)?.parse().ok()?,
            start: fields.get(19)?.parse().ok()?,
        })
    }
}
