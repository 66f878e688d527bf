//! [`diagnostics`]: `KASLITE_LOG=debug kaslite …` tells why kaslite did what it did.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

const VARIABLE: &str = "KASLITE_LOG";

/// What the targets of all that is told begin with.
const OURS: &str = "kaslite";

/// Tells on stderr what `KASLITE_LOG` asks for. Where it is not set, nothing is set up.
///
/// # Errors
/// It is no filter, or one that nothing can pass.
pub(crate) fn diagnostics(session: &Session) -> Result<(), CliError> {
    let wanted = session.environment.get(VARIABLE);
    let Some(text) = wanted.filter(|text| !text.trim().is_empty()) else {
        return Ok(());
    };
    let parsed = text.parse::<Targets>();
    let targets = parsed.map_err(|error| wrong(text, &error.to_string()))?;
    // A misspelt level reads as the name of a target.
    if let Some((other, _)) = targets.iter().find(|(name, _)| !is_ours(name)) {
        return Err(wrong(
            text,
            &format!("`{other}` is neither a level nor a target"),
        ));
    }
    let lines = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(session.terminal.colours_notes());
    tracing_subscriber::registry()
        .with(lines)
        .with(targets)
        .try_init()
        .map_err(|error| wrong(text, &error.to_string()))
}

/// Whether something may have this target.
fn is_ours(target: &str) -> bool {
    let of_path = |letter: char| letter.is_ascii_alphanumeric() || "_:".contains(letter);
    target.starts_with(OURS) && target.chars().all(of_path)
}

fn wrong(text: &str, reason: &str) -> CliError {
    CliError::usage(format!("`{VARIABLE}` is `{text}`: {reason}"))
        .hint("`debug`, `info`, `warn` and `error` are levels")
        .hint("`kaslite::run=info,kaslite_engine=debug` names targets")
}
