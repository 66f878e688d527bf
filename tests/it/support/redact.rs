//! [`redact`]: takes out of a text what differs from run to run.

use regex::Regex;
use std::path::Path;
use std::sync::LazyLock;

static PATTERNS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    [
        (r"(repro|train|sweep)_\d{8}_\d{6}(_\d+)?", "[RUN]"),
        (
            r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)?",
            "[TIME]",
        ),
        (r"\b\d+ min \d\d s\b", "[TIME]"),
        (r"\b\d+(\.\d+)? m?s\b", "[TIME]"),
        (r"\b[0-9a-f]{64}\b", "[DIGEST]"),
        (r"\b[0-9a-f]{40}\b", "[COMMIT]"),
        (r"process \d+", "process [ID]"),
        (r"trash/[0-9a-f]+/", "trash/[DIGEST]/"),
    ]
    .map(|(pattern, word)| (Regex::new(pattern).expect("a sound pattern"), word))
    .into()
});

/// The text with `[ROOT]`, `[TIME]`, `[RUN]`, `[DIGEST]`, `[COMMIT]` in place of what they name.
pub(crate) fn redact(text: &str, root: &Path) -> String {
    let text = text.replace(root.to_str().expect("a UTF-8 path"), "[ROOT]");
    PATTERNS.iter().fold(text, |text, (pattern, word)| {
        pattern.replace_all(&text, *word).into_owned()
    })
}
