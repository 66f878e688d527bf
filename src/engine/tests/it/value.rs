//! Laws of values: text and back, reading and writing by dotted keys, the encoding.

use crate::support::{cases, source, text, value, value_with};
use indexmap::IndexMap;
use kaslite_engine::value::Value;
use kaslite_engine::yaml;
use proptest::prelude::*;
use std::cmp::Ordering;

/// Keys without dots, few enough to meet again.
fn word() -> impl Strategy<Value = String> {
    "[a-c]{1,2}"
}

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(word(), 1..4).prop_map(|parts| parts.join("."))
}

/// A map with words for keys.
fn map() -> impl Strategy<Value = Value> {
    let pairs = prop::collection::vec((word(), value_with(word)), 0..4);
    pairs.prop_map(|pairs| Value::Map(pairs.into_iter().collect()))
}

/// Keys that do not merge.
fn key() -> impl Strategy<Value = String> {
    text().prop_filter("a merge key", |key| key != "<<")
}

fn encoded(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.encode(&mut bytes);
    bytes
}

/// Numbers are equal by their worth; beyond 2^53 a float is no certain int.
fn equal(a: f64, b: f64) -> bool {
    a.partial_cmp(&b) == Some(Ordering::Equal) || (a.is_nan() && b.is_nan())
}

/// What equality means, said in another way than the encoding says it.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => equal(*a, *b),
        (Value::Int(int), Value::Float(float)) | (Value::Float(float), Value::Int(int)) => {
            float.abs() < 9_007_199_254_740_992.0 && equal(*int as f64, *float)
        }
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            let found = |(key, a): (&String, &Value)| b.get(key).is_some_and(|b| same(a, b));
            a.len() == b.len() && a.iter().all(found)
        }
        _ => false,
    }
}

/// The value with its maps in the opposite order and its integral floats as ints.
fn respelled(value: &Value) -> Value {
    match value {
        Value::Float(float) if float.fract() == 0.0 && float.abs() < 1e15 => {
            Value::Int(format!("{float:.0}").parse().expect("an int"))
        }
        Value::List(values) => Value::List(values.iter().map(respelled).collect()),
        Value::Map(map) => {
            let pairs = map.iter().rev();
            let pairs = pairs.map(|(key, value)| (key.clone(), respelled(value)));
            Value::Map(pairs.collect())
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {
            value.clone()
        }
    }
}

proptest! {
    #![proptest_config(cases())]

    /// Without the line breaks of YAML 1.1, at which the writer goes on in the next line: `\u{85}`,
    /// `\u{2028}`, `\u{2029}`; and without the key `<<`, which it does not quote. The reader of
    /// kaslite's own files knows both, see below.
    #[test]
    fn text_and_back_is_the_same_value(inner in value_with(key)) {
        prop_assume!(!yaml::to_text(&inner).contains(['\u{85}', '\u{2028}', '\u{2029}']));
        let whole = Value::Map(IndexMap::from([("root".to_owned(), inner)]));
        let text = yaml::to_text(&whole);
        let node = yaml::parse(&source(&text)).expect("what was written can be read");
        let read = node.to_value();
        prop_assert_eq!(&read, &whole, "\n{}", text);
        prop_assert_eq!(yaml::to_text(&read), text);
    }

    #[test]
    fn the_reader_of_kaslites_own_files_agrees(inner in value()) {
        let whole = Value::Map(IndexMap::from([("root".to_owned(), inner)]));
        let text = yaml::to_text(&whole);
        let read: Value = yaml::from_text(&text).expect("what was written can be read");
        prop_assert_eq!(read, whole, "\n{}", text);
    }

    #[test]
    fn two_values_have_one_encoding_only_if_they_are_equal(a in value(), b in value()) {
        prop_assert_eq!(encoded(&a) == encoded(&b), same(&a, &b));
        prop_assert_eq!(a == b, same(&a, &b));
    }

    #[test]
    fn another_spelling_has_the_same_encoding(value in value()) {
        prop_assert_eq!(encoded(&value), encoded(&respelled(&value)));
    }

    #[test]
    fn an_encoding_ends_where_the_value_ends(a in value(), b in value()) {
        let (a, b) = (encoded(&a), encoded(&b));
        prop_assert!(a == b || !b.starts_with(&a));
    }

    #[test]
    fn what_was_set_can_be_got(mut value in map(), key in words(), new in value_with(word)) {
        value.set(&key, new.clone());
        prop_assert_eq!(value.get(&key), Some(&new));
        let once = value.clone();
        value.set(&key, new);
        prop_assert_eq!(value, once);
    }

    #[test]
    fn setting_one_leaf_leaves_the_others(value in map(), key in words(), new in value_with(word)) {
        let mut changed = value.clone();
        changed.set(&key, new);
        let touches = |leaf: &str| {
            let (a, b) = (format!("{leaf}."), format!("{key}."));
            a.starts_with(&b) || b.starts_with(&a)
        };
        for (leaf, old) in value.leaves("") {
            if !leaf.is_empty() && !touches(&leaf) {
                prop_assert_eq!(changed.get(&leaf), Some(&old), "{}", leaf);
            }
        }
    }

    #[test]
    fn leaves_are_all_there_is(value in map()) {
        let mut built = Value::Map(IndexMap::new());
        for (key, leaf) in value.leaves("") {
            if key.is_empty() {
                prop_assert_eq!(&value, &built, "only an empty map is a leaf without a key");
                continue;
            }
            prop_assert_eq!(value.get(&key), Some(&leaf));
            built.set(&key, leaf);
        }
        prop_assert_eq!(built, value);
    }
}
