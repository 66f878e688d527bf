//! [`Family`]: a command and all that it started.

use crate::orphans::carriers;
use crate::presence::Held;
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid,
};

/// A command, which leads a process group, and all that it started.
pub(super) struct Family<'a> {
    leader: Option<Pid>,
    held: &'a Held,
}

impl<'a> Family<'a> {
    /// Of a command that has just started.
    pub(super) fn new(leader: u32, held: &'a Held) -> Self {
        held.note_group(leader);
        Self {
            leader: i32::try_from(leader).ok().and_then(Pid::from_raw),
            held,
        }
    }

    /// Sends a signal to all of the group. A process that has just ended takes none, and needs none.
    pub(super) fn signal(&self, signal: Signal) {
        let _ = self.leader.map(|leader| kill_process_group(leader, signal));
    }

    /// Whether the command itself has ended, though others of the group may go on.
    pub(super) fn leader_has_ended(&self) -> bool {
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        self.leader.is_none_or(|leader| {
            // Who was waited for is no more.
            waitid(WaitId::Pid(leader), look).map_or(true, |status| status.is_some())
        })
    }

    /// Ends all at once, those that have left the group too.
    pub(super) fn kill(&self) {
        self.signal(Signal::KILL);
        for id in carriers(&self.held.name) {
            let pid = i32::try_from(id).ok().and_then(Pid::from_raw);
            let _ = pid.map(|pid| kill_process(pid, Signal::KILL));
        }
    }
}
