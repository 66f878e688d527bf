//! Random values, and stages and files made by hand.

use kaslite_engine::digest::Digest;
use kaslite_engine::fingerprint::Content;
use kaslite_engine::limits::Limits;
use kaslite_engine::problem::{Place, Source};
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::stage::{Action, Dep, Out, Stage};
use kaslite_engine::value::Value;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Few cases where nothing else is asked for: these tests are run all the time.
pub(crate) fn cases() -> ProptestConfig {
    let mut config = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 64;
    }
    // A case that fails becomes a test of its own, by hand.
    config.failure_persistence = None;
    config
}

pub(crate) fn source(text: &str) -> Source {
    Source {
        name: "file.yaml".to_owned(),
        text: text.to_owned(),
    }
}

pub(crate) fn path(text: &str) -> RelPath {
    RelPath::root().join(text)
}

/// A command stage.
pub(crate) fn stage(name: &str, deps: &[String], outs: &[String]) -> Stage {
    let place = Place::default();
    Stage {
        name: name.to_owned(),
        file: 0,
        place,
        action: Action::Command(vec!["true".to_owned()]),
        wdir: RelPath::root(),
        env: BTreeMap::new(),
        params: litemap::LiteMap::new(),
        arguments: Value::Null,
        deps: deps
            .iter()
            .map(|dep| Dep {
                path: path(dep),
                place,
            })
            .collect(),
        outs: outs
            .iter()
            .map(|out| Out {
                path: path(out),
                place,
                cache: true,
                persist: false,
            })
            .collect(),
        views: Vec::new(),
        frozen: false,
        always_changed: false,
        limits: Limits::default(),
        desc: None,
    }
}

/// Content that differs with `seed`.
pub(crate) fn content(seed: u8) -> Content {
    Content {
        digest: Digest::of(&[seed]),
        size: u64::from(seed),
        files: None,
        executable: false,
    }
}

/// Text that looks like something else in YAML.
const TRICKY: &[&str] = &[
    "",
    " ",
    "~",
    "null",
    "true",
    "yes",
    "no",
    "on",
    "010",
    "0o17",
    "0x1F",
    "1e5",
    "1E5",
    ".5",
    "1.",
    "+1",
    "-0",
    "1_000",
    ".inf",
    "-.INF",
    ".nan",
    "12:30:45",
    "2024-01-01",
    "<<",
    "=",
    "- a",
    "a: b",
    "# x",
    "a #b",
    "*a",
    "&a",
    "!a",
    "%a",
    "@a",
    "`a",
    "{",
    "}",
    "[",
    "]",
    ",",
    "?",
    "|",
    ">",
    "'",
    "\"",
    "\\",
    "\t",
    "\n",
    "\r\n",
    "a\nb",
    "a\n\nb\n",
    " a ",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{1b}[31m",
    "\u{0}",
    "\u{7f}",
    "--- a",
    "...",
    "é",
    "グ",
    "😀",
];

/// Text: of any kind, and of the kinds that look like something else in YAML.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let tricky = prop::sample::select(TRICKY);
    prop_oneof![
        tricky.prop_map(str::to_owned),
        "[a-z]{1,4}",
        any::<String>(),
    ]
}

pub(crate) fn float() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        (-1000i32..1000).prop_map(|int| f64::from(int) / 8.0),
        prop::sample::select(vec![
            0.0,
            -0.0,
            1e-4,
            1e20,
            1e300,
            5e-324,
            9_007_199_254_740_992.0,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ]),
    ]
}

pub(crate) fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (-4i64..4).prop_map(Value::Int),
        float().prop_map(Value::Float),
        text().prop_map(Value::Text),
    ]
}

/// Any value whose maps have keys of `key`.
pub(crate) fn value_with<K: Strategy<Value = String> + 'static>(
    key: impl Fn() -> K + Copy + 'static,
) -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 24, 4, move |inner| {
        let pairs = prop::collection::vec((key(), inner.clone()), 0..4);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::List),
            pairs.prop_map(|pairs| Value::Map(pairs.into_iter().collect())),
        ]
    })
}

/// Any value.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    value_with(text)
}
