//! [`ParamsFiles`]: the files of params that a pipeline reads, each parsed once.

use crate::params::{Overrides, text};
use crate::problem::{Place, Problem, Source, closest};
use crate::rel_path::RelPath;
use crate::snapshot::Stamp;
use crate::spec::{ParamSpec, StageSpec};
use crate::value::Value;
use crate::yaml::{Key, Node};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
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
    /// Keys that it has only because they were given for one run.
    pub(crate) added: BTreeSet<String>,
}

impl ParamsFile {
    /// Parses the text of a params file.
    pub fn parse(name: &str, text: String) -> Result<Self, Vec<Problem>> {
        let name = name.to_owned();
        Self::of(Source { name, text })
    }

    fn of(source: Source) -> Result<Self, Vec<Problem>> {
        let node = text::parse(&source)?;
        if node.entries().is_none() {
            let message = format!("a params file must be a map, not {}", node.described());
            let problem = Problem::at(&source, node.place, message);
            return Err(vec![
                problem.hint("write `section:` with `name: value` below it"),
            ]);
        }
        let value = node.to_value();
        Ok(Self {
            source,
            node,
            value,
            added: BTreeSet::new(),
        })
    }

    /// A file that is not there.
    fn empty(path: &RelPath) -> Self {
        let (name, text) = (path.to_string(), String::new());
        let value = Value::Map(IndexMap::new());
        Self {
            source: Source { name, text },
            node: Node::lifted(value.clone(), Place::default()),
            value,
            added: BTreeSet::new(),
        }
    }

    /// The `config.yaml` of a run has params below what is said of the run.
    pub(super) fn drop_record(&mut self) {
        if self.value.get("experiment.run_id").is_none() {
            return;
        }
        for section in ["experiment", "other_params"] {
            self.value.remove(section);
            self.node.remove(section);
        }
    }

    /// The value of a param, or its key where the value is not seen on that line.
    fn place(&self, dotted: &str) -> Place {
        match self.node.find(dotted) {
            Some((key, node)) if node.place.line == key.place.line && !node.is_null() => node.place,
            Some((key, _)) => key.place,
            None => self.node.locate(dotted),
        }
    }
}

/// What there is of a params file.
#[derive(Debug)]
enum Loaded {
    Missing,
    Broken,
    Sound(Box<ParamsFile>),
}

/// The params files of a project, read on demand.
#[derive(Debug, Default)]
pub struct ParamsFiles {
    files: BTreeMap<RelPath, Loaded>,
    /// Every file asked for, as it was before it was read.
    pub(crate) inputs: Vec<(String, Option<Stamp>)>,
    overrides: Overrides,
    specs: Vec<&'static StageSpec>,
}

impl ParamsFiles {
    /// The params files with other values for some of them; `specs` tell the types of those that belong
    /// to built-in stages.
    pub(crate) fn with(overrides: &Overrides, specs: Vec<&'static StageSpec>) -> Self {
        Self {
            overrides: overrides.clone(),
            specs,
            ..Self::default()
        }
    }

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
            let loaded = self.read(root, path, problems);
            self.files.insert(path.clone(), loaded);
        }
        self.get(path)
    }

    fn read(&self, root: &Path, path: &RelPath, problems: &mut Vec<Problem>) -> Loaded {
        let (name, place) = self.overrides.place(root, path);
        let is_other = place != path.under(root);
        let read = Source::read(&name, &place).map_err(|found| vec![found]);
        match read.and_then(|source| source.map(ParamsFile::of).transpose()) {
            Ok(Some(mut file)) => {
                let before = problems.len();
                if is_other {
                    file.drop_record();
                }
                self.overrides.apply(path, &mut file, &self.specs, problems);
                if problems.len() > before {
                    return Loaded::Broken;
                }
                Loaded::Sound(Box::new(file))
            }
            Ok(None) if is_other => {
                problems.push(Problem::in_file(name, "no such file"));
                Loaded::Broken
            }
            Ok(None) if self.overrides.concern(path) => {
                let mut file = ParamsFile::empty(path);
                self.overrides.apply(path, &mut file, &self.specs, problems);
                Loaded::Sound(Box::new(file))
            }
            Ok(None) => Loaded::Missing,
            Err(found) => {
                problems.extend(found);
                Loaded::Broken
            }
        }
    }

    /// The values of the root's params.yaml; an empty map where there is none.
    pub(crate) fn root_values(&self) -> Value {
        let file = self.get(&RelPath::root().join(DEFAULT_FILE));
        file.map_or_else(|| Value::Map(IndexMap::new()), |file| file.value.clone())
    }

    /// The values that a file holds itself, where others stand for some of them now; a file that is not
    /// there or broken holds none.
    pub(crate) fn own_values(&self, root: &Path, path: &RelPath) -> Option<Value> {
        if !self.overrides.concern(path) {
            return None;
        }
        let source = Source::read(path.as_str(), &path.under(root))
            .ok()
            .flatten();
        let file = source.and_then(|source| ParamsFile::of(source).ok());
        Some(file.map_or_else(|| Value::Map(IndexMap::new()), |file| file.value))
    }

    /// The file, if it was loaded and is sound.
    pub fn get(&self, path: &RelPath) -> Option<&ParamsFile> {
        match self.files.get(path)? {
            Loaded::Sound(file) => Some(file),
            Loaded::Missing | Loaded::Broken => None,
        }
    }

    /// Whether the file is there but cannot be used, which was said already.
    pub(crate) fn is_broken(&self, path: &RelPath) -> bool {
        matches!(self.files.get(path), Some(Loaded::Broken))
    }

    /// Whether the file was looked for and is not there.
    pub(crate) fn is_missing(&self, path: &RelPath) -> bool {
        matches!(self.files.get(path), Some(Loaded::Missing))
    }

    /// The first file that is there and is `path`, or lies in it.
    pub(crate) fn first_in(&self, path: &RelPath) -> Option<&RelPath> {
        let from = self.files.range(path..);
        let mut inside = from.take_while(|(file, _)| file.as_str().starts_with(path.as_str()));
        let found =
            inside.find(|(file, loaded)| path.contains(file) && !matches!(loaded, Loaded::Missing));
        found.map(|(file, _)| file)
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
    let misshapen = file.map_or_else(Vec::new, |file| unknown_keys(spec, file, problems));
    let empty = Value::Map(IndexMap::new());
    let given = file.map_or(&empty, |file| &file.value);
    let mut arguments = empty.clone();
    for param in spec.params {
        if misshapen.contains(&param.section()) {
            continue;
        }
        match (given.get(param.key), param.default_value()) {
            (Some(value), _) => match param.check(value) {
                Ok(value) => arguments.set(param.key, value),
                Err(reason) => refuse(param, value, &reason, file).add_to(problems),
            },
            (None, Some(default)) => arguments.set(param.key, default),
            (None, None) => missing(spec, param, file).add_to(problems),
        }
    }
    arguments
}

