//! Plain scalars by the YAML 1.2 core schema.

use crate::support::source;
use kaslite_engine::value::Value;
use kaslite_engine::yaml;
use std::fmt::Write;

const SCALARS: &[&str] = &[
    "1",
    "+1",
    "-1",
    "0",
    "-0",
    "010",
    "08",
    "0x1F",
    "0xff",
    "0xFFFFFFFFFFFFFFFF",
    "0x",
    "0x-1F",
    "-0x1F",
    "0o17",
    "0o18",
    "0b11",
    "1_000",
    "9223372036854775807",
    "9223372036854775808",
    "1.5",
    "1.",
    ".5",
    "+.5",
    "-.5",
    ".",
    "..",
    "1e5",
    "1E5",
    "1e-4",
    "1e+4",
    "1.e3",
    ".e3",
    "1e",
    "e5",
    "1.5.5",
    "1-2",
    "1e400",
    "-0.0",
    ".inf",
    "-.inf",
    "+.INF",
    ".Inf",
    ".iNF",
    "inf",
    ".nan",
    ".NaN",
    "nan",
    "-.nan",
    "~",
    "null",
    "Null",
    "nULL",
    "true",
    "True",
    "TRUE",
    "tRUE",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "y",
    "2024-01-31",
    "2024-01-31T12:00:00Z",
    "12:30:45",
    "1,5",
    "=",
    "1 2",
    "0.1.2",
    "1%",
    "١",
];

#[test]
fn each_spelling_is_what_the_core_schema_says() {
    let mut table = String::new();
    for text in SCALARS {
        let value = yaml::plain(text);
        writeln!(table, "{text:<22} {:<6} {value}", value.type_name()).expect("a string");
    }
    insta::assert_snapshot!(table);
}

#[test]
fn quotes_blocks_and_the_tag_str_make_text() {
    for text in ["'1'", "\"1\"", "|-\n  1", ">-\n  1", "!!str 1"] {
        let node = yaml::parse(&source(&format!("a: {text}\n"))).expect("sound YAML");
        let value = node.get("a").expect("the key a").to_value();
        assert!(
            matches!(&value, Value::Text(one) if one == "1"),
            "{text}: {value:?}"
        );
    }
}

#[test]
fn a_merge_key_in_quotes_is_a_key() {
    let node = yaml::parse(&source("a: &a {x: 1}\nb: {<<: *a, y: 2}\nc: {'<<': 3}\n"))
        .expect("sound YAML");
    assert_eq!(
        node.get("b").expect("b").to_value().to_string(),
        "{y: 2, x: 1}"
    );
    assert_eq!(node.get("c").expect("c").to_value().to_string(), "{<<: 3}");
}
