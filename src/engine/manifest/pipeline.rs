//! [`Pipeline`]: the stages of a project, resolved, and their graph.

use crate::error::EngineError;
use crate::graph::Graph;
use crate::makers::Makers;
use crate::manifest::Declaration;
use crate::manifest::declarations::declarations;
use crate::manifest::expand::Expander;
use crate::manifest::limits::pools;
use crate::manifest::resolve::Resolver;
use crate::manifest::top_views::add_top_views;
use crate::manifest::vars::Vars;
use crate::params::{DEFAULT_FILE, ParamsFile, ParamsFiles};
use crate::problem::{Problem, Source};
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::snapshot::Stamp;
use crate::spec::StageSpec;
use crate::stage::Stage;
use crate::value::Value;
use crate::yaml::{self, Key, Node};
use std::collections::{BTreeMap, BTreeSet};

/// The stages of a project and how they hang together.
#[derive(Debug)]
pub struct Pipeline {
    /// All stages, in the order of the file.
    pub stages: Vec<Stage>,
    /// Who reads what whom makes.
    pub graph: Graph,
    /// Who makes a path.
    pub makers: Makers,
    /// The pipeline file's text, for problems found later.
    pub source: Source,
    /// The default params file as it is now; an empty map where there is none.
    pub params: Value,
    /// How many stages of a pool may run at once, where the file says so; else one.
    pub pools: BTreeMap<String, u32>,
    /// Every file read for it, as it was before.
    pub(crate) inputs: Vec<(String, Option<Stamp>)>,
}

impl Pipeline {
    /// Reads, interpolates, resolves and checks the pipeline of a project.
    ///
    /// # Errors
    /// [`EngineError::Problems`] with everything that is wrong in pipeline and params files.
    pub fn load(project: &Project, specs: &[&'static StageSpec]) -> Result<Self, EngineError> {
        let name = project.pipeline_name();
        let own = (name.to_owned(), Stamp::look(project.pipeline_path()));
        let source = read(project)?;
        let mut problems = Vec::new();
        let parsed = yaml::parse(&source);
        let used = parsed.as_ref().map_or(Vec::new(), |node| used(node, specs));
        let mut files = ParamsFiles::with(&project.overrides, used);
        let path = RelPath::root().join(DEFAULT_FILE);
        let params = files.load(&project.root, &path, &mut problems).map_or_else(
            || Value::Map(indexmap::IndexMap::new()),
            |file| file.value.clone(),
        );
        let node = parsed.map_err(|found| sorted([found, problems.clone()].concat()))?;
        let mut expander = Expander {
            root: &project.root,
            source: &source,
            vars: Vars::new(&path, files.get(&path).map(|file| &file.value)),
            default_is_broken: files.is_broken(&path),
            files: &mut files,
            problems: &mut problems,
            said_missing: false,
        };
        let node = expander.file(&node);
        let said_missing = expander.said_missing;
        let pools = pools(&node, &source, &mut problems);
        let declarations = declarations(&node, &source, &mut problems);
        let mut resolver = Resolver {
            project,
            source: &source,
            specs,
            files,
            problems,
            missing: BTreeMap::new(),
            made: declarations.iter().flat_map(made).collect(),
            sections: BTreeSet::new(),
        };
        let mut stages: Vec<Stage> = declarations
            .into_iter()
            .filter_map(|stage| resolver.stage(&stage))
            .collect();
        add_top_views(&node, &mut stages);
        if said_missing {
            resolver.missing.remove(&path);
        }
        let inputs = resolver.files.inputs.iter().cloned().chain([own]).collect();
        resolver.unread_overrides(&stages);
        let mut problems = resolver.finish(&stages);
        let graph = Graph::build(&stages, &source, &mut problems);
        if !problems.is_empty() {
            return Err(sorted(problems));
        }
        Ok(Self {
            makers: Makers::new(&stages),
            stages,
            graph,
            source,
            params,
            pools,
            inputs,
        })
    }

    /// The index of a stage by its name.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.name == name)
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

fn read(project: &Project) -> Result<Source, EngineError> {
    let name = project.pipeline_name();
    let hint = "`kaslite init` makes a small project here";
    match Source::read(name, project.pipeline_path()) {
        Ok(Some(source)) => Ok(source),
        Ok(None) => Err(only(Problem::in_file(name, "no such file").hint(hint))),
        Err(problem) => Err(only(problem)),
    }
}

/// The built-in stages that a pipeline file names.
fn used(file: &Node, specs: &[&'static StageSpec]) -> Vec<&'static StageSpec> {
    let stages = file.get("stages").and_then(Node::entries);
    let stages = stages.unwrap_or_default().iter();
    let uses = |(_, stage): &(Key, Node)| {
        let stage = stage.get("do").unwrap_or(stage);
        stage.get("uses").map(Node::to_value)
    };
    let names: Vec<Value> = stages.filter_map(uses).collect();
    let is_named = |spec: &&&'static StageSpec| {
        let mut names = names.iter().filter_map(Value::as_text);
        names.any(|name| name == spec.name)
    };
    specs.iter().filter(is_named).copied().collect()
}

/// The paths that a declared stage makes, each with its name.
fn made(stage: &Declaration) -> Vec<(String, RelPath)> {
    let wdir = stage.wdir.as_ref().map_or("", |wdir| wdir.value.as_str());
    let folder = RelPath::root().join(wdir);
    let outs = [&stage.outs, &stage.metrics, &stage.plots];
    let outs = outs.into_iter().flatten();
    outs.map(|out| (stage.name.clone(), folder.join(&out.value.path)))
        .collect()
}

fn only(problem: Problem) -> EngineError {
    EngineError::Problems(vec![problem])
}

fn sorted(mut problems: Vec<Problem>) -> EngineError {
    problems.sort();
    problems.dedup();
    EngineError::Problems(problems)
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
