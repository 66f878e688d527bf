//! The reader of YAML: nothing makes it panic, and what it says has a place in the file.

use crate::support::{cases, source};
use kaslite_engine::problem::{Problem, Source};
use kaslite_engine::yaml;
use proptest::prelude::*;

pub(crate) fn is_in_its_file(problem: &Problem, source: &Source) -> bool {
    source.line(problem.place().line).is_some() && !problem.to_string().is_empty()
}

/// Characters that mean something in YAML.
fn grammar() -> impl Strategy<Value = String> {
    "[-a-c:,{}\\[\\]&*#?|>'\"%@`!<~ \t\n\r$\\\\]{0,40}"
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_text_is_read_or_refused_with_a_place(
        text in prop_oneof![any::<String>(), grammar(), "(- |  |a: |\\[|\\{|\n){0,30}"],
    ) {
        let source = source(&text);
        if let Err(problems) = yaml::parse(&source) {
            prop_assert!(!problems.is_empty());
            for problem in &problems {
                prop_assert!(is_in_its_file(problem, &source), "{problem}");
            }
        }
    }

    #[test]
    fn nesting_is_bounded_not_fatal(levels in 1usize..5000, open in prop::sample::select(vec!["[", "{a: ", "- ", "? "])) {
        let text = open.repeat(levels);
        let _ = yaml::parse(&source(&text));
        let levels = levels.min(400);
        let line = |level: usize| format!("{}a:\n", " ".repeat(level));
        let indented: Vec<String> = (0..levels).map(line).collect();
        let indented = indented.concat();
        prop_assert_eq!(yaml::parse(&source(&indented)).is_ok(), levels <= 128);
    }
}

#[test]
fn a_line_ends_as_yaml_has_it() {
    let source = source("a: 1\r\nb: 2\rc: 3\nd: 4");
    let all: Vec<&str> = (1..=5).filter_map(|number| source.line(number)).collect();
    assert_eq!(all, ["a: 1", "b: 2", "c: 3", "d: 4"]);
    assert_eq!(source.line(0), None);
}
