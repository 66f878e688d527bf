//! [`Overrides`]: values that stand for those of the params files in one run; no file is edited.

use crate::params::{DEFAULT_FILE, ParamsFile};
use crate::problem::{Problem, Source};
use crate::rel_path::RelPath;
use crate::spec::{ParamSpec, StageSpec};
use crate::value::Value;
use crate::yaml::{self, Node};
use std::path::{Path, PathBuf};

/// Values that stand for those of the params files in one run.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// A file that stands for params.yaml.
    pub base: Option<Base>,
    /// Single values, in the order given.
    pub values: Vec<Override>,
}

/// A file that stands for params.yaml.
#[derive(Clone, Debug)]
pub struct Base {
    /// As it was given, for messages and records.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// A single value given for one key.
#[derive(Clone, Debug)]
pub struct Override {
    /// The params file, relative to the project.
    pub file: RelPath,
    /// The dotted key.
    pub key: String,
    /// The value as text.
    pub text: String,
    /// The flag of its own that it was given by, where that is not `--set`.
    pub flag: Option<&'static str>,
}

impl Override {
    /// `KEY=VALUE`, or `FILE:KEY=VALUE` for a key of another params file.
    ///
    /// # Errors
    /// What is wrong with it, as a fragment.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wanted = || "write KEY=VALUE, `train.lr=0.01`".to_owned();
        let (name, value) = text.split_once('=').ok_or_else(wanted)?;
        let (file, key) = match name.rsplit_once(':') {
            Some((file, key)) => (file.trim(), key.trim()),
            None => (DEFAULT_FILE, name.trim()),
        };
        if file.is_empty() || key.split('.').any(str::is_empty) {
            return Err(wanted());
        }
        Ok(Self {
            file: RelPath::root().join(file),
            key: key.to_owned(),
            text: value.trim().to_owned(),
            flag: None,
        })
    }

    /// A value of params.yaml that is given by a flag of its own.
    pub fn of_flag(flag: &'static str, key: &str, text: &str) -> Self {
        Self {
            file: RelPath::root().join(DEFAULT_FILE),
            key: key.to_owned(),
            text: text.trim().to_owned(),
            flag: Some(flag),
        }
    }

    /// Whether it is of params.yaml.
    pub fn is_of_default(&self) -> bool {
        self.file.as_str() == DEFAULT_FILE
    }

    /// The key, after its file where that is not params.yaml.
    pub fn name(&self) -> String {
        if self.is_of_default() {
            self.key.clone()
        } else {
            format!("{}:{}", self.file, self.key)
        }
    }

    /// The value as it was given, by itself.
    pub fn given(&self) -> Value {
        written(&self.text).unwrap_or_else(|_| Value::Text(self.text.clone()))
    }

    /// The value in the type of what it stands for: `old`, or a param of a built-in stage.
    fn value(&self, old: Option<&Value>, spec: Option<&ParamSpec>) -> Result<Value, Problem> {
        let value = written(&self.text)
            .map_err(|reason| self.problem(format!("`{}` {reason}", self.text)))?;
        let text = || Value::Text(self.text.clone());
        if let Some(spec) = spec {
            let value = match (&value, spec.kind.is_text()) {
                (Value::Int(_) | Value::Float(_) | Value::Bool(_), true) => text(),
                _ => value,
            };
            return spec.check(&value).map_err(|reason| {
                self.problem(format!("`{}` {reason}", self.key))
                    .maybe_hint(spec.remedy(&value))
            });
        }
        match (old, value) {
            (None | Some(Value::Null), value) | (_, value @ Value::Null) => Ok(value),
            (Some(Value::Text(_)), Value::Int(_) | Value::Float(_) | Value::Bool(_)) => Ok(text()),
            (Some(old), value) if kind(old) == kind(&value) => Ok(value),
            (Some(old), value) => Err(self.problem(format!(
                "`{}` is {}, not {}",
                self.key,
                kind(old),
                kind(&value)
            ))),
        }
    }

    fn problem(&self, message: impl Into<String>) -> Problem {
        let typed = match self.flag {
            Some(flag) => format!("--{flag} {}", self.text),
            None => format!("--set {self}"),
        };
        Problem::in_file(typed, message)
    }
}

