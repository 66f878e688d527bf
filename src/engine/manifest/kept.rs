//! [`Kept`]: a pipeline as it was read before, for as long as nothing it was made from differs.

use crate::certificate::key;
use crate::digest::Digest;
use crate::graph::Graph;
use crate::makers::Makers;
use crate::manifest::Pipeline;
use crate::manifest::pipeline::by_name;
use crate::memo;
use crate::pipeline_files::{PipelineFile, PipelineFiles};
use crate::plot::Plot;
use crate::problem::Source;
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::snapshot::Stamp;
use crate::spec::StageSpec;
use crate::stored_stage::StoredStage;
use crate::surroundings::Surroundings;
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use tracing::debug;

/// Paths and their stamps.
type Stamps = Vec<(String, Option<Stamp>)>;

/// A pipeline without what can be told from its stages.
#[derive(Debug, Deserialize)]
pub(super) struct Kept {
    basis: Basis,
    stages: Vec<StoredStage>,
    sources: Vec<Source>,
    plots: Vec<Plot>,
    params: Value,
    pools: BTreeMap<String, u32>,
}

/// What a pipeline was made from.
#[derive(Debug, Serialize, Deserialize)]
struct Basis {
    inputs: Stamps,
    searched: Stamps,
    files: Vec<PipelineFile>,
    pointers: Vec<RelPath>,
    surroundings: Surroundings,
}

impl Kept {
    /// The pipeline, if it would be the same again. With other values for params it is always read anew.
    pub(super) fn load(project: &Project, specs: &[&'static StageSpec]) -> Option<Pipeline> {
        if !project.overrides.is_empty() {
            return None;
        }
        let (path, key) = place(project, specs)?;
        let kept: Self = memo::load(&path, &key)?;
        let files = kept.basis.files(project)?;
        let stages = kept.stages.into_iter();
        let stages: Option<Vec<_>> = stages.map(|stage| stage.into_stage(specs)).collect();
        let (mut stages, mut problems) = (stages?, Vec::new());
        // How many there are was not known before.
        stages.shrink_to_fit();
        let graph = Graph::build(&stages, &kept.sources, &mut problems);
        problems.is_empty().then(|| Pipeline {
            makers: Makers::new(&stages),
            by_name: by_name(&stages),
            stages,
            graph,
            files,
            sources: kept.sources,
            plots: kept.plots,
            params: kept.params,
            pools: kept.pools,
            inputs: kept.basis.inputs,
            absent: Vec::new(),
        })
    }

    /// Keeps a pipeline that was read from `opened` on, if later changes of what it was made from would
    /// show.
    pub(super) fn store(
        pipeline: &Pipeline,
        project: &Project,
        specs: &[&'static StageSpec],
        opened: i64,
    ) {
        let basis = Basis {
            inputs: pipeline.inputs.clone(),
            searched: pipeline.files.searched.clone(),
            files: pipeline.files.all().to_vec(),
            pointers: pipeline.files.pointers.clone(),
            surroundings: Surroundings::of(&pipeline.stages, project),
        };
        let stamps = basis.inputs.iter().chain(&basis.searched);
        let mut stamps = stamps.filter_map(|(_, stamp)| *stamp);
        let is_sound = pipeline.absent.is_empty() && basis.surroundings.hold(project);
        // Where nothing was ever made, to look leaves no trace.
        let is_used = project.state_dir().is_dir();
        if !project.overrides.is_empty()
            || !is_sound
            || !is_used
            || !stamps.all(|stamp| stamp.is_settled(opened))
        {
            return;
        }
        let stages: Vec<_> = pipeline.stages.iter().map(StoredStage::of).collect();
        let Pipeline {
            sources,
            plots,
            params,
            pools,
            ..
        } = pipeline;
        let kept = (basis, stages, sources, plots, params, pools);
        if let Some((path, key)) = place(project, specs) {
            memo::store_short(&path, &key, &kept);
        }
    }
}

impl Basis {
    /// The pipeline files that are there, if all is as it was. Where files came or went in a folder, what
    /// is there is searched again.
    fn files(&self, project: &Project) -> Option<PipelineFiles> {
        let holds = |(path, stamp): &(String, Option<Stamp>)| {
            Stamp::look(&project.root.join(path)) == *stamp
        };
        if !self.surroundings.hold(project) {
            debug!("memo of the pipeline does not hold: the surroundings differ");
            return None;
        }
        if let Some((path, _)) = self.inputs.iter().find(|input| !holds(input)) {
            debug!(path, "memo of the pipeline does not hold");
            return None;
        }
        if self.searched.iter().all(holds) {
            let (searched, pointers) = (self.searched.clone(), self.pointers.clone());
            return Some(PipelineFiles::known(self.files.clone(), searched, pointers));
        }
        let found = PipelineFiles::find(project);
        (found.all() == self.files).then_some(found)
    }
}

/// Where the memo lies, and what it is for: another build of the program may read the files otherwise.
fn place(project: &Project, specs: &[&'static StageSpec]) -> Option<(PathBuf, Digest)> {
    let program = std::env::current_exe().ok()?;
    let stamp = Stamp::look(&program)?;
    let name = program.file_stem()?.to_string_lossy().into_owned();
    let key = format!("{} {stamp:?}", key(project, specs));
    let path = project.own_state(&format!("pipeline-{name}"));
    Some((path, Digest::of(key.as_bytes())))
}
