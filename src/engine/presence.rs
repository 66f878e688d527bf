//! [`Presence`]: a kaslite that makes something in a project, and what the others there have claimed.
//!
//! Each has a folder of its own in `.kaslite/tmp`, and holds the file `alive` in it as long as it lives:
//! the system lets go of it, however the process ends. Each stage that runs has a folder in there, with
//! its [`Claim`] and all its unfinished work. So whoever finds the folder of a dead process knows what to
//! put right, and never touches what a living one holds. Claims are made and looked at in a
//! [`Turn`](crate::turn::Turn): all that a stage needs, or nothing, so that no two wait for each other for
//! ever. Readers (`status`, `why`, `dag`, …) claim nothing and wait for nobody.

use crate::claim::Claim;
use crate::execute::recover;
use crate::fs::{self, FsError};
use crate::obstacle::{InTheWay, Obstacle};
use crate::orphans::{self, CLAIM};
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::turn::Turn;
use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

const ALIVE: &str = "alive";
const CLAIM_FILE: &str = "claim.json";

/// This process, as one of those that make something in a project. Dropping it leaves the project.
#[derive(Debug)]
pub(crate) struct Presence {
    project: Project,
    name: String,
    folder: PathBuf,
    _alive: File,
    claims: AtomicU32,
}

/// What others in the project have claimed.
#[derive(Debug, Default)]
pub(crate) struct Others {
    /// How many of them live.
    pub(crate) count: usize,
    /// The process of one of them.
    pub(crate) process: Option<u32>,
    /// The claims, and of dead ones what they had started and that goes on.
    pub(crate) claims: Vec<OtherClaim>,
    /// Paths that were put right.
    pub(crate) recovered: Vec<RelPath>,
}

/// What another kaslite has claimed.
#[derive(Debug)]
pub(crate) struct OtherClaim {
    name: String,
    pub(crate) claim: Claim,
    pub(crate) left: BTreeSet<u32>,
}

/// A claim of this process, and the folder of its stage's unfinished work. Dropping it gives both up.
#[derive(Debug)]
pub(crate) struct Held {
    /// By which processes know whose they are.
    pub(crate) name: String,
    folder: PathBuf,
}

impl Presence {
    /// Enters the project, and puts right what dead processes left.
    pub(crate) fn enter(project: &Project, turn: &Turn) -> Result<(Self, Others), FsError> {
        let temp = project.temp_dir();
        fs::create_dir(&temp)?;
        let process = std::process::id();
        let made = tempfile::Builder::new()
            .prefix(&format!("{process}-"))
            .tempdir_in(&temp);
        let folder = fs::at("create folder in", &temp, made)?.keep();
        let path = folder.join(ALIVE);
        let alive = fs::at("create", &path, File::create(&path))?;
        fs::at("lock", &path, alive.lock())?;
        let name = folder.file_name().unwrap_or_default();
        let presence = Self {
            project: project.clone(),
            name: name.to_string_lossy().into_owned(),
            folder,
            _alive: alive,
            claims: AtomicU32::new(0),
        };
        let others = presence.others(turn)?;
        if others.count == 0 {
            presence.clear_up(&others)?;
        }
        Ok((presence, others))
    }

    /// Looks at the others; what dead ones left is put right.
    pub(crate) fn others(&self, _turn: &Turn) -> Result<Others, FsError> {
        let mut others = Others::default();
        let temp = self.project.temp_dir();
        let entries = fs::at("read folder", &temp, std::fs::read_dir(&temp))?;
        for entry in entries.filter_map(Result::ok) {
            let (name, folder) = (
                entry.file_name().to_string_lossy().into_owned(),
                entry.path(),
            );
            if name == self.name {
                continue;
            }
            let Ok(alive) = File::open(folder.join(ALIVE)) else {
                continue;
            };
            let is_dead = match alive.try_lock() {
                Ok(()) => true,
                Err(TryLockError::WouldBlock) => false,
                Err(TryLockError::Error(error)) => {
                    return Err(FsError::new("lock", &folder, error));
                }
            };
            let claims = claims(&name, &folder)?;
            if is_dead {
                self.bury(&folder, claims, &mut others)?;
            } else {
                others.count += 1;
                others.process = name.split('-').next().and_then(|id| id.parse().ok());
                others
                    .claims
                    .extend(claims.into_iter().map(|(_, claim)| claim));
            }
        }
        Ok(others)
    }

    /// Puts right what a dead process left, save where something that it had started goes on.
    fn bury(
        &self,
        folder: &Path,
        claims: Vec<(PathBuf, OtherClaim)>,
        others: &mut Others,
    ) -> Result<(), FsError> {
        let mut is_over = true;
        for (place, mut other) in claims {
            other.left = orphans::left(&other.name, &place.join(CLAIM_FILE));
            if other.left.is_empty() {
                let stage = other.claim.stage.as_deref().unwrap_or_default();
                recover(
                    &self.project,
                    stage,
                    &other.claim.makes,
                    &place.join("backup"),
                )?;
                others.recovered.extend(other.claim.makes);
                fs::remove(&place)?;
            } else {
                is_over = false;
                others.claims.push(other);
            }
        }
        if is_over { fs::remove(folder) } else { Ok(()) }
    }

