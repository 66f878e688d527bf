//! `${…}` in the pipeline file: values of the params files put into text.

use crate::problem::{Place, Problem, Source};
use crate::value::Value;
use crate::yaml::{Kind, Node};

/// The tree with every `${key}` replaced; problems are collected, the rest goes on.
pub(super) fn interpolate(
    node: &Node,
    source: &Source,
    values: &Value,
    problems: &mut Vec<Problem>,
) -> Node {
    let kind = match &node.kind {
        Kind::Scalar(Value::Text(text)) if text.contains("${") => match substitute(text, values) {
            Ok(value) => lift(value, node.place),
            Err(Fault { message, near }) => {
                let problem = Problem::at(source, node.place, message);
                problems.push(match near {
                    Some(key) => problem.suggest(&key, keys(values).iter().map(String::as_str)),
                    None => problem,
                });
                Kind::Scalar(Value::Text(text.clone()))
            }
        },
        Kind::Scalar(value) => Kind::Scalar(value.clone()),
        Kind::List(nodes) => Kind::List(
            nodes
                .iter()
                .map(|node| interpolate(node, source, values, problems))
                .collect(),
        ),
        Kind::Map(pairs) => Kind::Map(
            pairs
                .iter()
                .map(|(key, child)| {
                    let mut key = key.clone();
                    let wrapped = Node {
                        place: key.place,
                        kind: Kind::Scalar(Value::Text(key.text.clone())),
                    };
                    if let Kind::Scalar(value) =
                        interpolate(&wrapped, source, values, problems).kind
                    {
                        key.text = value.to_string();
                    }
                    (key, interpolate(child, source, values, problems))
                })
                .collect(),
        ),
    };
    Node {
        place: node.place,
        kind,
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
                .map(|(text, value)| (crate::yaml::Key { text, place }, node(value)))
                .collect(),
        ),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {
            Kind::Scalar(value)
        }
    }
}

struct Fault {
    message: String,
    /// The key that was looked for.
    near: Option<String>,
}

/// A text that is one `${key}` becomes the value, its type kept; within text it is put in as text.
fn substitute(text: &str, values: &Value) -> Result<Value, Fault> {
    if let Some(inner) = text
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        && !inner.contains(['{', '}'])
    {
        return look_up(inner, values);
    }
    let (mut result, mut rest) = (String::new(), text);
    while let Some(start) = rest.find("${") {
        if rest[..start].ends_with('\\') {
            result.push_str(&rest[..start - 1]);
            result.push_str("${");
            rest = &rest[start + 2..];
            continue;
        }
        result.push_str(&rest[..start]);
        let Some(length) = rest[start..].find('}') else {
            return Err(Fault {
                message: "`${` without its `}`".to_owned(),
                near: None,
            });
        };
        let key = &rest[start + 2..start + length];
        let value = look_up(key, values)?;
        if matches!(value, Value::List(_) | Value::Map(_)) {
            let message = format!(
                "`${{{key}}}` is a {}, which cannot be put into text",
                value.type_name()
            );
            return Err(Fault {
                message,
                near: None,
            });
        }
        result.push_str(&value.to_string());
        rest = &rest[start + length + 1..];
    }
    result.push_str(rest);
    Ok(Value::Text(result))
}

fn look_up(key: &str, values: &Value) -> Result<Value, Fault> {
    let key = key.trim();
    let dotted = key.replace('[', ".").replace(']', "");
    if dotted.is_empty() || dotted.split('.').any(str::is_empty) {
        return Err(Fault {
            message: format!("`${{{key}}}` names no param"),
            near: None,
        });
    }
    values.get(&dotted).cloned().ok_or_else(|| Fault {
        message: format!("`${{{key}}}`: no such param in params.yaml"),
        near: Some(dotted),
    })
}

/// All dotted keys, inner and leaf.
fn keys(values: &Value) -> Vec<String> {
    let mut keys = Vec::new();
    for (leaf, _) in values.leaves("") {
        let mut at = 0;
        while let Some(dot) = leaf[at..].find('.') {
            keys.push(leaf[..at + dot].to_owned());
            at += dot + 1;
        }
        keys.push(leaf);
    }
    keys.sort();
    keys.dedup();
    keys
}
