//! The members of a group: what `foreach` lists, every combination of a `matrix`.

use crate::manifest::keys::is_open;
use crate::problem::{Problem, Source};
use crate::rel_path::RelPath;
use crate::value::Value;
use crate::yaml::{Key, Kind, Node};
use indexmap::IndexMap;
use std::path::Path;

/// Stages that one `matrix` may give: more is a mistake, and would not fit into memory.
const MOST: usize = 100_000;

/// Keys of a `matrix` that are no axes: they take combinations away, and add some.
const EXCLUDE: &str = "exclude";
const INCLUDE: &str = "include";

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

    /// One combination of a `matrix` below `do`, of which the entry of `foreach` has this one.
    pub(super) fn with_matrix(&self, inner: &Self) -> Self {
        let mut values = self.values.clone();
        if let Some(item) = inner.values.get("item") {
            values.set("matrix", item.clone());
        }
        let name = format!("{}-{}", self.name, inner.name);
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

/// One member a file, as `folder` names it.
pub(super) fn files(folder: &RelPath, paths: &[RelPath]) -> Vec<Member> {
    let member = |path: &RelPath| {
        let name = folder.relative(path);
        let stem = Path::new(path.name()).file_stem().unwrap_or_default();
        let key = Value::Text(stem.to_string_lossy().into_owned());
        let item = Value::Text(name.clone());
        let values = IndexMap::from([("item".to_owned(), item), ("key".to_owned(), key)]);
        let values = Value::Map(values);
        Member { name, values }
    };
    paths.iter().map(member).collect()
}

/// One member a combination, the last axis the fastest; plain values stand in the name as they are,
/// others as the axis and their place. A list of maps `exclude` takes away the combinations that have all
/// values of one of them; a list of maps `include` gives more to those, or adds one.
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
    let (rules, lists): (Vec<_>, Vec<_>) = pairs.iter().partition(|(key, list)| is_rule(key, list));
    let mut combinations = vec![(Vec::new(), IndexMap::new())];
    for (axis, list) in &lists {
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
    if lists.is_empty() {
        combinations.clear();
    }
    let axes: Vec<&str> = lists.iter().map(|(axis, _)| axis.text.as_str()).collect();
    for (rule, list) in rules {
        let Kind::List(maps) = &list.kind else {
            continue;
        };
        for (index, map) in maps.iter().enumerate() {
            let Value::Map(values) = map.to_value() else {
                continue;
            };
            let result = if rule.text == EXCLUDE {
                exclude(&mut combinations, &values, &axes)
            } else {
                include(&mut combinations, values, &axes, index)
            };
            if let Err(message) = result {
                let message = format!("`{}` in `matrix` of stage `{stage}` {message}", rule.text);
                problems.push(Problem::at(source, map.place, message));
            }
        }
    }
    let member =
        |(names, item): (Vec<String>, _)| Member::new(names.join("-"), Value::Map(item), true);
    combinations.into_iter().map(member).collect()
}

fn is_rule(key: &Key, list: &Node) -> bool {
    let of_maps = |items: &[Node]| items.iter().all(|item| item.entries().is_some());
    [EXCLUDE, INCLUDE].contains(&key.text.as_str())
        && matches!(&list.kind, Kind::List(items) if of_maps(items))
}

/// Takes away the combinations that have all of these values.
fn exclude(
    combinations: &mut Vec<Combination>,
    values: &IndexMap<String, Value>,
    axes: &[&str],
) -> Result<(), String> {
    if let Some(other) = values.keys().find(|key| !axes.contains(&key.as_str())) {
        return Err(format!("names `{other}`, which is no axis"));
    }
    let fits = |item: &IndexMap<String, Value>| {
        let mut values = values.iter();
        values.all(|(key, value)| item.get(key) == Some(value))
    };
    combinations.retain(|(_, item)| !fits(item));
    Ok(())
}

/// Gives the combinations that have these values of the axes the other values too; where there is none,
/// this is one more.
fn include(
    combinations: &mut Vec<Combination>,
    values: IndexMap<String, Value>,
    axes: &[&str],
    index: usize,
) -> Result<(), String> {
    let is_axis = |key: &&String| axes.contains(&key.as_str());
    let mut found = false;
    for (_, item) in combinations.iter_mut() {
        let mut own = values.iter().filter(|(key, _)| is_axis(key));
        if !axes.is_empty() && own.all(|(key, value)| item.get(key) == Some(value)) {
            found = true;
            let more = values.iter().filter(|(key, _)| !is_axis(key));
            item.extend(more.map(|(key, value)| (key.clone(), value.clone())));
        }
    }
    if found {
        return Ok(());
    }
    if let Some(axis) = axes.iter().find(|axis| !values.contains_key(**axis)) {
        return Err(format!("adds a combination without a value for `{axis}`"));
    }
    let named = |key: &str| values.get(key).map(|value| part(key, index, value));
    let names = if axes.is_empty() {
        values
            .iter()
            .map(|(key, value)| part(key, index, value))
            .collect()
    } else {
        axes.iter().filter_map(|axis| named(axis)).collect()
    };
    combinations.push((names, values));
    Ok(())
}

/// A value as it stands in a name.
fn part(axis: &str, index: usize, value: &Value) -> String {
    match value {
        Value::List(_) | Value::Map(_) => format!("{axis}{index}"),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {
            value.to_string()
        }
    }
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
        names.push(part(&axis.text, index, &value));
        values.insert(axis.text.clone(), value);
        (names, values)
    })
}

/// Whether the data is a `${…}` that gave no value, which was said.
fn is_said(data: &Node) -> bool {
    matches!(&data.kind, Kind::Scalar(Value::Text(text)) if is_open(text))
}
