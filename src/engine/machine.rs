//! [`Machine`]: what all kaslites in a project share, and what of it is free.

use crate::claim::Claim;
use crate::limits::Limits;
use crate::obstacle::{InTheWay, Lack, Obstacle};
use crate::presence::Others;
use std::collections::{BTreeMap, BTreeSet};

/// What the stages of all kaslites in a project share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// Cores. Where more stages may run at once by `jobs`, so many count as there.
    pub cpus: usize,
    /// The names by which programs choose among the GPUs (`CUDA_VISIBLE_DEVICES`).
    pub gpus: Vec<String>,
    /// Memory in bytes; `None` where it is not known, and then nobody waits for it.
    pub memory: Option<u64>,
}

/// What is free. A stage that wants more cores or memory than there are runs alone; one that wants more
/// GPUs is refused.
#[derive(Debug)]
pub(crate) struct Room<'a> {
    machine: &'a Machine,
    pools: &'a BTreeMap<String, u32>,
    /// Cores that this kaslite may use at once.
    own_cpus: u32,
    /// Cores that all may use.
    all_cpus: u32,
    taken: Vec<(usize, Share)>,
}

/// What one stage has of the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) cpus: u32,
    /// In bytes.
    pub(crate) memory: u64,
    /// The GPUs it may use.
    pub(crate) gpus: Vec<String>,
    pub(crate) pool: Option<String>,
}

impl Share {
    fn of(claim: &Claim) -> Self {
        Self {
            cpus: claim.cpus,
            memory: claim.memory,
            gpus: claim.gpus.clone(),
            pool: claim.pool.clone(),
        }
    }
}

impl<'a> Room<'a> {
    /// All is free; `jobs` is at least 1.
    pub(crate) fn new(jobs: usize, machine: &'a Machine, pools: &'a BTreeMap<String, u32>) -> Self {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).max(1);
        Self {
            machine,
            pools,
            own_cpus: count(jobs),
            all_cpus: count(jobs.max(machine.cpus)),
            taken: Vec::new(),
        }
    }

    /// Whether nothing more can start.
    pub(crate) fn is_full(&self) -> bool {
        self.own_used() >= self.own_cpus
    }

    /// Why a stage can never run here.
    pub(crate) fn refusal(&self, limits: &Limits) -> Option<String> {
        let count = |count: usize| match count {
            0 => "no GPU".to_owned(),
            1 => "1 GPU".to_owned(),
            _ => format!("{count} GPUs"),
        };
        let there = self.machine.gpus.len();
        (gpus(limits) > there).then(|| {
            format!(
                "it wants {}, and there is {} (`--gpus N` says otherwise)",
                count(gpus(limits)),
                count(there)
            )
        })
    }

    /// Whether a stage may start now, others left aside.
    pub(crate) fn fits(&self, limits: &Limits) -> bool {
        // What can never run is told so when its turn comes.
        self.refusal(limits).is_some() || self.share(limits, &[]).is_ok()
    }

    /// What a stage gets beside what others have claimed, or what is lacking.
    pub(crate) fn share(&self, limits: &Limits, others: &[&Claim]) -> Result<Share, Lack> {
        let (cpus, memory) = self.wanted(limits);
        let others = others.iter().map(|claim| Share::of(claim));
        let own = self.taken.iter().map(|(_, share)| share.clone());
        let taken: Vec<Share> = own.chain(others).collect();
        let all = taken
            .iter()
            .map(|share| share.cpus)
            .fold(cpus, u32::saturating_add);
        if self.own_used().saturating_add(cpus) > self.own_cpus || all > self.all_cpus {
            return Err(Lack::Cpus);
        }
        let all = taken
            .iter()
            .map(|share| share.memory)
            .fold(memory, u64::saturating_add);
        if self.machine.memory.is_some_and(|there| all > there) {
            return Err(Lack::Memory);
        }
        let is_free = |gpu: &&String| !taken.iter().any(|share| share.gpus.contains(gpu));
        let free = self.machine.gpus.iter().filter(is_free).cloned();
        let free: Vec<String> = free.take(gpus(limits)).collect();
        if free.len() < gpus(limits) {
            return Err(Lack::Gpus);
        }
        if let Some(pool) = &limits.pool {
            let in_pool = |share: &&Share| share.pool.as_ref() == Some(pool);
            let depth = self.pools.get(pool).copied().unwrap_or(1);
            if taken.iter().filter(in_pool).count() >= usize::try_from(depth).unwrap_or(usize::MAX)
            {
                return Err(Lack::Pool(pool.clone()));
            }
        }
        Ok(Share {
            cpus,
            memory,
            gpus: free,
            pool: limits.pool.clone(),
        })
    }

    /// The same, telling who has it.
    pub(crate) fn share_beside(&self, limits: &Limits, others: &Others) -> Result<Share, Obstacle> {
        if self.refusal(limits).is_some() {
            return Ok(Share::default());
        }
        let mut beside: Vec<&Claim> = Vec::new();
        for other in &others.claims {
            beside.push(&other.claim);
            let lacks = |lack| other.obstacle(InTheWay::Has(lack));
            self.share(limits, &beside).map_err(lacks)?;
        }
        let own = |lack| Obstacle {
            process: std::process::id(),
            stage: None,
            what: InTheWay::Has(lack),
            left: BTreeSet::new(),
        };
        self.share(limits, &beside).map_err(own)
    }

    /// Notes what a stage has.
    pub(crate) fn take(&mut self, stage: usize, share: Share) {
        self.taken.push((stage, share));
    }

    /// Takes back what a stage had.
    pub(crate) fn give_back(&mut self, stage: usize) {
        self.taken.retain(|(holder, _)| *holder != stage);
    }

    fn own_used(&self) -> u32 {
        let used = self.taken.iter().map(|(_, share)| share.cpus);
        used.fold(0, u32::saturating_add)
    }

    fn wanted(&self, limits: &Limits) -> (u32, u64) {
        match self.machine.memory {
            Some(there) if limits.memory > there => (self.own_cpus, there),
            Some(_) | None => {
                let cpus = limits.cpus.unwrap_or(1).min(self.own_cpus);
                (cpus, self.machine.memory.map_or(0, |_| limits.memory))
            }
        }
    }
}

fn gpus(limits: &Limits) -> usize {
    usize::try_from(limits.gpus).unwrap_or(usize::MAX)
}
