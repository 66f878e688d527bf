//! [`records`]: a file of data → records.

use indexmap::IndexMap;
use kaslite_engine::manifest::parse_params;
use kaslite_engine::value::Value;
use kaslite_engine::yaml;
use std::path::Path;

/// A record: column → value, in the order of the file.
pub(crate) type Record = IndexMap<String, Value>;

/// Endings of pictures, with what browsers call them.
const PICTURES: [(&str, &str); 6] = [
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
];
const DATA: [&str; 5] = ["csv", "tsv", "json", "yaml", "yml"];

fn ending(path: &str) -> String {
    let ending = Path::new(path).extension().unwrap_or_default();
    ending.to_string_lossy().to_lowercase()
}

/// What browsers call the picture that the file is, if it is one.
pub(crate) fn picture_kind(path: &str) -> Option<&'static str> {
    let ending = ending(path);
    let known = PICTURES.iter().find(|(name, _)| *name == ending);
    known.map(|(_, kind)| *kind)
}

/// Whether the file holds data or a picture.
pub(crate) fn can_be_shown(path: &str) -> bool {
    picture_kind(path).is_some() || DATA.contains(&ending(path).as_str())
}

/// The records of a file, by its ending. `header`: whether the first line names the columns.
pub(crate) fn records(path: &str, bytes: &[u8], header: bool) -> Result<Vec<Record>, String> {
    match ending(path).as_str() {
        "csv" => table(bytes, b',', header),
        "tsv" => table(bytes, b'\t', header),
        "json" => {
            let value =
                serde_json::from_slice(bytes).map_err(|error| format!("not JSON: {error}"))?;
            list(&value)
        }
        "yaml" | "yml" => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            // A list at the top is no params file: it stands below a key.
            let lines: Vec<&str> = text.lines().collect();
            let value = parse_params(path, text.clone())
                .or_else(|_| parse_params(path, format!("records:\n  {}\n", lines.join("\n  "))));
            list(&value.map_err(|_| "not YAML".to_owned())?)
        }
        _ => Err(format!(
            "no data that can be drawn; there are {}",
            DATA.join(", ")
        )),
    }
}

fn table(bytes: &[u8], delimiter: u8, header: bool) -> Result<Vec<Record>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(header)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let failed = |error: csv::Error| error.to_string();
    let names: Vec<String> = if header {
        let names = reader.headers().map_err(failed)?;
        names
            .iter()
            .map(|name| name.trim_start_matches('\u{feff}').to_owned())
            .collect()
    } else {
        Vec::new()
    };
    let mut records = Vec::new();
    for row in reader.records() {
        let row = row.map_err(failed)?;
        let cell = |(index, text): (usize, &str)| {
            let name = names.get(index).cloned();
            (name.unwrap_or_else(|| index.to_string()), number(text))
        };
        records.push(row.iter().enumerate().map(cell).collect());
    }
    Ok(records)
}

/// A cell; spellings of "not a number" that programs write are the float.
fn number(text: &str) -> Value {
    match text {
        "nan" | "NaN" | "NAN" => Value::Float(f64::NAN),
        "inf" | "Infinity" => Value::Float(f64::INFINITY),
        "-inf" | "-Infinity" => Value::Float(f64::NEG_INFINITY),
        _ => yaml::plain(text),
    }
}

/// The first list of maps in a value.
fn list(value: &Value) -> Result<Vec<Record>, String> {
    first_list(value).ok_or_else(|| "there is no list of records in it".to_owned())
}

fn first_list(value: &Value) -> Option<Vec<Record>> {
    match value {
        Value::List(items) => {
            let record = |item: &Value| match item {
                Value::Map(map) => Some(map.clone()),
                Value::Int(_) | Value::Float(_) => {
                    Some(Record::from([("value".to_owned(), item.clone())]))
                }
                Value::Null | Value::Bool(_) | Value::Text(_) | Value::List(_) => None,
            };
            items.iter().map(record).collect()
        }
        Value::Map(map) => map.values().find_map(first_list),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => None,
    }
}
