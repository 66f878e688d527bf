//! [`Certificate`]: everything was fresh, and this is what it looked like.
//!
//! Once all stages of a project are found fresh, the stamps of every file and folder that were looked
//! at for it are kept. As long as each of them is the same, nothing needs to be read, parsed or hashed:
//! a run with nothing to do costs one `stat` a path. Where some differ, [`crate::standing`] looks at the
//! stages they concern; the certificate itself is never a reason to call something stale.

use crate::digest::Digest;
use crate::event::Decided;
use crate::judge::Judged;
use crate::kept_stages::KeptStages;
use crate::memo::{Parts, PartsWriter};
use crate::pipeline_files::{PipelineFile, PipelineFiles};
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::snapshot::{Seen, Stamp};
use crate::spec::StageSpec;
use crate::surroundings::Surroundings;
use crate::workspace::Workspace;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use tracing::debug;

/// Raised when what makes a stage fresh changes.
const VERSION: u32 = 6;

/// The part that is no path.
const HEAD: &str = "\0head";

/// To look at fewer paths, waking other cores takes longer.
const MANY: usize = 4096;

/// Everything was fresh, and this is what it looked like.
#[derive(Debug, Serialize, Deserialize)]
pub struct Certificate {
    /// The stages, in the order they run.
    pub stages: Vec<String>,
    /// What was read for the pipeline and the lock.
    pub(crate) inputs: BTreeSet<String>,
    /// What was searched for pipeline files. All other paths are those of deps and outs.
    pub(crate) searched: BTreeSet<String>,
    /// The pipeline files that were found.
    files: Vec<PipelineFile>,
    /// The pointers that were found beside them.
    pointers: Vec<RelPath>,
    /// The data of pointers, all of it as they name it; `None` where it is not, or nobody has looked.
    pub(crate) data: Option<BTreeSet<RelPath>>,
    surroundings: Surroundings,
    /// Which [`KeptStages`] belong to it.
    pub(crate) kept: Digest,
}

