//! [`Pipeline`]: the stages of a project, resolved, and their graph.

use crate::error::EngineError;
use crate::graph::Graph;
use crate::makers::Makers;
use crate::manifest::kept::Kept;
use crate::manifest::limits::pools;
use crate::manifest::made::Made;
use crate::manifest::matched::searched_from;
use crate::manifest::overridden::unread_overrides;
use crate::manifest::paths::outs_over_params;
use crate::manifest::resolve::Resolver;
use crate::manifest::sheet::{Parsed, Sheet};
use crate::manifest::top_views::add_top_views;
use crate::params::{ParamsFile, ParamsFiles};
use crate::pipeline_files::{PipelineFile, PipelineFiles};
use crate::plot::Plot;
use crate::problem::{Problem, Source};
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::snapshot::{Stamp, now};
use crate::spec::StageSpec;
use crate::stage::{Out, Stage};
use crate::value::Value;
use crate::yaml::{Key, Node};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use tracing::debug;

/// The stages of a project and how they hang together.
#[derive(Debug)]
pub struct Pipeline {
    /// All stages, file by file, in the order of each file.
    pub stages: Vec<Stage>,
    /// Who reads what whom makes.
    pub graph: Graph,
    /// Who makes a path.
    pub makers: Makers,
    /// The pipeline files of the project, those among them that were not to be read too.
    pub files: PipelineFiles,
    /// The texts of those that were read, for problems found later; [`Stage::file`] counts them.
    pub sources: Vec<Source>,
    /// What is drawn from which files.
    pub plots: Vec<Plot>,
    /// The params.yaml of the root as it is now; an empty map where there is none.
    pub params: Value,
    /// How many stages of a pool may run at once, where the file says so; else one.
    pub pools: BTreeMap<String, u32>,
    /// Every file read for it, as it was before; `files` has the folders that were searched.
    pub(crate) inputs: Vec<(String, Option<Stamp>)>,
    /// Params files and folders that are not there.
    pub(super) absent: Vec<Absent>,
    pub(super) by_name: BTreeMap<String, usize>,
}

/// A file or folder that is not there, without which stages cannot run.
#[derive(Debug)]
pub(super) struct Absent {
    pub(super) stages: Vec<String>,
    pub(super) problem: Problem,
    pub(super) path: RelPath,
}

