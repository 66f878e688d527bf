//! What the log of a run says, and the terminal in the same words.

use indexmap::IndexMap;
use kaslite_engine::event::Decided;
use std::fmt::Write;

/// Steps and metrics, each number in a column of its own:
/// `Epoch   10/100 | loss.train: 0.4132 | loss.val: 0.3971`.
pub fn epoch_line(done: u64, total: u64, measured: &IndexMap<String, Option<f64>>) -> String {
    let width = total.to_string().len().max(4);
    let mut line = format!("Epoch {done:>width$}/{total}");
    for (name, value) in measured {
        let value = value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"));
        // A String takes any text.
        let _ = write!(line, " | {name}: {value:>7}");
    }
    line
}

/// What is done with a stage.
pub fn decided(decision: Decided) -> &'static str {
    match decision {
        Decided::Fresh => "fresh",
        Decided::Restore => "is restored from the cache",
        Decided::Run => "runs",
        Decided::Frozen => "frozen",
        Decided::Unknown => "may run",
    }
}
