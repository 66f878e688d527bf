//! `Judge`: how stages stand, by what is on disk, in the lock and in the cache.

use crate::cache::Cache;
use crate::entry::Entry;
use crate::event::Decided;
use crate::fingerprint::{Content, Contents, Fingerprint};
use crate::fs::FsError;
use crate::makers::Makers;
use crate::plan::{Decision, Disk, Evidence, decide};
use crate::rel_path::RelPath;
use crate::snapshot::Snapshot;
use crate::stage::Stage;
use crate::stale::{Change, StaleReason, same};
use std::collections::BTreeMap;
use std::sync::Arc;
use tracing::debug;

/// A stage as it stands: what it is made from, what is decided.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What it would be made from now.
    pub fingerprint: Arc<Fingerprint>,
    /// What to do, and why.
    pub decision: Decision,
    /// What it was last made from.
    pub entry: Option<Arc<Entry>>,
    /// Whether the run cache holds its outs.
    pub cached: bool,
}

impl Judged {
    /// The same, where deps of the stage are nowhere: it was not made from what it is to be made from.
    fn lacking(mut self, stage: &Stage, is_coming: impl Fn(&RelPath) -> bool) -> Self {
        let known = &self.fingerprint.deps;
        let deps = stage.deps.iter().map(|dep| &dep.path);
        let missing = deps.filter(|dep| !known.contains_key(dep.as_str()) && !is_coming(dep));
        let missing: Vec<String> = missing.map(ToString::to_string).collect();
        if !missing.is_empty() {
            self.lacks(missing);
        }
        self
    }

    /// Says that these paths are nowhere: the stage is not as it is to be, and cannot be restored so.
    pub(crate) fn lacks(&mut self, missing: Vec<String>) {
        let decision = &mut self.decision;
        decision.reasons.retain(
            |reason| !matches!(reason, StaleReason::Dep { path, .. } if missing.contains(path)),
        );
        let change = Change::Missing;
        let reasons = missing.into_iter();
        let reasons = reasons.map(|path| StaleReason::Dep { path, change });
        decision.reasons.extend(reasons);
        if decision.what != Decided::Frozen {
            decision.what = Decided::Run;
            decision.restore.clear();
            self.cached = false;
        }
    }
}

/// Stages that are about to make their outs anew, and what those will hold, where that is known.
type Coming = BTreeMap<usize, Option<Contents>>;

/// What judging rests on.
pub(crate) struct Judge<'a> {
    /// The stages that are judged.
    pub(crate) stages: &'a [Stage],
    /// Who makes what among them.
    pub(crate) makers: &'a Makers,
    /// What each was last made from.
    pub(crate) entry: &'a dyn Fn(&str) -> Option<Arc<Entry>>,
    pub(crate) cache: &'a Cache,
    pub(crate) snapshot: &'a Snapshot,
    /// Whether the outs of past runs may be restored.
    pub(crate) run_cache: bool,
    /// Whether what is not there, and cannot be restored, is taken to be as it was.
    pub(crate) allow_missing: bool,
}

