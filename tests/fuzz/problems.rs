//! What holds of every problem.

use kaslite_engine::problem::{Problem, Source};

/// It points into the text that it is about, and can be shown.
pub(crate) fn check(problem: &Problem, text: &str) {
    let source = Source {
        name: problem.file().to_owned(),
        text: text.to_owned(),
    };
    let shown = problem.to_string();
    let line = problem.place().line;
    // What is not there at all has no line.
    let lacks = ["the pipeline is empty", "no key `stages`"].contains(&problem.message());
    let is_there = line > 0 && source.line(line).is_some();
    assert!(is_there || (lacks && line == 0), "no line {line}: {shown}");
    assert!(!problem.message().is_empty(), "no message: {shown}");
    let control = |c: char| c.is_control() && c != '\n';
    assert!(!shown.contains(control), "control characters: {shown:?}");
    // A line that is shown is cut to what a terminal holds.
    assert!(shown.len() < 20_000, "{} bytes: {shown}", shown.len());
}
