//! [`masked`]: texts without passwords and keys.

use regex::{Captures, Regex};
use std::sync::LazyLock;

/// What stands for a secret.
const MASK: &str = "********";

/// Patterns; what they capture is masked, and the whole where they capture nothing.
static SECRETS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let patterns = [
        // Keys of well-known makers.
        r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
        r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_\-]{16,})",
        r"\b(?:sk-[A-Za-z0-9_\-]{20,}|hf_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9\-]{10,})",
        r"\beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}",
        // `scheme://user:password@host`.
        r"[a-z][a-z0-9+]*://[^\s/:@]+:([^\s/@]+)@",
        // A quoted text, or a bare one with letters and digits, that a name calls a secret.
        r#"(?i)(?:passw(?:or)?d|passphrase|secret|token|api_?key|access_?key|private_?key|credentials?)["']?\s*[:=]\s*(?:"([^"\s]{6,})"|'([^'\s]{6,})')"#,
        r"(?im)(?:passw(?:or)?d|passphrase|secret|token|api_?key|access_?key|private_?key|credentials?)[ \t]*[:=][ \t]*([A-Za-z0-9+/_\-]*[0-9][A-Za-z0-9+/_\-]{7,}=*)[ \t]*$",
    ];
    // Each of them is tested.
    patterns
        .iter()
        .filter_map(|text| Regex::new(text).ok())
        .collect()
});

/// The lines of a private key, each after what a diff puts before it.
static KEY_BLOCK: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?s)-----BEGIN ([A-Z ]*PRIVATE KEY)-----(.*?)-----END ").ok());

/// The text with its secrets masked; `None` where it has none, or is no text.
pub(super) fn masked(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut clean = text.to_owned();
    if let Some(block) = KEY_BLOCK.as_ref() {
        let hide = |found: &Captures<'_>| found[0].replacen(&found[2], &hidden(&found[2]), 1);
        clean = block.replace_all(&clean, hide).into_owned();
    }
    for pattern in SECRETS.iter() {
        clean = pattern.replace_all(&clean, hide).into_owned();
    }
    (clean != text).then_some(clean)
}

fn hide(found: &Captures<'_>) -> String {
    let whole = found.get(0).map_or("", |all| all.as_str());
    match found.iter().skip(1).flatten().next() {
        // Numbers are params.
        Some(secret) if secret.as_str().parse::<f64>().is_ok() => whole.to_owned(),
        Some(secret) => whole.replacen(secret.as_str(), MASK, 1),
        None => MASK.to_owned(),
    }
}

/// As many lines, without what stands on them.
fn hidden(block: &str) -> String {
    let lines = block.matches('\n').count();
    format!("{}\n", format!("\n{MASK}").repeat(lines.saturating_sub(1)))
}