impl Judge<'_> {
    /// Judges a stage by what is on disk now.
    pub(crate) fn judge(&self, stage: &Stage, force: bool) -> Result<Judged, FsError> {
        let mut deps = Contents::with_capacity(stage.deps.len());
        for dep in &stage.deps {
            let content = self.content(stage, &dep.path)?;
            deps.extend(content.map(|content| (dep.path.to_string(), content)));
        }
        Ok(self
            .judge_with(stage, deps, force)?
            .lacking(stage, |_| false))
    }

    /// Judges stages in the order they run by what their deps will hold.
    pub(crate) fn plan(
        &self,
        order: &[usize],
        force: bool,
    ) -> Result<Vec<(usize, Judged)>, FsError> {
        let mut coming = Coming::new();
        let mut plan = Vec::with_capacity(order.len());
        for &index in order {
            let judged = self.foresee(&self.stages[index], force, &coming)?;
            match judged.decision.what {
                Decided::Run | Decided::Unknown => {
                    coming.insert(index, None);
                }
                Decided::Restore => {
                    coming.insert(index, Some(judged.decision.restore.clone()));
                }
                Decided::Fresh | Decided::Frozen => {}
            }
            plan.push((index, judged));
        }
        Ok(plan)
    }

    fn judge_with(&self, stage: &Stage, deps: Contents, force: bool) -> Result<Judged, FsError> {
        let entry = (self.entry)(&stage.name);
        let fingerprint = Arc::new(Fingerprint::compute(stage, deps));
        // Of thousands of stages most are as they were: one copy of that will do.
        let known = entry.as_ref().map(|entry| &entry.fingerprint);
        let known = known.filter(|known| **known == fingerprint).cloned();
        let is_known = known.is_some();
        let fingerprint = known.unwrap_or(fingerprint);
        let mut disk = Disk::new();
        for out in &stage.outs {
            disk.insert(
                out.path.to_string(),
                Content::of(&self.snapshot.get(&out.path)?),
            );
        }
        let is_there = |(path, made): (&String, &Content)| {
            let found = disk.get(path).and_then(Option::as_ref);
            found.is_some_and(|found| same(found, made))
        };
        let is_fresh = is_known
            && entry
                .as_ref()
                .is_some_and(|entry| entry.outs.iter().all(is_there));
        let past = if is_fresh || !self.run_cache {
            None
        } else {
            let key = fingerprint.run_key();
            let past = self.cache.look_up(&key);
            debug!(stage = stage.name, %key, hit = past.is_some(), "looked up in the run cache");
            past
        };
        let decision = decide(
            &Evidence {
                stage,
                fingerprint: &fingerprint,
                entry: entry.as_deref(),
                disk: &disk,
                past: past.as_ref().map(|past| &past.outs),
                allow_missing: self.allow_missing,
                force,
            },
            |content| self.cache.has(content),
        );
        let cached = decision.what == Decided::Restore;
        Ok(Judged {
            fingerprint,
            decision,
            entry,
            cached,
        })
    }

    /// Judges a stage by what its deps will hold.
    fn foresee(&self, stage: &Stage, force: bool, coming: &Coming) -> Result<Judged, FsError> {
        let mut deps = Contents::with_capacity(stage.deps.len());
        let mut waits: Vec<StaleReason> = Vec::new();
        for dep in &stage.deps {
            let maker = self
                .makers
                .of(&dep.path)
                .into_iter()
                .find(|m| coming.contains_key(m));
            let content = match maker.map(|maker| (maker, &coming[&maker])) {
                None => self.content(stage, &dep.path)?,
                Some((_, Some(outs))) => self.made(outs, &dep.path),
                Some((_, None)) => None,
            };
            match (content, maker) {
                (Some(content), _) => {
                    deps.insert(dep.path.to_string(), content);
                }
                (None, Some(maker)) => {
                    let stage = self.stages[maker].name.clone();
                    waits.push(StaleReason::Upstream { stage });
                }
                (None, None) => {}
            }
        }
        let mut judged = self.judge_with(stage, deps, force)?;
        judged = judged.lacking(stage, |dep| self.is_coming(dep, coming));
        if !waits.is_empty() && judged.decision.what != Decided::Frozen {
            waits.dedup();
            let reasons = &mut judged.decision.reasons;
            // A dep that another stage is about to make is no change yet.
            reasons.retain(|reason| {
                !matches!(reason, StaleReason::Dep { path, .. }
                    if self.is_coming(&RelPath::root().join(path), coming))
            });
            reasons.extend(waits);
            judged.decision.what = if force {
                Decided::Run
            } else {
                Decided::Unknown
            };
            judged.cached = false;
        }
        Ok(judged)
    }

    /// What a dep of a stage holds; where it is not there, and that is allowed, what it held.
    fn content(&self, stage: &Stage, dep: &RelPath) -> Result<Option<Content>, FsError> {
        let found = Content::of(&self.snapshot.get(dep)?);
        let was = || self.recorded(stage, dep).filter(|_| self.allow_missing);
        Ok(found.or_else(was))
    }

    /// What a dep held: as its maker left it, or else as the stage read it.
    pub(crate) fn recorded(&self, stage: &Stage, dep: &RelPath) -> Option<Content> {
        let made = |maker: usize| {
            let entry = (self.entry)(&self.stages[maker].name)?;
            self.made(&entry.outs, dep)
        };
        let read = || {
            let entry = (self.entry)(&stage.name)?;
            entry.fingerprint.deps.get(dep.as_str()).cloned()
        };
        let mut makers = self.makers.of(dep).into_iter();
        makers.find_map(made).or_else(read)
    }

    fn is_coming(&self, path: &RelPath, coming: &Coming) -> bool {
        self.makers
            .of(path)
            .iter()
            .any(|maker| coming.contains_key(maker))
    }

    /// What a path will hold once these outs are in place; `None` where that cannot be told from them.
    fn made(&self, outs: &Contents, path: &RelPath) -> Option<Content> {
        if let Some(content) = outs.get(path.as_str()) {
            return Some(content.clone());
        }
        outs.iter().find_map(|(out, content)| {
            let out = RelPath::root().join(out);
            self.file_in(content, out.strip(path)?)
        })
    }

    fn file_in(&self, folder: &Content, inside: &str) -> Option<Content> {
        let tree = self.cache.tree(folder)?;
        let file = tree.files().get(inside)?;
        Some(Content {
            digest: file.digest,
            size: file.size,
            files: None,
            executable: file.executable,
        })
    }
}