impl std::fmt::Display for Override {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={}", self.name(), self.text)
    }
}

impl Overrides {
    /// Whether there are none: the params files hold.
    pub fn is_empty(&self) -> bool {
        self.base.is_none() && self.values.is_empty()
    }

    /// Where the params file `path` of the project at `root` is read from, and under which name.
    pub(super) fn place(&self, root: &Path, path: &RelPath) -> (String, PathBuf) {
        match &self.base {
            Some(base) if path.as_str() == DEFAULT_FILE => (base.name.clone(), base.path.clone()),
            Some(_) | None => (path.to_string(), path.under(root)),
        }
    }

    /// Whether a file has other values than it holds itself.
    pub(super) fn concern(&self, path: &RelPath) -> bool {
        (self.base.is_some() && path.as_str() == DEFAULT_FILE)
            || self.values.iter().any(|value| value.file == *path)
    }

    /// Puts the values given for a file into it; what is wrong with them is added to the problems.
    pub(super) fn apply(
        &self,
        path: &RelPath,
        file: &mut ParamsFile,
        specs: &[&'static StageSpec],
        problems: &mut Vec<Problem>,
    ) {
        for given in self.values.iter().filter(|value| value.file == *path) {
            let is_default = given.is_of_default();
            let spec = specs.iter().find_map(|spec| spec.param(&given.key));
            let spec = spec.filter(|_| is_default);
            let old = file.value.get(&given.key);
            if old.is_none() && spec.is_none() {
                problems.push(unknown(given, file, specs.iter().filter(|_| is_default)));
                continue;
            }
            let is_new = old.is_none();
            match given.value(old, spec) {
                Err(problem) => problems.push(problem),
                Ok(value) => {
                    let place = file.node.locate(&given.key);
                    let parts: Vec<&str> = given.key.split('.').collect();
                    if file.node.put(&parts, Node::lifted(value, place)) {
                        file.value = file.node.to_value();
                        file.added.extend(is_new.then(|| given.key.clone()));
                    } else {
                        let message = format!("`{}` lies in something that is no map", given.key);
                        problems.push(given.problem(message));
                    }
                }
            }
        }
    }

    /// A problem for each value whose key no stage reads and no file has: it would change nothing.
    pub(crate) fn unread(&self, is_read: impl Fn(&Override) -> bool) -> Vec<Problem> {
        let unread = self.values.iter().filter(|value| !is_read(value));
        unread
            .map(|value| value.problem(format!("no stage reads `{}`", value.key)))
            .collect()
    }
}

fn unknown<'a>(
    given: &Override,
    file: &ParamsFile,
    specs: impl Iterator<Item = &'a &'static StageSpec>,
) -> Problem {
    let leaves = file.value.leaves("").into_iter().map(|(key, _)| key);
    let params = specs.flat_map(|spec| spec.params);
    let names: Vec<String> = leaves
        .chain(params.map(|param| param.key.to_owned()))
        .collect();
    let last = |key: &str| key.rsplit('.').next().unwrap_or(key).to_owned();
    let alike = names.iter().find(|name| last(name) == last(&given.key));
    let problem = given.problem(format!("no param `{}` in `{}`", given.key, given.file));
    let near = crate::problem::closest(&given.key, names.iter().map(String::as_str));
    let near = near.or(alike.map(String::as_str));
    problem.maybe_hint(near.map(|name| format!("did you mean `{name}`?")))
}

/// A value as it is written in a params file: in brackets and quotes YAML, else a plain scalar.
fn written(text: &str) -> Result<Value, &'static str> {
    if !text.starts_with(['[', '{', '"', '\'']) {
        return Ok(yaml::plain(text));
    }
    let source = Source {
        name: String::new(),
        text: text.to_owned(),
    };
    yaml::parse(&source)
        .map(|node| node.to_value())
        .map_err(|_| "is no value that YAML knows")
}

/// A type for messages: what may stand for one another has one name.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "true or false",
        Value::Int(_) | Value::Float(_) => "a number",
        Value::Text(_) => "text",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
    }
}
