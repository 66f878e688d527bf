//! [`Pipeline`]: the stages of a project, resolved, and their graph.

use crate::error::EngineError;
use crate::fs;
use crate::graph::Graph;
use crate::makers::Makers;
use crate::manifest::resolve::Resolver;
use crate::manifest::{Declaration, interpolate::interpolate};
use crate::params::{DEFAULT_FILE, ParamsFile, ParamsFiles};
use crate::problem::{Problem, Source};
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::snapshot::Stamp;
use crate::spec::StageSpec;
use crate::stage::Stage;
use crate::value::Value;
use crate::yaml::{self, Node};
use std::collections::BTreeMap;

/// Keys of the pipeline file itself that are understood.
const KEYS: &[&str] = &["stages"];

/// What of DVC's file is refused by name.
const REFUSED: &[(&str, &str)] = &[
    (
        "vars",
        "put the values into params.yaml, which `${…}` reads",
    ),
    ("params", "name the params under each stage"),
    (
        "metrics",
        "name the metrics under the stage that makes them",
    ),
    ("plots", "name the plots under the stage that makes them"),
    (
        "artifacts",
        "name the files under `outs` of the stage that makes them",
    ),
    (
        "datasets",
        "name the files under `deps` of the stage that reads them",
    ),
];

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
        let path = project.pipeline_path();
        let own = (project.pipeline_name().to_owned(), Stamp::look(path));
        let Some(text) = fs::read_if_exists(path)? else {
            let hint = "`kaslite init` makes a small project here";
            let problem = Problem::in_file(project.pipeline_name(), "no such file").hint(hint);
            return Err(EngineError::Problems(vec![problem]));
        };
        let source = Source {
            name: project.pipeline_name().to_owned(),
            text,
        };
        let mut problems = Vec::new();
        let mut files = ParamsFiles::default();
        let params = RelPath::root().join(DEFAULT_FILE);
        let params = files
            .load(&project.root, &params, &mut problems)
            .map_or_else(
                || Value::Map(indexmap::IndexMap::new()),
                |file| file.value.clone(),
            );
        let node = yaml::parse(&source).map_err(|found| {
            EngineError::Problems(found.into_iter().chain(problems.clone()).collect())
        })?;
        let node = interpolate(&node, &source, &params, &mut problems);
        let declarations = declarations(&node, &source, &mut problems);
        let mut resolver = Resolver {
            project,
            source: &source,
            specs,
            files,
            problems,
        };
        let stages: Vec<Stage> = declarations
            .into_iter()
            .filter_map(|stage| resolver.stage(&stage))
            .collect();
        let inputs = resolver.files.inputs.iter().cloned().chain([own]).collect();
        let mut problems = resolver.problems;
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
            problems.sort();
            problems.dedup();
            Err(EngineError::Problems(problems))
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

fn declarations(node: &Node, source: &Source, problems: &mut Vec<Problem>) -> Vec<Declaration> {
    let mut stages = Vec::new();
    let Some(entries) = node.entries() else {
        let message = format!(
            "a pipeline must be a map with the key `stages`, not {}",
            node.type_name()
        );
        problems.push(Problem::at(source, node.place, message));
        return stages;
    };
    for (key, value) in entries {
        if key.text == "stages" {
            let Some(entries) = value.entries() else {
                if !value.is_null() {
                    let message = format!(
                        "`stages` must be a map of stages, not {}",
                        value.type_name()
                    );
                    problems.push(Problem::at(source, value.place, message));
                }
                continue;
            };
            for (name, stage) in entries {
                check_name(&name.text, name.place, source, problems);
                stages.push(Declaration::read(
                    &name.text, name.place, stage, source, problems,
                ));
            }
        } else if let Some((_, hint)) = REFUSED.iter().find(|(name, _)| *name == key.text) {
            let message = format!("`{}` at the top of a pipeline is not supported", key.text);
            problems.push(Problem::at(source, key.place, message).hint(*hint));
        } else {
            let message = format!("unknown key `{}`", key.text);
            let problem = Problem::at(source, key.place, message);
            problems.push(problem.suggest(&key.text, KEYS.iter().copied()));
        }
    }
    if node.get("stages").is_none_or(Node::is_null) && problems.is_empty() {
        let problem = Problem::at(source, node.place, "a pipeline without `stages`");
        problems.push(problem.hint("`kaslite init` makes an example"));
    }
    stages
}

fn check_name(
    name: &str,
    place: crate::problem::Place,
    source: &Source,
    problems: &mut Vec<Problem>,
) {
    let fine = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '@' | '.');
    if name.is_empty() || name.starts_with(['.', '-', '@']) || !name.chars().all(fine) {
        let problem = Problem::at(
            source,
            place,
            format!("`{name}` cannot be the name of a stage"),
        );
        problems.push(problem.hint("use letters, digits, `_`, `-`, `.` and `@`"));
    }
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
