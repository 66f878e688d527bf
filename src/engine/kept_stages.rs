//! [`KeptStages`]: the stages of a project that was all fresh, each found without reading the others.

use crate::digest::Digest;
use crate::entry::Entry;
use crate::limits::Limits;
use crate::memo::Parts;
use crate::problem::Place;
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::spec::StageSpec;
use crate::stage::{Action, Dep, Out, Stage};
use crate::value::Value;
use crate::workspace::Workspace;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Stages by name, and who looks at which path.
#[derive(Debug)]
pub(crate) struct KeptStages(Parts);

/// One stage, as far as judging it needs.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KeptStage {
    /// Its place in the pipeline file.
    pub(crate) index: usize,
    /// The stages that read what it makes, by their place in the order they run.
    pub(crate) readers: Vec<usize>,
    /// What it was last made from.
    pub(crate) entry: Entry,
    uses: Option<String>,
    cmd: Vec<String>,
    wdir: RelPath,
    env: BTreeMap<String, Option<String>>,
    params: Vec<(RelPath, String, Value)>,
    deps: Vec<RelPath>,
    outs: Vec<KeptOut>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptOut {
    path: RelPath,
    cache: bool,
    persist: bool,
}

impl KeptStages {
    /// Keeps the stages of a workspace all of whose stages are fresh; `None` where that cannot be.
    pub(crate) fn store(workspace: &Workspace, key: &Digest) -> Option<Digest> {
        let pipeline = &workspace.pipeline;
        let mut places = vec![0; pipeline.stages.len()];
        for (place, &index) in pipeline.graph.order().iter().enumerate() {
            places[index] = place;
        }
        let stages = pipeline.stages.par_iter().enumerate();
        let stages = stages.map(|(index, stage)| {
            let readers = pipeline.graph.downstream(index);
            let kept = KeptStage::of(
                index,
                stage,
                readers.into_iter().map(|reader| places[reader]).collect(),
                workspace.lock.get(&stage.name)?,
            );
            Some((by_name(&stage.name), rmp_serde::to_vec_named(&kept).ok()?))
        });
        let mut parts = stages.collect::<Option<Vec<_>>>()?;
        let mut looks: BTreeMap<&RelPath, BTreeSet<usize>> = BTreeMap::new();
        for (stage, place) in pipeline.stages.iter().zip(places) {
            let deps = stage.deps.iter().map(|dep| &dep.path);
            for path in deps.chain(stage.outs.iter().map(|out| &out.path)) {
                looks.entry(path).or_default().insert(place);
            }
        }
        for (path, stages) in looks {
            parts.push((by_path(path.as_str()), rmp_serde::to_vec(&stages).ok()?));
        }
        parts.par_sort_unstable();
        let parts: Vec<(&str, &[u8])> = parts
            .iter()
            .map(|(name, part)| (&**name, &**part))
            .collect();
        Some(Parts::store(&path(&workspace.project), key, &parts))
    }

    /// What was kept under this digest.
    pub(crate) fn load(project: &Project, key: &Digest, digest: &Digest) -> Option<Self> {
        let parts = Parts::load(&path(project), key);
        (parts.digest() == Some(*digest)).then_some(Self(parts))
    }

    /// A stage by its name.
    pub(crate) fn get(&self, name: &str) -> Option<KeptStage> {
        rmp_serde::from_slice(self.0.get(&by_name(name))?).ok()
    }

    /// The stages that look at a path, at a folder it lies in, by their place in the order they run.
    pub(crate) fn looking_at(&self, path: &str) -> Option<BTreeSet<usize>> {
        let path = path.trim_end_matches('/');
        let above = path.match_indices('/').map(|(end, _)| &path[..end]);
        let mut found = BTreeSet::new();
        for path in above.chain([path, "", "/"]) {
            if let Some(part) = self.0.get(&by_path(path)) {
                found.append(&mut rmp_serde::from_slice(part).ok()?);
            }
        }
        Some(found)
    }
}

impl KeptStage {
    fn of(index: usize, stage: &Stage, readers: Vec<usize>, entry: Entry) -> Self {
        let (uses, cmd) = match &stage.action {
            Action::Builtin(spec) => (Some(spec.name.to_owned()), Vec::new()),
            Action::Command(cmd) => (None, cmd.clone()),
        };
        let params = stage.params.iter();
        let out = |out: &Out| KeptOut {
            path: out.path.clone(),
            cache: out.cache,
            persist: out.persist,
        };
        Self {
            index,
            readers,
            entry,
            uses,
            cmd,
            wdir: stage.wdir.clone(),
            env: stage.env.clone(),
            params: params
                .map(|((file, key), value)| (file.clone(), key.clone(), value.clone()))
                .collect(),
            deps: stage.deps.iter().map(|dep| dep.path.clone()).collect(),
            outs: stage.outs.iter().map(out).collect(),
        }
    }

    /// The stage, without what only messages and runs need, and what it was last made from.
    pub(crate) fn into_stage(
        self,
        name: &str,
        specs: &[&'static StageSpec],
    ) -> Option<(Stage, Entry)> {
        let action = match self.uses {
            Some(uses) => Action::Builtin(specs.iter().find(|spec| spec.name == uses)?),
            None => Action::Command(self.cmd),
        };
        let place = Place::default();
        let dep = |path| Dep { path, place };
        let out = |out: KeptOut| Out {
            path: out.path,
            place,
            cache: out.cache,
            persist: out.persist,
        };
        let params = self.params.into_iter();
        let stage = Stage {
            name: name.to_owned(),
            // Problems are told from the pipeline file itself.
            file: 0,
            place,
            action,
            wdir: self.wdir,
            env: self.env,
            params: params
                .map(|(file, key, value)| ((file, key), value))
                .collect(),
            arguments: Value::Null,
            deps: self.deps.into_iter().map(dep).collect(),
            outs: self.outs.into_iter().map(out).collect(),
            views: Vec::new(),
            limits: Limits::default(),
            // Such stages are never certified.
            frozen: false,
            always_changed: false,
            desc: None,
        };
        Some((stage, self.entry))
    }
}

fn by_name(name: &str) -> String {
    format!("stage {name}")
}

fn by_path(path: &str) -> String {
    format!("path {path}")
}

fn path(project: &Project) -> PathBuf {
    project.own_state("fresh-stages")
}
