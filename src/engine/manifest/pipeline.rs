//! [`Pipeline`]: the stages of a project, resolved, and their graph.

use crate::error::EngineError;
use crate::graph::Graph;
use crate::makers::Makers;
use crate::manifest::declarations::declarations;
use crate::manifest::interpolate::{Interpolator, Values};
use crate::manifest::resolve::Resolver;
use crate::params::{DEFAULT_FILE, ParamsFile, ParamsFiles};
use crate::problem::{Problem, Source};
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::snapshot::Stamp;
use crate::spec::StageSpec;
use crate::stage::Stage;
use crate::value::Value;
use crate::yaml::{self, Node};
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
    /// Every file read for it, as it was before.
    pub(crate) inputs: Vec<(String, Option<Stamp>)>,
}

impl Pipeline {
    /// Reads, interpolates, resolves and checks the pipeline of a project.
    ///
    /// # Errors
    /// [`EngineError::Problems`] with everything that is wrong in pipeline and params files.
    pub fn load(project: &Project, specs: &[&'static StageSpec]) -> Result<Self, EngineError> {
        let hint = "`kaslite init` makes a small project here";
        let name = project.pipeline_name();
        let own = (name.to_owned(), Stamp::look(project.pipeline_path()));
        let source = match Source::read(name, project.pipeline_path()) {
            Ok(Some(source)) => source,
            Ok(None) => return Err(only(Problem::in_file(name, "no such file").hint(hint))),
            Err(problem) => return Err(only(problem)),
        };
        let mut problems = Vec::new();
        let mut files = ParamsFiles::default();
        let path = RelPath::root().join(DEFAULT_FILE);
        let params = files.load(&project.root, &path, &mut problems).map_or_else(
            || Value::Map(indexmap::IndexMap::new()),
            |file| file.value.clone(),
        );
        let node = match yaml::parse(&source) {
            Ok(node) => node,
            Err(found) => {
                problems.extend(found);
                return Err(sorted(problems));
            }
        };
        let (node, said_missing) = interpolated(&node, &source, &files, &mut problems);
        let declarations = declarations(&node, &source, &mut problems);
        let mut resolver = Resolver {
            project,
            source: &source,
            specs,
            files,
            problems,
            missing: BTreeMap::new(),
            sections: BTreeSet::new(),
        };
        let stages: Vec<Stage> = declarations
            .into_iter()
            .filter_map(|stage| resolver.stage(&stage))
            .collect();
        if said_missing {
            resolver.missing.remove(&path);
        }
        let inputs = resolver.files.inputs.iter().cloned().chain([own]).collect();
        let mut problems = resolver.finish(&stages);
        let graph = Graph::build(&stages, &source, &mut problems);
        if problems.is_empty() {
            Ok(Self {
                makers: Makers::new(&stages),
                stages,
                graph,
                source,
                params,
                inputs,
            })
        } else {
            Err(sorted(problems))
        }
    }

    /// The index of a stage by its name.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.name == name)
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

/// The tree with its `${…}` replaced, and whether it was said that there is no params file.
fn interpolated(
    node: &Node,
    source: &Source,
    files: &ParamsFiles,
    problems: &mut Vec<Problem>,
) -> (Node, bool) {
    let path = RelPath::root().join(DEFAULT_FILE);
    let values = match files.get(&path) {
        Some(file) => Values::Sound(&file.value),
        None if files.is_missing(&path) => Values::Missing,
        None => Values::Unusable,
    };
    let mut interpolator = Interpolator {
        source,
        values,
        problems,
        said_missing: false,
    };
    (interpolator.node(node), interpolator.said_missing)
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
