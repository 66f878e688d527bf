//! `${…}` in the pipeline file: values of params.yaml put into text.

use crate::manifest::flags::flags;
use crate::manifest::scope::{Lacking, Scope};
use crate::problem::{Place, Problem, Source};
use crate::value::Value;
use crate::yaml::{Key, Kind, Node};

/// Puts values into a tree; problems are collected, the rest goes on.
pub(super) struct Interpolator<'a> {
    pub(super) source: &'a Source,
    pub(super) scope: Scope<'a>,
    pub(super) problems: &'a mut Vec<Problem>,
    /// Whether a map stands for flags here.
    pub(super) in_command: bool,
    /// Whether it was said that there is no params.yaml.
    pub(super) said_missing: bool,
}

impl Interpolator<'_> {
    /// The tree with every `${key}` replaced.
    pub(super) fn node(&mut self, node: &Node) -> Node {
        let kind = match &node.kind {
            Kind::Scalar(Value::Text(text)) if text.contains("${") => {
                Node::lifted(self.text(text, node.place), node.place).kind
            }
            Kind::Scalar(value) => Kind::Scalar(value.clone()),
            Kind::List(nodes) => Kind::List(nodes.iter().map(|node| self.item(node)).collect()),
            Kind::Map(pairs) => {
                let pairs = pairs
                    .iter()
                    .map(|(key, child)| (self.key(key), self.node(child)));
                Kind::Map(pairs.collect())
            }
        };
        Node {
            place: node.place,
            kind,
        }
    }

    /// The keys of a stage with every `${key}` replaced. In `cmd` a map stands for flags.
    pub(super) fn stage(&mut self, node: &Node) -> Node {
        let Some(entries) = node.entries() else {
            return self.node(node);
        };
        let entries = entries.iter().map(|(key, child)| {
            let key = self.key(key);
            self.in_command = key.text == "cmd";
            let child = self.node(child);
            self.in_command = false;
            (key, child)
        });
        Node {
            place: node.place,
            kind: Kind::Map(entries.collect()),
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

    /// A key with every `${key}` replaced.
    pub(super) fn key(&mut self, key: &Key) -> Key {
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
            if let Some(map @ Value::Map(_)) = &value
                && self.in_command
            {
                return Value::Text(self.flags(map, text, at));
            }
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
                Some(value @ Value::Map(_)) if self.in_command => {
                    result.push_str(&self.flags(&value, whole, at));
                }
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
        match self.scope.look_up(&dotted) {
            Ok(value) => Some(value),
            Err(Lacking::Unknown(what, hint)) => {
                self.report(&whole, at, format!("`{whole}`: {what}"), Some(hint));
                None
            }
            Err(Lacking::NoFile) if !self.said_missing => {
                self.said_missing = true;
                let file = self.scope.default_file;
                let message = format!("`{whole}` needs {file}, which is not there");
                let hint = format!("make a file {file} with a value for `{dotted}`");
                self.report(&whole, at, message, Some(hint));
                None
            }
            Err(Lacking::NoFile | Lacking::Said) => None,
        }
    }

    /// A map as flags of the command.
    fn flags(&mut self, map: &Value, whole: &str, at: Place) -> String {
        flags(map).unwrap_or_else(|key| {
            let message = format!("`{whole}`: a flag cannot take what `{key}` holds");
            let hint = "a flag takes a value or a list of values".to_owned();
            self.report(whole, at, message, Some(hint));
            whole.to_owned()
        })
    }

    fn report(&mut self, text: &str, at: Place, message: String, hint: Option<String>) {
        let place = within(self.source, text, at);
        Problem::at(self.source, place, message)
            .maybe_hint(hint)
            .add_to(self.problems);
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
