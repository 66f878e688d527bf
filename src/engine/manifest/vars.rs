//! [`Vars`]: the values that `${…}` reads: params.yaml, and what `vars` adds to it.

use crate::manifest::keys::is_open;
use crate::params::ParamsFiles;
use crate::problem::{Place, Problem, Source};
use crate::rel_path::RelPath;
use crate::value::Value;
use crate::yaml::{Kind, Node};
use indexmap::IndexMap;
use std::collections::BTreeSet;
use std::path::Path;

/// Names that the stages of a group have for themselves.
pub(super) const RESERVED: [&str; 3] = ["item", "key", "matrix"];

/// Values from several places. A value is set in one place; maps are merged.
#[derive(Clone, Debug)]
pub(super) struct Vars {
    /// All of them, merged.
    pub(super) value: Value,
    /// Where they come from, in order, with what each brought.
    sources: Vec<(String, Value)>,
    /// Files that were taken whole.
    whole: BTreeSet<RelPath>,
    /// Whether something could not be read, so that a name that is missing may be in it.
    pub(super) unusable: bool,
}

/// What is needed to read `vars`.
pub(super) struct VarsReader<'a> {
    pub(super) root: &'a Path,
    pub(super) source: &'a Source,
    pub(super) files: &'a mut ParamsFiles,
    pub(super) problems: &'a mut Vec<Problem>,
}

impl Vars {
    /// The values of the default params file alone; `None` where there is none.
    pub(super) fn new(path: &RelPath, default: Option<&Value>) -> Self {
        let empty = Value::Map(IndexMap::new());
        let mut whole = BTreeSet::new();
        let mut sources = Vec::new();
        if let Some(value) = default {
            whole.insert(path.clone());
            sources.push((path.to_string(), value.clone()));
        }
        Self {
            value: default.cloned().unwrap_or(empty),
            sources,
            whole,
            unusable: false,
        }
    }

    /// Whether `vars` brought something.
    pub(super) fn has_own(&self) -> bool {
        self.sources.len() > 1 || (self.whole.is_empty() && !self.sources.is_empty())
    }

    /// Whether nothing was read at all.
    pub(super) fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Adds what `vars` lists; `name` is its own name, for messages.
    pub(super) fn add(
        &mut self,
        node: &Node,
        name: &str,
        folder: &RelPath,
        reader: &mut VarsReader<'_>,
    ) {
        let Kind::List(items) = &node.kind else {
            if !node.is_null() {
                let message = format!("`{name}` must be a list, not {}", node.described());
                let problem = Problem::at(reader.source, node.place, message);
                reader
                    .problems
                    .push(problem.hint("begin each entry with `- `"));
                self.unusable = true;
            }
            return;
        };
        for (index, item) in items.iter().enumerate() {
            let before = reader.problems.len();
            if let Some(place) = interpolated(item) {
                let message = format!("`${{…}}` cannot stand in `{name}`");
                let problem = Problem::at(reader.source, place, message);
                let hint = "`vars` is what `${…}` reads: write the value itself";
                reader.problems.push(problem.hint(hint));
            } else if item.entries().is_some() {
                let place = format!("{name}[{index}]");
                self.merge(item.to_value(), &place, item.place, reader);
            } else if let Kind::Scalar(Value::Text(text)) = &item.kind {
                self.file(text, item.place, folder, reader);
            } else {
                let message = format!(
                    "an entry of `{name}` must be a file or a map, not {}",
                    item.described()
                );
                reader
                    .problems
                    .push(Problem::at(reader.source, item.place, message));
            }
            self.unusable |= reader.problems.len() > before;
        }
    }

    /// `file` or `file:key,key`.
    fn file(&mut self, text: &str, at: Place, folder: &RelPath, reader: &mut VarsReader<'_>) {
        let (file, keys) = match text.split_once(':') {
            Some((file, keys)) => (file, Some(keys)),
            None => (text, None),
        };
        let path = folder.join(file);
        if keys.is_none() && self.whole.contains(&path) {
            return;
        }
        if reader
            .files
            .load(reader.root, &path, reader.problems)
            .is_none()
        {
            if reader.files.is_missing(&path) {
                let message = format!("`{path}` in `vars` is not there");
                reader
                    .problems
                    .push(Problem::at(reader.source, at, message));
            }
            self.unusable = true;
            return;
        }
        let Some(value) = reader.files.get(&path).map(|file| file.value.clone()) else {
            return;
        };
        let Some(keys) = keys else {
            self.whole.insert(path.clone());
            return self.merge(value, path.as_str(), at, reader);
        };
        let mut part = Value::Map(IndexMap::new());
        for key in keys.split(',').map(str::trim) {
            if let Some(value) = value.get(key) {
                part.set(key, value.clone());
                continue;
            }
            let leaves = value.leaves("");
            let names = leaves.iter().map(|(key, _)| key.as_str());
            let message = format!("no key `{key}` in `{path}`");
            let problem = Problem::at(reader.source, at, message);
            reader.problems.push(problem.suggest(key, names));
        }
        self.merge(part, text, at, reader);
    }

    fn merge(&mut self, value: Value, name: &str, at: Place, reader: &mut VarsReader<'_>) {
        let mut conflicts = Vec::new();
        merge(&mut self.value, &value, "", &mut conflicts);
        for key in conflicts {
            let sets = |(_, value): &&(String, Value)| value.get(&key).is_some();
            let other = self.sources.iter().find(sets);
            let other = other.map_or("another entry", |(name, _)| name.as_str());
            let message = format!("`{key}` is set twice, by `{other}` and by `{name}`");
            let problem = Problem::at(reader.source, at, message);
            reader
                .problems
                .push(problem.hint("a value is set in one place"));
        }
        self.sources.push((name.to_owned(), value));
    }
}

/// Puts `from` into `into`; keys that both set are told.
fn merge(into: &mut Value, from: &Value, prefix: &str, conflicts: &mut Vec<String>) {
    let (Value::Map(into), Value::Map(from)) = (into, from) else {
        conflicts.push(prefix.to_owned());
        return;
    };
    for (key, value) in from {
        let dotted = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        match into.get_mut(key) {
            Some(known) => merge(known, value, &dotted, conflicts),
            None => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

/// Where a `${…}` stands in a tree.
fn interpolated(node: &Node) -> Option<Place> {
    match &node.kind {
        Kind::Scalar(Value::Text(text)) => is_open(text).then_some(node.place),
        Kind::Scalar(_) => None,
        Kind::List(nodes) => nodes.iter().find_map(interpolated),
        Kind::Map(pairs) => pairs.iter().find_map(|(key, node)| {
            let own = is_open(&key.text).then_some(key.place);
            own.or_else(|| interpolated(node))
        }),
    }
}
