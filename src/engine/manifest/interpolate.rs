//! `${…}` in the pipeline file: values of params.yaml put into text.

use crate::params::DEFAULT_FILE;
use crate::problem::{Place, Problem, Source, closest};
use crate::value::Value;
use crate::yaml::{Key, Kind, Node};

/// Keys of a stage, or of the file, that bring in names of their own. They are refused, and what they
/// name is no param that is missing.
const OTHER_NAMES: &[&str] = &["foreach", "matrix", "vars"];

/// What `${…}` can be looked up in.
#[derive(Clone, Copy)]
pub(super) enum Values<'a> {
    /// The values of params.yaml.
    Sound(&'a Value),
    /// There is no such file.
    Missing,
    /// The file, or the place of the text, is wrong in a way that was said already.
    Unusable,
}

/// Puts values into a tree; problems are collected, the rest goes on.
pub(super) struct Interpolator<'a> {
    pub(super) source: &'a Source,
    pub(super) values: Values<'a>,
    pub(super) problems: &'a mut Vec<Problem>,
    /// Whether it was said that there is no params.yaml.
    pub(super) said_missing: bool,
}

impl Interpolator<'_> {
    /// The tree with every `${key}` replaced.
    pub(super) fn node(&mut self, node: &Node) -> Node {
        let kind = match &node.kind {
            Kind::Scalar(Value::Text(text)) if text.contains("${") => {
                lift(self.text(text, node.place), node.place)
            }
            Kind::Scalar(value) => Kind::Scalar(value.clone()),
            Kind::List(nodes) => Kind::List(nodes.iter().map(|node| self.item(node)).collect()),
            Kind::Map(pairs) => {
                let foreign = |(key, _): &(Key, Node)| OTHER_NAMES.contains(&key.text.as_str());
                let values = self.values;
                if pairs.iter().any(foreign) {
                    self.values = Values::Unusable;
                }
                let pairs = pairs
                    .iter()
                    .map(|(key, child)| (self.key(key), self.node(child)));
                let pairs = pairs.collect();
                self.values = values;
                Kind::Map(pairs)
            }
        };
        Node {
            place: node.place,
            kind,
        }
    }

    /// An entry of a list, which stays one entry.
    fn item(&mut self, node: &Node) -> Node {
        let new = self.node(node);
        if let (Kind::Scalar(Value::Text(text)), Kind::List(_) | Kind::Map(_)) =
            (&node.kind, &new.kind)
        {
            let what = new.type_name();
            let message = format!("`{text}` is a {what}, which cannot be one entry of a list");
            let hint = (what == "list").then(|| {
                format!("let it stand for the whole list, without `[`, `]` and `- `: `{text}`")
            });
            self.report(text, node.place, message, hint);
            return node.clone();
        }
        new
    }

    fn key(&mut self, key: &Key) -> Key {
        let mut key = key.clone();
        if key.text.contains("${") {
            match self.text(&key.text, key.place) {
                Value::List(_) | Value::Map(_) => {
                    let message = format!("`{}` cannot be put into text", key.text);
                    self.report(&key.text, key.place, message, None);
                }
                value @ (Value::Null
                | Value::Bool(_)
                | Value::Int(_)
                | Value::Float(_)
                | Value::Text(_)) => key.text = value.to_string(),
            }
        }
        key
    }

    /// A text that is one `${key}` becomes the value, its type kept; within text it is put in as text.
    fn text(&mut self, text: &str, at: Place) -> Value {
        if let Some(inner) = text
            .strip_prefix("${")
            .and_then(|rest| rest.strip_suffix('}'))
            && !inner.contains(['{', '}'])
        {
            let value = self.look_up(inner, at);
            return value.unwrap_or_else(|| Value::Text(text.to_owned()));
        }
        let (mut result, mut rest) = (String::new(), text);
        while let Some(start) = rest.find("${") {
            let (before, from) = rest.split_at(start);
            if let Some(before) = before.strip_suffix('\\') {
                result.push_str(before);
                result.push_str("${");
                rest = &from[2..];
                continue;
            }
            result.push_str(before);
            let Some(end) = from.find('}') else {
                let message = "`${` without its `}`".to_owned();
                let hint = "write `\\${` for a `${` that is meant for the shell";
                self.report("${", at, message, Some(hint.to_owned()));
                rest = from;
                break;
            };
            let whole = &from[..=end];
            match self.look_up(&from[2..end], at) {
                Some(value @ (Value::List(_) | Value::Map(_))) => {
                    let what = value.type_name();
                    let message = format!("`{whole}` is a {what}, which cannot be put into text");
                    self.report(whole, at, message, None);
                    result.push_str(whole);
                }
                Some(value) => result.push_str(&value.to_string()),
                None => result.push_str(whole),
            }
            rest = &from[end + 1..];
        }
        result.push_str(rest);
        Value::Text(result)
    }

    /// The value of a key; `None` where there is none, which is a problem then.
    fn look_up(&mut self, key: &str, at: Place) -> Option<Value> {
        let whole = format!("${{{key}}}");
        let dotted = key.trim().replace('[', ".").replace(']', "");
        if dotted.is_empty() || dotted.contains("${") || dotted.split('.').any(str::is_empty) {
            let hint = "`${section.name}` stands for a value of params.yaml; write `\\${…}` for what \
                        is meant for the shell";
            let message = format!("`{whole}` names no param");
            self.report(&whole, at, message, Some(hint.to_owned()));
            return None;
        }
        match self.values {
            Values::Sound(values) => {
                let value = values.get(&dotted).cloned();
                if value.is_none() {
                    let message = format!("`{whole}`: no such param in {DEFAULT_FILE}");
                    self.report(&whole, at, message, Some(hint(&dotted, values)));
                }
                value
            }
            Values::Missing if !self.said_missing => {
                self.said_missing = true;
                let message = format!("`{whole}` needs {DEFAULT_FILE}, which is not there");
                let hint = format!("make a file {DEFAULT_FILE} with a value for `{dotted}`");
                self.report(&whole, at, message, Some(hint));
                None
            }
            Values::Missing | Values::Unusable => None,
        }
    }

    fn report(&mut self, text: &str, at: Place, message: String, hint: Option<String>) {
        let place = within(self.source, text, at);
        Problem::at(self.source, place, message)
            .maybe_hint(hint)
            .add_to(self.problems);
    }
}

