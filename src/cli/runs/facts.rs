//! [`Facts`]: what is known of a run, by name.

use kaslite_engine::params::DEFAULT_FILE;
use kaslite_engine::value::Value;
use kaslite_track::record::{RunRecord, RunSummary};
use std::collections::BTreeMap;

/// Name → value: fields of the run (`run`, `status`, `tags`, …), params by their key (`train.lr`),
/// metrics below `metric` (`metric.accuracy.val`). What is not known or was not measured is not there.
pub(crate) type Facts = BTreeMap<String, Value>;

/// The fields that every run may have, in the order of a table.
pub(crate) const FIELDS: [&str; 13] = [
    "run",
    "name",
    "status",
    "outcome",
    "started",
    "seconds",
    "ran",
    "restored",
    "commit",
    "dirty",
    "tags",
    "description",
    "note",
];

/// What is known of a run.
pub(crate) fn facts(run: &RunRecord) -> Facts {
    let mut facts = Facts::new();
    if let Some(summary) = &run.summary {
        // params.yaml last: its keys go before those of other files.
        let (own, other): (Vec<_>, Vec<_>) = summary
            .params
            .iter()
            .partition(|(file, _)| *file == DEFAULT_FILE);
        for (key, value) in other.into_iter().chain(own).flat_map(|(_, values)| values) {
            let is_field = FIELDS.contains(&key.as_str());
            let name = if is_field || key.starts_with("metric.") {
                format!("param.{key}")
            } else {
                key.clone()
            };
            facts.insert(name, value.clone());
        }
        for (key, value) in summary.metrics.values().rev().flatten() {
            let name = if key.starts_with("metric.") {
                key.clone()
            } else {
                format!("metric.{key}")
            };
            facts.insert(name, value.clone());
        }
    }
    facts.extend(fields(run).map(|(name, value)| (name.to_owned(), value)));
    facts.retain(|_, value| !value.is_null());
    facts
}

fn fields(run: &RunRecord) -> impl Iterator<Item = (&'static str, Value)> {
    let said = &run.experiment;
    let text = |text: &str| Value::Text(text.to_owned());
    let maybe = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
    let tags = said.tags.iter().map(|tag| text(tag)).collect();
    let summary = run.summary.as_ref();
    let count = |outcome: &'static str| {
        let count = summary.map(|summary| summary.count(outcome));
        let count = count.and_then(|count| i64::try_from(count).ok());
        count.map_or(Value::Null, Value::Int)
    };
    [
        ("run", text(&run.run_id)),
        ("name", text(&said.name)),
        ("status", text(&said.status.to_string())),
        ("outcome", text(outcome(summary))),
        ("started", text(&said.timestamp)),
        (
            "seconds",
            summary.map_or(Value::Null, |summary| Value::Float(summary.seconds)),
        ),
        ("ran", count("done")),
        ("restored", count("restored")),
        ("commit", maybe(&said.git_commit)),
        ("dirty", said.git_dirty.map_or(Value::Null, Value::Bool)),
        ("tags", Value::List(tags)),
        ("description", maybe(&said.description)),
        ("note", maybe(&said.note)),
    ]
    .into_iter()
}

/// How a run ended.
pub(crate) fn outcome(summary: Option<&RunSummary>) -> &str {
    summary.map_or("unfinished", |summary| summary.status.as_str())
}
