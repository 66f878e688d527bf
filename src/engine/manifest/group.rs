//! The members of a group: what `foreach` lists, every combination of a `matrix`.

use crate::manifest::keys::is_open;
use crate::problem::{Problem, Source};
use crate::value::Value;
use crate::yaml::{Key, Kind, Node};
use indexmap::IndexMap;

/// Stages that one `matrix` may give: more is a mistake, and would not fit into memory.
const MOST: usize = 100_000;

/// One stage of a group.
pub(super) struct Member {
    /// What stands after the `@` of its name.
    pub(super) name: String,
    /// `item`, and `key` where there is one.
    pub(super) values: Value,
}

impl Member {
    fn new(name: String, item: Value, has_key: bool) -> Self {
        let mut values = IndexMap::from([("item".to_owned(), item)]);
        if has_key {
            values.insert("key".to_owned(), Value::Text(name.clone()));
        }
        let values = Value::Map(values);
        Self { name, values }
    }
}

/// One member an entry: a list of plain values names them by value, other lists by place, a map by key.
pub(super) fn foreach(
    stage: &str,
    data: &Node,
    source: &Source,
    problems: &mut Vec<Problem>,
) -> Vec<Member> {
    match &data.kind {
        Kind::List(items) => {
            let plain = items
                .iter()
                .all(|item| matches!(item.kind, Kind::Scalar(_)));
            let members = items.iter().enumerate().map(|(index, item)| {
                let item = item.to_value();
                let name = if plain {
                    item.to_string()
                } else {
                    index.to_string()
                };
                Member::new(name, item, false)
            });
            members.collect()
        }
        Kind::Map(pairs) => {
            let member =
                |(key, item): &(Key, Node)| Member::new(key.text.clone(), item.to_value(), true);
            pairs.iter().map(member).collect()
        }
        Kind::Scalar(_) => {
            if !is_said(data) {
                let what = data.described();
                let message =
                    format!("`foreach` of stage `{stage}` must be a list or a map, not {what}");
                problems.push(Problem::at(source, data.place, message));
            }
            Vec::new()
        }
    }
}

/// One member a combination, the last axis the fastest; plain values stand in the name as they are,
/// others as the axis and their place.
pub(super) fn matrix(
    stage: &str,
    axes: &Node,
    source: &Source,
    problems: &mut Vec<Problem>,
) -> Vec<Member> {
    let Some(pairs) = axes.entries().filter(|pairs| !pairs.is_empty()) else {
        if !is_said(axes) {
            let what = axes.described();
            let message = format!("`matrix` of stage `{stage}` must be a map of lists, not {what}");
            problems.push(Problem::at(source, axes.place, message));
        }
        return Vec::new();
    };
    let mut combinations = vec![(Vec::new(), IndexMap::new())];
    for (axis, list) in pairs {
        let Kind::List(items) = &list.kind else {
            if !is_said(list) {
                let (axis, what) = (&axis.text, list.described());
                let message =
                    format!("`{axis}` in `matrix` of stage `{stage}` must be a list, not {what}");
                problems.push(Problem::at(source, list.place, message));
            }
            return Vec::new();
        };
        if combinations.len().saturating_mul(items.len()) > MOST {
            let message = format!("`matrix` of stage `{stage}` gives more than {MOST} stages");
            problems.push(Problem::at(source, axes.place, message));
            return Vec::new();
        }
        combinations = combinations
            .iter()
            .flat_map(|before| with_axis(before, axis, items))
            .collect();
    }
    let member =
        |(names, item): (Vec<String>, _)| Member::new(names.join("-"), Value::Map(item), true);
    combinations.into_iter().map(member).collect()
}

type Combination = (Vec<String>, IndexMap<String, Value>);

/// A combination with each item of one more axis.
fn with_axis<'a>(
    before: &'a Combination,
    axis: &'a Key,
    items: &'a [Node],
) -> impl Iterator<Item = Combination> + 'a {
    items.iter().enumerate().map(move |(index, item)| {
        let (mut names, mut values) = before.clone();
        let value = item.to_value();
        names.push(match value {
            Value::List(_) | Value::Map(_) => format!("{}{index}", axis.text),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {
                value.to_string()
            }
        });
        values.insert(axis.text.clone(), value);
        (names, values)
    })
}

/// Whether the data is a `${…}` that gave no value, which was said.
fn is_said(data: &Node) -> bool {
    matches!(&data.kind, Kind::Scalar(Value::Text(text)) if is_open(text))
}
