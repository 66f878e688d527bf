//! [`RunLock`]: for what works on the whole project.

use crate::claim::Claim;
use crate::error::EngineError;
use crate::obstacle::{InTheWay, Obstacle};
use crate::presence::{Held, Presence};
use crate::project::Project;
use crate::turn::Turn;
use std::collections::BTreeSet;

/// Keeps every other kaslite from making anything in the project; dropping it lets go.
#[derive(Debug)]
pub struct RunLock {
    project: Project,
    presence: Option<(Held, Presence)>,
}

impl RunLock {
    /// Takes the lock, and puts right what killed processes left.
    ///
    /// # Errors
    /// [`EngineError::Busy`] where another process makes something.
    pub fn take(project: &Project) -> Result<Self, EngineError> {
        let turn = Turn::take(project)?;
        let (presence, others) = Presence::enter(project, &turn)?;
        let claim = Claim {
            process: std::process::id(),
            ..Claim::default()
        };
        let obstacle = others.claims.first().map(|other| {
            let is_above = presence.is_within(other);
            other.obstacle(if is_above {
                InTheWay::Above
            } else {
                InTheWay::Runs
            })
        });
        let idle = || {
            others.process.map(|process| Obstacle {
                process,
                stage: None,
                what: InTheWay::Runs,
                left: BTreeSet::new(),
            })
        };
        if let Some(obstacle) = obstacle.or_else(idle) {
            let on = Box::new(obstacle);
            return Err(EngineError::Busy { stage: None, on });
        }
        let held = presence.claim(&claim, &turn)?;
        Ok(Self {
            project: project.clone(),
            presence: Some((held, presence)),
        })
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        let turn = Turn::take(&self.project);
        if let (Some((held, presence)), Ok(turn)) = (self.presence.take(), turn) {
            drop(held);
            presence.leave(&turn);
        }
    }
}
