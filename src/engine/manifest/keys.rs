//! The words that may stand in a pipeline file.

use crate::problem::closest;

/// Keys of the pipeline file itself.
pub(super) const TOP: &[&str] = &[
    "stages",
    "vars",
    "pools",
    "params",
    "metrics",
    "plots",
    "artifacts",
    "datasets",
];

/// Keys of the pipeline file that only describe what the stages make and read.
pub(super) const TOP_DESCRIBES: &[&str] = &["params", "metrics", "plots", "artifacts", "datasets"];

/// Keys of a stage.
pub(super) const STAGE: &[&str] = &[
    "cmd",
    "uses",
    "with",
    "wdir",
    "deps",
    "params",
    "outs",
    "metrics",
    "plots",
    "env",
    "desc",
    "meta",
    "frozen",
    "always_changed",
    "vars",
    "foreach",
    "files",
    "do",
    "matrix",
    "resources",
    "pool",
    "timeout",
    "retries",
];

/// Words of other tools, and what they are here.
const SYNONYMS: &[(&str, &str)] = &[
    ("command", "cmd"),
    ("commands", "cmd"),
    ("run", "cmd"),
    ("script", "cmd"),
    ("shell", "cmd"),
    ("stage", "uses"),
    ("input", "deps"),
    ("inputs", "deps"),
    ("needs", "deps"),
    ("depends", "deps"),
    ("depends_on", "deps"),
    ("dependencies", "deps"),
    ("output", "outs"),
    ("outputs", "outs"),
    ("artifacts", "outs"),
    ("parameters", "params"),
    ("config", "params"),
    ("environment", "env"),
    ("description", "desc"),
    ("args", "params"),
    ("arguments", "params"),
    ("cwd", "wdir"),
    ("dir", "wdir"),
    ("workdir", "wdir"),
    ("working_dir", "wdir"),
    ("working_directory", "wdir"),
];

/// Flags of an out. `push` and `remote` say what goes to which remote: kaslite has none yet.
pub(super) const OUT_FLAGS: &[&str] = &[
    "cache", "persist", "push", "remote", "desc", "type", "labels", "meta",
];

/// Flags of an entry of `plots`, which say how to draw it.
pub(super) const PLOT_FLAGS: &[&str] = &[
    "cache", "persist", "push", "remote", "desc", "type", "labels", "meta", "x", "y", "x_label",
    "y_label", "title", "template", "header",
];

/// The key of a stage that was meant.
pub(super) fn meant(key: &str) -> Option<&'static str> {
    let words = SYNONYMS.iter().map(|(word, _)| *word);
    let near = closest(key, words.chain(STAGE.iter().copied()))?;
    let synonym = SYNONYMS.iter().find(|(word, _)| *word == near);
    let own = || STAGE.iter().find(|word| **word == near).copied();
    synonym.map(|(_, key)| *key).or_else(own)
}

/// Whether a text still holds a `${…}` that could not be resolved: what is wrong with it is said
/// already.
pub(super) fn is_open(text: &str) -> bool {
    text.contains("${")
}
