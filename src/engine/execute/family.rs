//! Ending a command and all that it started.

use rustix::process::{Pid, Signal, kill_process};
use std::fs;

/// Sends a signal to a process and to all it has started, children first: a shell that waits for its
/// child does not pass signals on.
pub(super) fn signal(root: u32, signal: Signal) {
    for id in family(root).into_iter().rev() {
        let pid = i32::try_from(id).ok().and_then(Pid::from_raw);
        // One that has just ended takes no signal, and needs none.
        let _ = pid.map(|pid| kill_process(pid, signal));
    }
}

/// A process and its descendants, parents first. Where the system does not list children, the process
/// alone.
fn family(root: u32) -> Vec<u32> {
    let mut members = vec![root];
    let mut next = 0;
    while let Some(&id) = members.get(next) {
        next += 1;
        let tasks = fs::read_dir(format!("/proc/{id}/task"))
            .into_iter()
            .flatten()
            .filter_map(Result::ok);
        for task in tasks {
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            members.extend(
                children
                    .split_whitespace()
                    .filter_map(|child| child.parse::<u32>().ok()),
            );
        }
    }
    members
}
