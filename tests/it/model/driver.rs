//! [`Driver`]: the ways to make kaslite do something.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Where the project is, and what is around it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) root: PathBuf,
    pub(super) environment: BTreeMap<String, String>,
    /// Which code the built-in stages have.
    pub(super) code: bool,
}

/// What is to be made.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command"
)]
pub(super) struct Wish {
    /// Names of stages; none is all.
    pub(super) targets: Vec<String>,
    pub(super) single: bool,
    pub(super) downstream: bool,
    pub(super) force: bool,
    pub(super) keep_going: bool,
    pub(super) no_run_cache: bool,
    pub(super) jobs: usize,
}

/// What happens to a run: at its n-th event, or after some time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Fate {
    Undisturbed,
    Interrupted(usize),
    Killed(usize),
    /// A file is written meanwhile.
    Edited(usize, String, String),
}

/// What `status` says of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Fresh,
    /// Stale, and the cache has what it would make.
    Cached,
    Stale,
    Unknown,
    Frozen,
}

/// How a stage ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    Fresh,
    Restored,
    Ran,
    Failed,
    Skipped,
    Interrupted,
    Frozen,
}

/// Stages in order, or the problems in words.
pub(super) type Told<T> = Result<Vec<(String, T)>, String>;

/// A way to make kaslite do something.
pub(super) trait Driver: Sync {
    fn status(&self, place: &Place, wish: &Wish) -> Told<State>;
    /// `None` where the run was killed.
    fn repro(&self, place: &Place, wish: &Wish, fate: &Fate) -> Option<Told<End>>;
    /// Two at once.
    fn both(&self, place: &Place, wishes: [&Wish; 2]) -> [Told<End>; 2] {
        let run = |wish| {
            let told = self.repro(place, wish, &Fate::Undisturbed);
            told.expect("nobody kills it")
        };
        std::thread::scope(|scope| {
            let first = scope.spawn(|| run(wishes[0]));
            let second = run(wishes[1]);
            [first.join().expect("no panic"), second]
        })
    }
    fn commit(&self, place: &Place, targets: &[String]) -> Result<(), String>;
    fn checkout(&self, place: &Place, force: bool) -> Result<(), String>;
    /// Keeps in the cache only what the workspace needs.
    fn gc(&self, place: &Place) -> Result<(), String>;
}
