//! [`parse`]: the text of a params file → tree with places, by the ending of its name.

use crate::params::python;
use crate::problem::{Place, Problem, Source};
use crate::value::Value;
use crate::yaml::{self, Key, Kind, Node};
use std::ffi::OsStr;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The tree of a params file: `.json` is JSON, `.toml` is TOML, `.py` is Python, all else is
/// YAML.
///
/// # Errors
/// Every problem found.
pub(super) fn parse(source: &Source) -> Result<Node, Vec<Problem>> {
    let ending = Path::new(&source.name).extension();
    match ending.map(OsStr::to_ascii_lowercase) {
        Some(ending) if ending == "json" => json(source),
        Some(ending) if ending == "toml" => toml(source),
        Some(ending) if ending == "py" => python::parse(source),
        Some(_) | None => yaml::parse(source),
    }
}

/// JSON, with the places of the YAML that it nearly always is too.
fn json(source: &Source) -> Result<Node, Vec<Problem>> {
    let value: Value = serde_json::from_str(&source.text).map_err(|error| {
        let place = Place {
            line: error.line(),
            column: error.column().max(1),
            width: 1,
        };
        let text = error.to_string();
        let what = text.split(" at line ").next().unwrap_or(&text);
        vec![Problem::at(source, place, format!("not JSON: {what}"))]
    })?;
    match yaml::parse(source) {
        Ok(node) if node.to_value() == value => Ok(node),
        Ok(_) | Err(_) => Ok(Node::lifted(value, start())),
    }
}

fn toml(source: &Source) -> Result<Node, Vec<Problem>> {
    match DeTable::parse(&source.text) {
        Ok(table) => {
            let place = place(source, &table.span());
            table_node(source, table.get_ref(), place).map_err(|found| vec![*found])
        }
        Err(error) => {
            let at = error.span().map_or_else(start, |span| place(source, &span));
            let what = error.message().lines().next().unwrap_or_default();
            Err(vec![Problem::at(source, at, format!("not TOML: {what}"))])
        }
    }
}

type Found<T> = Result<T, Box<Problem>>;

fn table_node(source: &Source, table: &DeTable<'_>, at: Place) -> Found<Node> {
    let pairs = table.iter().map(|(key, value)| {
        let place = place(source, &key.span());
        let text = key.get_ref().to_string();
        Ok((Key { text, place }, toml_node(source, value)?))
    });
    let mut pairs = pairs.collect::<Found<Vec<_>>>()?;
    // The parser sorts them by name.
    pairs.sort_by_key(|(key, _)| key.place);
    let kind = Kind::Map(pairs);
    Ok(Node { place: at, kind })
}

fn toml_node(source: &Source, value: &Spanned<DeValue<'_>>) -> Found<Node> {
    let place = place(source, &value.span());
    let too_large = |what: &str| {
        let message = format!("not TOML: `{what}` is no number that fits");
        Box::new(Problem::at(source, place, message))
    };
    let kind = match value.get_ref() {
        DeValue::String(text) => Kind::Scalar(Value::Text(text.to_string())),
        DeValue::Integer(int) => {
            let number = i64::from_str_radix(int.as_str(), int.radix());
            let number = number.map_err(|_| too_large(int.as_str()))?;
            Kind::Scalar(Value::Int(number))
        }
        DeValue::Float(float) => {
            let number = float.as_str().parse();
            Kind::Scalar(Value::Float(number.map_err(|_| too_large(float.as_str()))?))
        }
        DeValue::Boolean(value) => Kind::Scalar(Value::Bool(*value)),
        DeValue::Datetime(time) => Kind::Scalar(Value::Text(time.to_string())),
        DeValue::Array(items) => {
            let nodes = items.iter().map(|item| toml_node(source, item));
            Kind::List(nodes.collect::<Found<_>>()?)
        }
        DeValue::Table(table) => return table_node(source, table, place),
    };
    Ok(Node { place, kind })
}

fn start() -> Place {
    Place {
        line: 1,
        column: 1,
        width: 1,
    }
}

/// The place of a range of bytes.
pub(super) fn place(source: &Source, span: &Range<usize>) -> Place {
    let before = source.text.get(..span.start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let marked = source.text.get(span.clone()).unwrap_or_default();
    Place {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        width: marked
            .lines()
            .next()
            .map_or(1, |line| line.chars().count().max(1)),
    }
}
