//! [`Standing`]: how all stages stand, where only what changed since all was fresh is looked at.
//!
//! What a certificate says of a stage holds as long as every path the stage looks at is as it was, and
//! every stage before it. So the stages that look at a changed path, and all after them, are judged as
//! ever; the others are fresh. Where more than such paths differ, or anything is wrong, nothing is said
//! here, and everything is worked out from the pipeline file.

use crate::cache::Cache;
use crate::certificate::{Certificate, key};
use crate::config::Config;
use crate::entry::Entry;
use crate::event::Decided;
use crate::judge::{Judge, Judged};
use crate::kept_stages::{KeptStage, KeptStages};
use crate::makers::Makers;
use crate::pipeline_files::PipelineFiles;
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::snapshot::{PathState, Snapshot, is_rules, now};
use crate::spec::StageSpec;
use crate::stage::Stage;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use tracing::debug;

/// How all stages stand.
#[derive(Debug)]
pub struct Standing {
    /// The stages, in the order they run.
    stages: Vec<String>,
    /// Those that were judged anew, by their place in that order; all others are fresh.
    judged: BTreeMap<usize, Judged>,
}

impl Standing {
    /// How the stages stand, if the project's certificate can tell, and tells that all data is what its
    /// pointers name.
    pub fn find(project: &Project, specs: &[&'static StageSpec]) -> Option<Self> {
        let (certificate, changed) = Certificate::check(project, specs)?;
        let data = certificate.data.as_ref()?;
        let paths = changed.iter().map(|path| RelPath::root().join(path));
        if paths
            .into_iter()
            .any(|path| data.iter().any(|data| data.contains(&path)))
        {
            return None;
        }
        let judged = if changed.is_empty() {
            BTreeMap::new()
        } else {
            let judged = judge(project, specs, &certificate, &changed);
            if let Some(judged) = &judged {
                debug!(stages = judged.len(), "judged what the changes concern");
            } else {
                debug!("the changes concern the whole pipeline");
            }
            judged?
        };
        Some(Self {
            stages: certificate.stages,
            judged,
        })
    }

    /// Whether all are fresh.
    pub fn is_fresh(&self) -> bool {
        self.judged.is_empty()
    }

    /// All stages, in the order they run, and how they stand; `None` where they are fresh.
    pub fn stages(&self) -> impl ExactSizeIterator<Item = (&str, Option<&Judged>)> {
        let stages = self.stages.iter().enumerate();
        stages.map(|(place, name)| (name.as_str(), self.judged.get(&place)))
    }
}

/// Judges the stages that changed paths concern.
fn judge(
    project: &Project,
    specs: &[&'static StageSpec],
    certificate: &Certificate,
    changed: &[String],
) -> Option<BTreeMap<usize, Judged>> {
    let opened = now();
    let has_rules = |path: &str| Path::new(path).file_name().is_some_and(is_rules);
    let is_other = |path: &String| certificate.inputs.contains(path) || has_rules(path);
    if changed.iter().any(is_other) {
        return None;
    }
    let is_searched = |path: &String| certificate.searched.contains(path);
    let files = changed
        .iter()
        .any(is_searched)
        .then(|| PipelineFiles::find(project));
    if files
        .as_ref()
        .is_some_and(|files| !certificate.knows(files))
    {
        return None;
    }
    let key = key(project, specs);
    let kept = KeptStages::load(project, &key, &certificate.kept)?;
    let concerned = concerned(&kept, certificate, changed)?;
    if concerned.is_empty() {
        let found = (&files?, opened);
        let is_known = certificate.searched_again(project, specs, changed, found);
        return is_known.then(BTreeMap::new);
    }
    let (mut stages, mut entries) = (Vec::new(), BTreeMap::new());
    for (place, stage) in concerned {
        let (index, name) = (stage.index, &certificate.stages[place]);
        entries.insert(name.clone(), Arc::new(kept.entry(name)?));
        stages.push((index, place, stage.stage.into_stage(specs)?));
    }
    stages.sort_by_key(|(index, ..)| *index);
    let mut order: Vec<usize> = (0..stages.len()).collect();
    order.sort_by_key(|&index| stages[index].1);
    let places: Vec<usize> = stages.iter().map(|(_, place, _)| *place).collect();
    let stages: Vec<Stage> = stages.into_iter().map(|(.., stage)| stage).collect();
    let plan = plan(project, &stages, &order, &entries)?;
    // Where all is fresh after all, the pipeline is due for a new certificate.
    plan.iter()
        .any(|(_, judged)| judged.decision.what != Decided::Fresh)
        .then(|| {
            let placed = plan
                .into_iter()
                .map(|(index, judged)| (places[index], judged));
            placed.collect()
        })
}

/// The stages that look at changed paths, and all after them, by their place in the order they run.
fn concerned(
    kept: &KeptStages,
    certificate: &Certificate,
    changed: &[String],
) -> Option<BTreeMap<usize, KeptStage>> {
    let mut waiting = BTreeSet::new();
    for path in changed {
        let mut looking = kept.looking_at(path)?;
        if looking.is_empty() && !certificate.searched.contains(path) {
            return None;
        }
        waiting.append(&mut looking);
    }
    let mut found = BTreeMap::new();
    while let Some(place) = waiting.pop_first() {
        let stage = kept.get(certificate.stages.get(place)?)?;
        waiting.extend(
            stage
                .readers
                .iter()
                .filter(|place| !found.contains_key(*place)),
        );
        found.insert(place, stage);
    }
    Some(found)
}

fn plan(
    project: &Project,
    stages: &[Stage],
    order: &[usize],
    entries: &BTreeMap<String, Arc<Entry>>,
) -> Option<Vec<(usize, Judged)>> {
    let makers = Makers::new(stages);
    let snapshot = Snapshot::new(project);
    let deps = stages.iter().flat_map(|stage| &stage.deps);
    let sources = deps.filter(|dep| makers.of(&dep.path).is_empty());
    let sources: Vec<RelPath> = sources.map(|dep| dep.path.clone()).collect();
    snapshot.take(&sources).ok()?;
    for path in &sources {
        if snapshot.get(path).ok()? == PathState::Missing {
            return None;
        }
    }
    for stage in stages {
        let deps = stage.deps.iter().map(|dep| &dep.path);
        for path in deps.chain(stage.outs.iter().map(|out| &out.path)) {
            if snapshot.ignored(path).ok()?.is_some() {
                return None;
            }
        }
    }
    let cache = Cache::new(project, Config::load(project).ok()?.links);
    let judge = Judge {
        stages,
        makers: &makers,
        entry: &|stage| entries.get(stage).cloned(),
        cache: &cache,
        snapshot: &snapshot,
        run_cache: true,
        allow_missing: false,
    };
    let plan = judge.plan(order, false).ok()?;
    snapshot.save_what_is_dear();
    Some(plan)
}
