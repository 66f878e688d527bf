//! [`ParamsFiles`]: the files of params that a pipeline reads, each parsed once.

use crate::fs;
use crate::problem::{Place, Problem, Source};
use crate::rel_path::RelPath;
use crate::snapshot::Stamp;
use crate::spec::StageSpec;
use crate::value::Value;
use crate::yaml::{self, Node};
use indexmap::IndexMap;
use std::collections::BTreeMap;
use std::path::Path;

/// The params file that is read where none is named.
pub const DEFAULT_FILE: &str = "params.yaml";

/// One parsed params file.
#[derive(Debug)]
pub struct ParamsFile {
    /// Its text, for problems.
    pub source: Source,
    /// Its tree, with places.
    pub node: Node,
    /// Its values.
    pub value: Value,
}

impl ParamsFile {
    /// Parses the text of a params file.
    pub fn parse(name: &str, text: String) -> Result<Self, Vec<Problem>> {
        let source = Source {
            name: name.to_owned(),
            text,
        };
        let node = yaml::parse(&source)?;
        if node.entries().is_none() {
            let message = format!("a params file must be a map, not {}", node.type_name());
            return Err(vec![Problem::at(&source, node.place, message)]);
        }
        let value = node.to_value();
        Ok(Self {
            source,
            node,
            value,
        })
    }

    fn place(&self, key: &str) -> Place {
        self.node.locate(key)
    }
}

/// The params files of a project, read on demand.
#[derive(Debug, Default)]
pub struct ParamsFiles {
    files: BTreeMap<RelPath, Option<ParamsFile>>,
    /// Every file asked for, as it was before it was read.
    pub(crate) inputs: Vec<(String, Option<Stamp>)>,
}

impl ParamsFiles {
    /// The file, or `None` where there is none or it is broken (its problems are added once).
    pub fn load(
        &mut self,
        root: &Path,
        path: &RelPath,
        problems: &mut Vec<Problem>,
    ) -> Option<&ParamsFile> {
        if !self.files.contains_key(path) {
            self.inputs
                .push((path.to_string(), Stamp::look(&path.under(root))));
            let parsed = match fs::read_if_exists(&path.under(root)) {
                Ok(Some(text)) => ParamsFile::parse(path.as_str(), text)
                    .map_err(|found| problems.extend(found))
                    .ok(),
                Ok(None) => None,
                Err(error) => {
                    problems.push(Problem::in_file(path.as_str(), error.to_string()));
                    None
                }
            };
            self.files.insert(path.clone(), parsed);
        }
        self.get(path)
    }

    /// The file, if it was loaded and is sound.
    pub fn get(&self, path: &RelPath) -> Option<&ParamsFile> {
        self.files.get(path)?.as_ref()
    }
}

/// The sections of a built-in stage with defaults filled in, every value in its type.
///
/// # Errors
/// Adds a problem, at the line of the params file, for each unknown key, wrong type and value out of
/// range; for a param without default that is missing.
pub fn arguments(
    spec: &StageSpec,
    file: Option<&ParamsFile>,
    problems: &mut Vec<Problem>,
) -> Value {
    let empty = Value::Map(IndexMap::new());
    let given = file.map_or(&empty, |file| &file.value);
    let report = |problems: &mut Vec<Problem>, key: &str, message: String| {
        let problem = match file {
            Some(file) => Problem::at(&file.source, file.place(key), message),
            None => Problem::in_file(DEFAULT_FILE, message),
        };
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    };
    unknown_keys(spec, file, problems);
    let mut arguments = empty.clone();
    for param in spec.params {
        match given.get(param.key) {
            Some(value) => match param.check(value) {
                Ok(value) => arguments.set(param.key, value),
                Err(reason) => report(problems, param.key, format!("`{}` {reason}", param.key)),
            },
            None => {
                if let Some(default) = param.default_value() {
                    arguments.set(param.key, default);
                } else {
                    let message =
                        format!("`{}` is missing; stage `{}` needs it", param.key, spec.name);
                    report(problems, param.section(), message);
                }
            }
        }
    }
    arguments
}

/// A problem for each key in the spec's sections that no param has.
fn unknown_keys(spec: &StageSpec, file: Option<&ParamsFile>, problems: &mut Vec<Problem>) {
    let Some(file) = file else { return };
    for section in spec.sections() {
        let Some(node) = file.node.get(section) else {
            continue;
        };
        let Some(entries) = node.entries() else {
            if !node.is_null() {
                let message = format!(
                    "`{section}` must be a map of params, not {}",
                    node.type_name()
                );
                push_new(
                    problems,
                    Problem::at(&file.source, file.place(section), message),
                );
            }
            continue;
        };
        for (key, _) in entries {
            let dotted = format!("{section}.{}", key.text);
            if spec.param(&dotted).is_none() {
                let message = format!("unknown param `{dotted}` (stage `{}`)", spec.name);
                let names = spec.params.iter().map(|param| param.key);
                let problem = Problem::at(&file.source, key.place, message).suggest(&dotted, names);
                push_new(problems, problem);
            }
        }
    }
}

fn push_new(problems: &mut Vec<Problem>, problem: Problem) {
    if !problems.contains(&problem) {
        problems.push(problem);
    }
}
