//! [`Family`]: a command and all that it started.

use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::fs;

/// A process and its descendants. One whose parent has ended is known from before: a shell that ends
/// leaves those behind that it had started in the background.
pub(super) struct Family {
    root: u32,
    /// Process → when it began: a number may be given again.
    members: BTreeMap<u32, String>,
}

impl Family {
    /// The family of a process.
    pub(super) fn of(root: u32) -> Self {
        let mut family = Self {
            root,
            members: BTreeMap::new(),
        };
        family.look();
        family
    }

    /// Sends a signal to all, children first: a shell that waits for its child does not pass signals
    /// on.
    pub(super) fn signal(&mut self, signal: Signal) {
        for id in self.look().into_iter().rev() {
            let pid = i32::try_from(id).ok().and_then(Pid::from_raw);
            // One that has just ended takes no signal, and needs none.
            let _ = pid.map(|pid| kill_process(pid, signal));
        }
    }

    /// Everyone who lives, parents first. Where the system does not list children, the root alone.
    fn look(&mut self) -> Vec<u32> {
        self.members
            .retain(|id, began| self::began(*id).as_ref() == Some(began));
        let mut found = vec![self.root];
        found.extend(self.members.keys().filter(|id| **id != self.root));
        let mut next = 0;
        while let Some(&id) = found.get(next) {
            next += 1;
            let new = children(id).into_iter().filter(|id| !found.contains(id));
            found.extend(new.collect::<Vec<_>>());
        }
        let known = found.iter().filter_map(|id| Some((*id, began(*id)?)));
        self.members = known.collect();
        found
    }
}

fn children(id: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{id}/task"));
    let lists = tasks
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|task| fs::read_to_string(task.path().join("children")).unwrap_or_default());
    lists
        .flat_map(|list| {
            let ids = list.split_whitespace().filter_map(|id| id.parse().ok());
            ids.collect::<Vec<u32>>()
        })
        .collect()
}

/// When a process began, as the system counts; `None` for one that is no more.
fn began(id: u32) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name, in brackets, may hold anything. Of what follows it the time is the twentieth.
    let (_, rest) = text.rsplit_once(')')?;
    rest.split_whitespace().nth(19).map(str::to_owned)
}
