//! Small texts: durations, sizes, counts, the summary of a run.

use crate::ui::terminal::{BAD, BOLD, BUSY, DIM, GOOD};
use kaslite_engine::estimate::Estimate;
use kaslite_engine::event::{Outcome, Summary};
use std::time::Duration;

/// Columns beyond which a line is hard to read.
const WIDEST: usize = 100;

/// `4 ms`, `1.2 s`, `3 min 05 s`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 1.0 {
        format!("{:.0} ms", seconds * 1000.0)
    } else if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else if seconds < 3600.0 {
        format!(
            "{} min {:02} s",
            duration.as_secs() / 60,
            duration.as_secs() % 60
        )
    } else {
        format!(
            "{} h {:02} min",
            duration.as_secs() / 3600,
            duration.as_secs() / 60 % 60
        )
    }
}

/// `12 bytes`, `1.5 KiB`, `2.0 GiB`.
pub(crate) fn size(bytes: u64) -> String {
    if bytes < 1 << 10 {
        return plural(usize::try_from(bytes).unwrap_or_default(), "byte");
    }
    let (shift, unit) = [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")]
        .into_iter()
        .find(|(shift, _)| bytes >> shift > 0)
        .unwrap_or((10, "KiB"));
    format!(
        "{:.1} {unit}",
        bytes as f64 / f64::from(1 << (shift - 10)) / 1024.0
    )
}

/// `40 s`, `14 min`, `2 h 05 min`: a length of time nobody measures.
fn about(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..100 => format!("{seconds} s"),
        seconds @ 100..6000 => format!("{} min", (seconds + 30) / 60),
        seconds => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// `about 12 min left, 9 min of them in train`: of an estimate that was made so long ago.
pub(crate) fn left(estimate: &Estimate, ago: Duration) -> String {
    let mut left = estimate.clone();
    // The first stage of the path is the one that runs.
    let mut passed = ago;
    for (_, time) in &mut left.path {
        let part = passed.min(*time);
        *time -= part;
        passed -= part;
    }
    left.total = left.total.saturating_sub(ago);
    if left.total.is_zero() {
        return "it takes longer than last time".to_owned();
    }
    left.total = left.total.max(Duration::from_secs(1));
    expected_as(&left, " left")
}

/// `about 14 min, 9 min of them in train`.
pub(crate) fn expected(estimate: &Estimate) -> String {
    expected_as(estimate, "")
}

fn expected_as(estimate: &Estimate, word: &str) -> String {
    let unknown = match estimate.unknown.as_slice() {
        [] => String::new(),
        [stage] => format!(", and `{stage}`, which was never measured"),
        stages => format!(", and {} stages that were never measured", stages.len()),
    };
    let total = about(estimate.total);
    match estimate.longest() {
        Some((stage, time)) if estimate.path.len() > 1 => {
            format!(
                "about {total}{word}, {} of them in {stage}{unknown}",
                about(time)
            )
        }
        Some(_) | None => format!("about {total}{word}{unknown}"),
    }
}

/// A text in lines no wider than the terminal, each after the indent; of 80 columns without a terminal,
/// and of 100 at the most.
pub(crate) fn wrapped(text: &str, indent: &str) -> String {
    let width = textwrap::termwidth().min(WIDEST);
    let options = textwrap::Options::new(width)
        .initial_indent(indent)
        .subsequent_indent(indent)
        .break_words(false);
    textwrap::fill(text, options)
}

/// `1 stage`, `3 stages`.
pub(crate) fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// The one line at the end of a run.
pub(crate) fn summary(summary: &Summary) -> String {
    let parts = [
        (summary.count(|o| *o == Outcome::Done), "ran", BOLD),
        (summary.count(|o| *o == Outcome::Restored), "restored", GOOD),
        (summary.count(|o| *o == Outcome::Fresh), "fresh", GOOD),
        (summary.count(|o| *o == Outcome::Frozen), "frozen", DIM),
        (
            summary.count(|o| matches!(o, Outcome::Failed(_))),
            "failed",
            BAD,
        ),
        (
            summary.count(|o| matches!(o, Outcome::Skipped(_))),
            "skipped",
            BUSY,
        ),
        (summary.count(|o| *o == Outcome::Cancelled), "not run", BUSY),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, word, style)| format!("{style}{count} {word}{style:#}"))
        .collect();
    let total = plural(summary.stages.len(), "stage");
    let list = if parts.is_empty() {
        "nothing to do".to_owned()
    } else {
        parts.join(", ")
    };
    format!("{total}: {list} in {}", duration(summary.duration))
}