impl Pipeline {
    /// Finds, reads, interpolates, resolves and checks the pipeline files of a project. Where none of
    /// what they are made from differs from when that was done last, what came of it then is taken.
    ///
    /// # Errors
    /// [`EngineError::Problems`] with everything that is wrong in pipeline and params files.
    pub fn load(project: &Project, specs: &[&'static StageSpec]) -> Result<Self, EngineError> {
        if let Some(kept) = Kept::load(project, specs) {
            debug!(stages = kept.stages.len(), "pipeline taken from its memo");
            return Ok(kept);
        }
        debug!("pipeline files are read anew");
        let opened = now();
        let read = Self::read(project, specs)?;
        Kept::store(&read, project, specs, opened);
        Ok(read)
    }

    fn read(project: &Project, specs: &[&'static StageSpec]) -> Result<Self, EngineError> {
        let files = PipelineFiles::find(project);
        let (mut inputs, mut problems) = (Vec::new(), Vec::new());
        let parsed = parsed(project, &files, &mut inputs)?;
        let used = used(parsed.iter().map(|parsed| &parsed.node), specs);
        let mut params = ParamsFiles::with(&project.overrides, used);
        let is_only = parsed.len() == 1;
        let sheets = parsed.into_iter();
        let sheets: Vec<Sheet> = sheets
            .map(|parsed| parsed.expand(&project.root, is_only, &mut params, &mut problems))
            .collect();
        let made = all_made(&sheets);
        let (mut stages, mut absent) = (Vec::new(), Vec::new());
        for (index, sheet) in sheets.iter().enumerate() {
            let mut resolver = Resolver {
                project,
                all: &files,
                file: &sheet.file,
                index,
                folder: sheet.file.folder(),
                source: &sheet.source,
                specs,
                files: &mut params,
                problems: &mut problems,
                absent: &mut absent,
                missing: BTreeMap::new(),
                made: &made,
                sections: BTreeSet::new(),
            };
            stages.extend(resolver.all_stages(sheet));
        }
        inputs.append(&mut params.inputs);
        for sheet in &sheets {
            add_top_views(&sheet.node, &sheet.file.folder(), &mut stages);
            made_files(sheet, &stages, &mut problems);
        }
        let pools = all_pools(&sheets, &mut problems);
        let plots = all_plots(&sheets);
        let sources: Vec<Source> = sheets.into_iter().map(|sheet| sheet.source).collect();
        outs_over_params(&stages, &params, &sources, &mut problems);
        problems.extend(unread_overrides(&stages, &params, &project.overrides));
        let graph = Graph::build(&stages, &sources, &mut problems);
        if !problems.is_empty() {
            problems.extend(absent.into_iter().map(|absent| absent.problem));
            return Err(EngineError::of(problems));
        }
        Ok(Self {
            makers: Makers::new(&stages),
            by_name: by_name(&stages),
            stages,
            graph,
            files,
            sources,
            plots,
            params: params.root_values(),
            pools,
            inputs,
            absent,
        })
    }

    /// The text that declares a stage.
    pub fn source(&self, stage: &Stage) -> &Source {
        &self.sources[stage.file]
    }

    /// The index of a stage by its name.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// Whether a name is that of a stage that was taken out of the pipeline: of a file that was read.
    pub fn is_orphan(&self, name: &str) -> bool {
        let file = self.files.of_stage(name).map(|(file, _)| &file.path);
        let was_read = |file: &RelPath| self.sources.iter().any(|read| read.name == file.as_str());
        self.index(name).is_none() && file.is_none_or(was_read)
    }

    /// The params files and folders that stages cannot be without, and that are not there.
    pub(crate) fn lacks(&self) -> BTreeMap<usize, Vec<String>> {
        let mut lacks: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for absent in &self.absent {
            for stage in absent.stages.iter().filter_map(|name| self.index(name)) {
                lacks
                    .entry(stage)
                    .or_default()
                    .push(absent.path.to_string());
            }
        }
        lacks
    }

    /// A problem for each file and folder that these stages cannot be without.
    pub(crate) fn lacking(&self, stages: &[usize]) -> Vec<Problem> {
        let concerns = |absent: &&Absent| {
            let mut names = absent.stages.iter().filter_map(|name| self.index(name));
            names.any(|index| stages.contains(&index))
        };
        let absent = self.absent.iter().filter(concerns);
        absent.map(|absent| absent.problem.clone()).collect()
    }

    /// The stages of a group (`build` for all `build@…`), or those whose names fit a pattern (`*`, `?`,
    /// `[…]`).
    pub fn group(&self, name: &str) -> Vec<usize> {
        let is_pattern = name.contains(['*', '?', '[']);
        let pattern = glob::Pattern::new(name).ok().filter(|_| is_pattern);
        let member = |stage: &Stage| match &pattern {
            Some(pattern) => pattern.matches(&stage.name),
            None => stage
                .name
                .split_once('@')
                .is_some_and(|(group, _)| group == name),
        };
        let members = self.stages.iter().enumerate();
        let members = members.filter(|(_, stage)| member(stage));
        members.map(|(index, _)| index).collect()
    }

    /// The files that were read for it, and the folders searched, by path.
    pub(crate) fn read_files(&self) -> impl Iterator<Item = &str> {
        let there = self.inputs.iter().filter(|(_, stamp)| stamp.is_some());
        there.map(|(path, _)| path.as_str())
    }

    /// The values of all params files that stages read, by file.
    pub fn params_by_file(&self) -> BTreeMap<RelPath, BTreeMap<String, Value>> {
        let mut files: BTreeMap<RelPath, BTreeMap<String, Value>> = BTreeMap::new();
        for stage in &self.stages {
            for ((file, key), value) in &stage.params {
                files
                    .entry(file.clone())
                    .or_default()
                    .insert(key.clone(), value.clone());
            }
        }
        files
    }
}

/// The pipeline files that are to be read, parsed; their stamps before that are inputs.
fn parsed(
    project: &Project,
    files: &PipelineFiles,
    inputs: &mut Vec<(String, Option<Stamp>)>,
) -> Result<Vec<Parsed>, EngineError> {
    let is_wanted =
        |file: &&PipelineFile| project.only.as_ref().is_none_or(|only| file.path == *only);
    let wanted: Vec<&PipelineFile> = files.all().iter().filter(is_wanted).collect();
    if wanted.is_empty() {
        return Err(EngineError::of(vec![PipelineFiles::none(project)]));
    }
    let root = &project.root;
    let read = wanted.into_par_iter().map(|file| {
        let stamp = Stamp::look(&file.path.under(root));
        ((file.path.to_string(), stamp), Parsed::read(root, file))
    });
    let read: Vec<_> = read.collect();
    let (mut sound, mut problems) = (Vec::new(), Vec::new());
    for (stamp, parsed) in read {
        inputs.push(stamp);
        match parsed {
            Ok(parsed) => sound.push(parsed),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        return Ok(sound);
    }
    // What the stages of a broken file make is not known: more would be said than is wrong.
    Err(EngineError::of(problems))
}

/// The built-in stages that pipeline files name.
fn used<'a>(
    files: impl Iterator<Item = &'a Node>,
    specs: &[&'static StageSpec],
) -> Vec<&'static StageSpec> {
    let stages = files.filter_map(|file| file.get("stages").and_then(Node::entries));
    let uses = |(_, stage): &(Key, Node)| {
        let stage = stage.get("do").unwrap_or(stage);
        stage.get("uses").map(Node::to_value)
    };
    let names: Vec<Value> = stages.flatten().filter_map(uses).collect();
    let is_named = |spec: &&&'static StageSpec| {
        let mut names = names.iter().filter_map(Value::as_text);
        names.any(|name| name == spec.name)
    };
    specs.iter().filter(is_named).copied().collect()
}

pub(super) fn by_name(stages: &[Stage]) -> BTreeMap<String, usize> {
    let names = stages.iter().enumerate();
    names
        .map(|(index, stage)| (stage.name.clone(), index))
        .collect()
}

fn all_made(sheets: &[Sheet]) -> Made {
    let mut made = Made::default();
    for sheet in sheets {
        made.add(&sheet.file, &sheet.declarations);
    }
    made
}

/// A problem for each pattern under `files` that may name what a stage makes: the stages of the group
/// would come and go with the outs of another.
fn made_files(sheet: &Sheet, stages: &[Stage], problems: &mut Vec<Problem>) {
    for files in &sheet.patterns {
        let glob = glob::Pattern::new(files.pattern.as_str()).ok();
        let from = searched_from(&files.pattern);
        let is_meant = |out: &&Out| {
            let path = &out.path;
            path.contains(&from)
                || glob
                    .as_ref()
                    .is_some_and(|glob| glob.matches(path.as_str()))
                || files.found.iter().any(|found| path.contains(found))
        };
        let made = |stage: &Stage| stage.outs.iter().find(is_meant).map(|out| out.path.clone());
        let found = stages
            .iter()
            .find_map(|stage| Some((made(stage)?, &stage.name)));
        if let Some((out, maker)) = found {
            let group = &files.stage;
            let message =
                format!("`files` of stage `{group}` names `{out}`, which stage `{maker}` makes");
            let problem = Problem::at(&sheet.source, files.place, message);
            let hint = "which stages there are is known before one runs: list them with `foreach`";
            problems.push(problem.hint(hint));
        }
    }
}

/// The plots of all files: the first that is called so is the one.
fn all_plots(sheets: &[Sheet]) -> Vec<Plot> {
    let mut found: Vec<Plot> = Vec::new();
    for plot in sheets.iter().flat_map(|sheet| &sheet.plots) {
        if found.iter().all(|known| known.name != plot.name) {
            found.push(plot.clone());
        }
    }
    found
}

/// The pools of all files: a name means the same pool in each.
fn all_pools(sheets: &[Sheet], problems: &mut Vec<Problem>) -> BTreeMap<String, u32> {
    let each = sheets.iter();
    each.flat_map(|sheet| pools(&sheet.node, &sheet.source, problems))
        .collect()
}

/// The text of a params file at some other time, as values.
///
/// # Errors
/// [`EngineError::Problems`] where it is not a params file.
pub fn parse_params(name: &str, text: String) -> Result<Value, EngineError> {
    ParamsFile::parse(name, text)
        .map(|file| file.value)
        .map_err(EngineError::Problems)
}