impl Certificate {
    /// The certificate of a project, if it still holds.
    pub fn load(project: &Project, specs: &[&'static StageSpec]) -> Option<Self> {
        let (certificate, changed) = Self::check(project, specs)?;
        changed.is_empty().then_some(certificate)
    }

    /// The certificate of a project, and the paths that do not look as they did. `None` where there is
    /// none, or other things than paths differ.
    pub(crate) fn check(
        project: &Project,
        specs: &[&'static StageSpec],
    ) -> Option<(Self, Vec<String>)> {
        if !project.overrides.is_empty() || journal(project).exists() {
            debug!("certificate is not asked: other params, or a run that did not end");
            return None;
        }
        let paths = Parts::load(&path(project), &key(project, specs));
        let head = paths.get(HEAD);
        let Some(certificate) = head.and_then(|head| rmp_serde::from_slice::<Self>(head).ok())
        else {
            debug!("there is no certificate of this program");
            return None;
        };
        if !certificate.surroundings.hold(project) {
            debug!("certificate does not hold: the surroundings differ");
            return None;
        }
        let changed = |index: usize| {
            let (path, stamp) = paths.at(index)?;
            let looks = || encode(Stamp::look(&project.root.join(path)));
            (path != HEAD && looks() != stamp).then(|| path.to_owned())
        };
        let changed: Vec<String> = if paths.len() < MANY {
            (0..paths.len()).filter_map(changed).collect()
        } else {
            (0..paths.len())
                .into_par_iter()
                .filter_map(changed)
                .collect()
        };
        if changed.is_empty() {
            debug!(paths = paths.len(), "certificate holds");
        } else {
            debug!(?changed, "certificate does not hold: paths differ");
        }
        Some((certificate, changed))
    }

    /// Whether a search found the same files again.
    pub(crate) fn knows(&self, files: &PipelineFiles) -> bool {
        files.all() == self.files && files.pointers == self.pointers
    }

    /// Notes how `changed` paths look, which no stage looks at, where a search that began at `opened` found
    /// the same pipeline files. `false` where other folders were searched than before.
    pub(crate) fn searched_again(
        &self,
        project: &Project,
        specs: &[&'static StageSpec],
        changed: &[String],
        (files, opened): (&PipelineFiles, i64),
    ) -> bool {
        if files.searched_paths() != self.searched {
            return false;
        }
        // The others may have changed since they were compared, and stages may look at them.
        let is_meant = |(path, _): &&(String, Option<Stamp>)| changed.contains(path);
        let searched = files.searched.iter().filter(is_meant);
        let is_settled = |stamp: Stamp| stamp.is_settled(opened);
        // What may change without a trace is noted next time.
        if !searched
            .clone()
            .all(|(_, stamp)| stamp.is_none_or(is_settled))
        {
            return true;
        }
        let searched: BTreeMap<&str, Vec<u8>> = searched
            .map(|(path, stamp)| (path.as_str(), encode(*stamp)))
            .collect();
        let key = key(project, specs);
        let before = Parts::load(&path(project), &key);
        let parts: Vec<(&str, &[u8])> = before
            .iter()
            .map(|(path, stamp)| (path, searched.get(path).map_or(stamp, Vec::as_slice)))
            .collect();
        Parts::store(&path(project), &key, &parts);
        true
    }

    /// Keeps a certificate, if this plan of the whole pipeline found everything fresh.
    pub fn keep(workspace: &Workspace, plan: &[(usize, Judged)]) {
        let all_fresh = plan
            .iter()
            .all(|(_, judged)| judged.decision.what == Decided::Fresh);
        if all_fresh && plan.len() == workspace.pipeline.stages.len() {
            Self::of_fresh(workspace);
        }
    }

    /// Keeps a certificate of a project all of whose stages were just found fresh.
    pub(crate) fn of_fresh(workspace: &Workspace) {
        let Workspace {
            project, pipeline, ..
        } = workspace;
        let always = pipeline
            .stages
            .iter()
            .any(|stage| stage.always_changed || stage.is_callback());
        let settled = stamps(workspace).is_some_and(|paths| {
            let mut stamps = paths.iter().filter_map(|(_, stamp)| *stamp);
            stamps.all(|stamp| stamp.is_settled(workspace.opened))
        });
        // What is fresh with other params, or were it there, is not what the files say.
        let is_other = !project.overrides.is_empty() || workspace.allow_missing;
        if always || !settled || is_other {
            debug!(always, settled, is_other, "no certificate is kept");
            return;
        }
        let order = pipeline.graph.order();
        let key = key(project, workspace.registry.specs());
        let Some(kept) = KeptStages::store(workspace, &key) else {
            return;
        };
        let certificate = Self {
            stages: order
                .iter()
                .map(|&index| pipeline.stages[index].name.clone())
                .collect(),
            inputs: inputs(workspace).map(|(path, _)| path).collect(),
            searched: pipeline.files.searched_paths(),
            files: pipeline.files.all().to_vec(),
            pointers: pipeline.files.pointers.clone(),
            data: data(workspace),
            surroundings: Surroundings::of(&pipeline.stages, project),
            kept,
        };
        // Looked up once more: of thousands of stages, each such list counts.
        if let (Ok(head), Some(paths)) = (rmp_serde::to_vec(&certificate), stamps(workspace)) {
            let mut parts = PartsWriter::new(&path(project));
            // The root, whose path is empty, comes before the head.
            let (before, after) = paths.split_at(paths.partition_point(|(path, _)| &**path < HEAD));
            let part = |(path, stamp): &'_ Seen| (Arc::clone(path), encode(*stamp));
            let (before, after) = (before.iter().map(part), after.iter().map(part));
            for (name, part) in before.chain([(Arc::from(HEAD), head)]).chain(after) {
                parts.put(&name, &part);
            }
            parts.finish(&key);
            debug!(paths = paths.len(), "certificate kept");
        }
    }
}

/// The data of pointers, where all of it is as they name it.
fn data(workspace: &Workspace) -> Option<BTreeSet<RelPath>> {
    if workspace.pipeline.files.pointers.is_empty() {
        return Some(BTreeSet::new());
    }
    let data = workspace.data.get()?;
    data.changes.is_empty().then(|| data.paths.clone())
}

/// Nothing where nothing was there.
fn encode(stamp: Option<Stamp>) -> Vec<u8> {
    stamp.map_or_else(Vec::new, |stamp| stamp.encode().to_vec())
}

/// Every file that was read for the pipeline and the lock.
fn inputs(workspace: &Workspace) -> impl Iterator<Item = (String, Option<Stamp>)> {
    let inputs = workspace.pipeline.inputs.iter().cloned();
    inputs.chain(workspace.lock.inputs())
}

/// Everything that was looked at; `None` where something changed meanwhile.
fn stamps(workspace: &Workspace) -> Option<Vec<Seen>> {
    let mut paths = workspace.snapshot.seen();
    let searched = workspace.pipeline.files.searched.iter().cloned();
    let others = inputs(workspace).chain(searched);
    paths.extend(others.map(|(path, stamp)| (Arc::from(path), stamp)));
    paths.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    paths.dedup();
    let is_one = |two: &[Seen]| matches!(two, [(one, _), (other, _)] if one != other);
    paths.windows(2).all(is_one).then_some(paths)
}

fn path(project: &Project) -> PathBuf {
    project.own_state("fresh")
}

fn journal(project: &Project) -> PathBuf {
    project.own_state("journal")
}

/// The program, its built-in stages and the pipeline file, where one is named.
pub(crate) fn key(project: &Project, specs: &[&'static StageSpec]) -> Digest {
    let only = project.only.as_ref().map_or("", |only| only.as_str());
    let mut text = format!("{VERSION} {} {only}", env!("CARGO_PKG_VERSION"));
    for spec in specs {
        text.push_str(spec.name);
        text.push_str(spec.code.digest);
    }
    Digest::of(text.as_bytes())
}