/// A value as a tree whose nodes all stand where the text stood.
fn lift(value: Value, place: Place) -> Kind {
    let node = |value| Node {
        place,
        kind: lift(value, place),
    };
    match value {
        Value::List(values) => Kind::List(values.into_iter().map(node).collect()),
        Value::Map(map) => Kind::Map(
            map.into_iter()
                .map(|(text, value)| (Key { text, place }, node(value)))
                .collect(),
        ),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {
            Kind::Scalar(value)
        }
    }
}

/// Where `text` stands in the scalar that begins at a place; the scalar itself if it is not found.
fn within(source: &Source, text: &str, at: Place) -> Place {
    let mut lines = source.lines().enumerate().skip(at.line.saturating_sub(1));
    let found = lines.find_map(|(index, line)| {
        let first = index + 1 == at.line;
        let skipped = if first {
            at.column.saturating_sub(1)
        } else {
            0
        };
        let from = line
            .char_indices()
            .nth(skipped)
            .map_or(line.len(), |(byte, _)| byte);
        let byte = from + line[from..].find(text)?;
        Some(Place {
            line: index + 1,
            column: line[..byte].chars().count() + 1,
            width: text.chars().count(),
        })
    });
    found.unwrap_or(at)
}

/// What may have been meant by a key that is not there.
fn hint(dotted: &str, values: &Value) -> String {
    if let Some((list, _)) = dotted.rsplit_once('.')
        && let Some(Value::List(items)) = values.get(list)
    {
        return format!("`{list}` is a list of {}, counted from 0", items.len());
    }
    let keys = keys(values);
    match closest(dotted, keys.iter().map(String::as_str)) {
        Some(name) => format!("did you mean `{name}`?"),
        None => "write `\\${…}` for what is meant for the shell".to_owned(),
    }
}

/// All dotted keys, inner and leaf.
fn keys(values: &Value) -> Vec<String> {
    let mut keys = Vec::new();
    for (leaf, _) in values.leaves("") {
        keys.extend(leaf.match_indices('.').map(|(at, _)| leaf[..at].to_owned()));
        keys.push(leaf);
    }
    keys.sort();
    keys.dedup();
    keys
}