    /// Takes a claim that nothing forbids: see [`Others::forbid`].
    pub(crate) fn claim(&self, claim: &Claim, _turn: &Turn) -> Result<Held, FsError> {
        let number = self.claims.fetch_add(1, Ordering::Relaxed).to_string();
        let held = Held {
            name: format!("{}.{number}", self.name),
            folder: self.folder.join(&number),
        };
        fs::create_dir(&held.folder)?;
        let path = held.folder.join(CLAIM_FILE);
        // Behind it come the process groups of its commands, one a line.
        let mut bytes = serde_json::to_vec(claim).unwrap_or_default();
        bytes.push(b'\n');
        fs::at("write", &path, std::fs::write(&path, bytes))?;
        Ok(held)
    }

    /// Whether this process runs within a claim: that of a stage which waits for it.
    pub(crate) fn is_within(&self, other: &OtherClaim) -> bool {
        self.project.environment.get(CLAIM) == Some(&other.name)
    }

    /// Leaves the project; the last one closes the door.
    pub(crate) fn leave(self, _turn: &Turn) {
        let temp = self.project.temp_dir();
        drop(self);
        // Where others are, it is not empty.
        let _ = std::fs::remove_dir(temp);
    }

    /// Nobody else is there: clears all unfinished work that no process holds.
    fn clear_up(&self, others: &Others) -> Result<(), FsError> {
        let kept = |name: &str| {
            let holder = |other: &OtherClaim| other.name.starts_with(&format!("{name}."));
            name == self.name || others.claims.iter().any(holder)
        };
        let is_temp = |name: &str| name.starts_with(".tmp");
        clear(&self.project.temp_dir(), |name| !kept(name))?;
        clear(&self.project.state_dir(), is_temp)
    }
}

impl Drop for Presence {
    /// What cannot be removed now is by the next one who finds it.
    fn drop(&mut self) {
        let _ = fs::remove(&self.folder);
    }
}

impl Others {
    /// What forbids a claim, the machine left aside.
    pub(crate) fn forbid(&self, claim: &Claim, presence: &Presence) -> Option<Obstacle> {
        self.claims.iter().find_map(|other| {
            let what = claim.forbidden_by(&other.claim)?;
            let is_above = presence.is_within(other);
            Some(other.obstacle(if is_above { InTheWay::Above } else { what }))
        })
    }

    /// The stages of a pipeline file that others make now.
    pub(crate) fn stages<'a>(&'a self, pipeline: &'a str) -> impl Iterator<Item = &'a str> {
        let own =
            move |other: &&OtherClaim| other.claim.pipeline == pipeline && other.left.is_empty();
        let claims = self.claims.iter().filter(own);
        claims.filter_map(|other| other.claim.stage.as_deref())
    }
}

impl OtherClaim {
    pub(crate) fn obstacle(&self, what: InTheWay) -> Obstacle {
        Obstacle {
            process: self.claim.process,
            stage: self.claim.stage.clone(),
            what,
            left: self.left.clone(),
        }
    }
}

impl Held {
    /// A path for unfinished work.
    pub(crate) fn place(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Notes the process group of a command.
    pub(crate) fn note_group(&self, group: u32) {
        // On a full disk the name of the claim is what its processes are known by.
        let _ = orphans::note_group(&self.place(CLAIM_FILE), group);
    }
}

impl Drop for Held {
    /// The claim first: what remains of the folder is nobody's.
    fn drop(&mut self) {
        let _ = fs::remove(&self.place(CLAIM_FILE));
        let _ = fs::remove(&self.folder);
    }
}

/// The claims of one process, and where they lie. One that was not written to its end holds nothing yet.
fn claims(presence: &str, folder: &Path) -> Result<Vec<(PathBuf, OtherClaim)>, FsError> {
    let mut claims = Vec::new();
    let entries = fs::at("read folder", folder, std::fs::read_dir(folder))?;
    for entry in entries.filter_map(Result::ok) {
        let text = std::fs::read(entry.path().join(CLAIM_FILE)).unwrap_or_default();
        let line = text.split_inclusive(|byte| *byte == b'\n').next();
        let claim = line.map(serde_json::from_slice);
        if let Some(Ok(claim)) = claim {
            let number = entry.file_name().to_string_lossy().into_owned();
            let other = OtherClaim {
                name: format!("{presence}.{number}"),
                claim,
                left: BTreeSet::new(),
            };
            claims.push((entry.path(), other));
        }
    }
    Ok(claims)
}

fn clear(folder: &Path, is_old: impl Fn(&str) -> bool) -> Result<(), FsError> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut old = entries
        .filter_map(Result::ok)
        .filter(|entry| is_old(&entry.file_name().to_string_lossy()));
    old.try_for_each(|entry| fs::remove(&entry.path()))
}