fn refuse(param: &ParamSpec, value: &Value, reason: &str, file: Option<&ParamsFile>) -> Problem {
    let message = format!("`{}` {reason}", param.key);
    let problem = match file {
        Some(file) => Problem::at(&file.source, file.place(param.key), message),
        None => Problem::in_file(DEFAULT_FILE, message),
    };
    problem.maybe_hint(param.remedy(value))
}

fn missing(spec: &StageSpec, param: &ParamSpec, file: Option<&ParamsFile>) -> Problem {
    let message = format!("`{}` is missing", param.key);
    let problem = match file {
        Some(file) => Problem::at(&file.source, file.node.locate(param.section()), message),
        None => Problem::in_file(DEFAULT_FILE, message),
    };
    problem.hint(format!(
        "the built-in stage `{}` needs it: {}; it must be {}",
        spec.name, param.doc, param.kind
    ))
}

/// A problem for each key in the spec's sections that no param has, and for each section that is no
/// map; the latter are returned.
fn unknown_keys(
    spec: &StageSpec,
    file: &ParamsFile,
    problems: &mut Vec<Problem>,
) -> Vec<&'static str> {
    let mut misshapen = Vec::new();
    for section in spec.sections() {
        let Some(node) = file.node.get(section).filter(|node| !node.is_null()) else {
            continue;
        };
        let Some(entries) = node.entries() else {
            misshapen.push(section);
            let what = node.described();
            let message = format!("`{section}` must be a map of params, not {what}");
            let problem = Problem::at(&file.source, file.place(section), message);
            problem
                .hint("write `name: value` lines below it")
                .add_to(problems);
            continue;
        };
        for (key, _) in entries {
            unknown_key(spec, section, key, file, problems);
        }
    }
    misshapen
}

fn unknown_key(
    spec: &StageSpec,
    section: &str,
    key: &Key,
    file: &ParamsFile,
    problems: &mut Vec<Problem>,
) {
    let dotted = format!("{section}.{}", key.text);
    let nested = format!("{dotted}.");
    let known = |param: &&ParamSpec| param.key == dotted || param.key.starts_with(&nested);
    if spec.params.iter().any(|param| known(&param)) {
        return;
    }
    let own = spec
        .params
        .iter()
        .filter(|param| param.section() == section);
    let own = own.filter_map(|param| param.key.split_once('.').map(|(_, name)| name));
    let elsewhere = spec.params.iter().find(|param| {
        param
            .key
            .split_once('.')
            .is_some_and(|(_, name)| name == key.text)
    });
    let hint = match (closest(&key.text, own), elsewhere) {
        (_, Some(param)) => format!("did you mean `{}`?", param.key),
        (Some(name), None) => format!("did you mean `{section}.{name}`?"),
        (None, None) => format!("`kaslite stages {}` lists its params", spec.name),
    };
    let problem = Problem::at(&file.source, key.place, format!("unknown param `{dotted}`"));
    problem.hint(hint).add_to(problems);
}
