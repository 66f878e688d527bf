//! [`KeptStages`]: the stages of a project that was all fresh, each found without reading the others.

use crate::digest::Digest;
use crate::entry::Entry;
use crate::memo::{Parts, PartsWriter};
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::stage::Stage;
use crate::stored_stage::StoredStage;
use crate::workspace::Workspace;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Stages by name, and who looks at which path.
#[derive(Debug)]
pub(crate) struct KeptStages(Parts);

/// One stage.
#[derive(Debug, Deserialize)]
pub(crate) struct KeptStage {
    /// Its place in the pipeline.
    pub(crate) index: usize,
    /// The stages that read what it makes, by their place in the order they run.
    pub(crate) readers: Vec<usize>,
    pub(crate) stage: StoredStage,
}

impl KeptStages {
    /// Keeps the stages of a workspace all of whose stages are fresh; `None` where that cannot be.
    pub(crate) fn store(workspace: &Workspace, key: &Digest) -> Option<Digest> {
        let pipeline = &workspace.pipeline;
        let mut places = vec![0; pipeline.stages.len()];
        for (place, &index) in pipeline.graph.order().iter().enumerate() {
            places[index] = place;
        }
        let mut looks: BTreeMap<&RelPath, Vec<usize>> = BTreeMap::new();
        for (stage, &place) in pipeline.stages.iter().zip(&places) {
            let deps = stage.deps.iter().map(|dep| &dep.path);
            for path in deps.chain(stage.outs.iter().map(|out| &out.path)) {
                looks.entry(path).or_default().push(place);
            }
        }
        let mut stages: Vec<(usize, &Stage)> = pipeline.stages.iter().enumerate().collect();
        stages.sort_unstable_by_key(|(_, stage)| &stage.name);
        let mut parts = PartsWriter::new(&path(&workspace.project));
        for (_, stage) in &stages {
            let entry = workspace.lock.get(&stage.name)?;
            parts.add(&entry_of(&stage.name), |bytes| {
                rmp_serde::encode::write_named(bytes, &*entry)
            })?;
        }
        for (path, looking) in looks {
            parts.add(&by_path(path.as_str()), |bytes| {
                rmp_serde::encode::write(bytes, &looking)
            })?;
        }
        for (index, stage) in stages {
            let readers = pipeline.graph.downstream(index).into_iter();
            let readers: Vec<usize> = readers.map(|reader| places[reader]).collect();
            parts.add(&by_name(&stage.name), |bytes| {
                rmp_serde::encode::write(bytes, &(index, readers, StoredStage::of(stage)))
            })?;
        }
        Some(parts.finish(key))
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

    /// What a stage was last made from.
    pub(crate) fn entry(&self, name: &str) -> Option<Entry> {
        rmp_serde::from_slice(self.0.get(&entry_of(name))?).ok()
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

fn by_name(name: &str) -> String {
    format!("stage {name}")
}

fn entry_of(name: &str) -> String {
    format!("entry {name}")
}

fn by_path(path: &str) -> String {
    format!("path {path}")
}

fn path(project: &Project) -> PathBuf {
    project.own_state("fresh-stages")
}
