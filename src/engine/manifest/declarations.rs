//! [`declarations()`]: the tree of a pipeline file → its declared stages.

use crate::manifest::Declaration;
use crate::manifest::keys::{self, TOP, TOP_REFUSED, is_open};
use crate::problem::{Problem, Source};
use crate::yaml::{Key, Node};

/// The declared stages; every problem is added.
pub(super) fn declarations(
    node: &Node,
    source: &Source,
    problems: &mut Vec<Problem>,
) -> Vec<Declaration> {
    let mut stages = Vec::new();
    let Some(entries) = node.entries() else {
        let what = node.described();
        let message = format!("a pipeline must be a map with the key `stages`, not {what}");
        let problem = Problem::at(source, node.place, message);
        problems.push(problem.hint("write `stages:` with `name:` and the stage's keys below it"));
        return stages;
    };
    if entries.is_empty() {
        problems.push(empty(Problem::in_file(
            &source.name,
            "the pipeline is empty",
        )));
    } else if node.get("stages").is_none() && entries.iter().all(|(key, _)| is_known(key)) {
        problems.push(empty(Problem::in_file(&source.name, "no key `stages`")));
    }
    for (key, value) in entries {
        if key.text == "stages" {
            stages = declared(key, value, source, problems);
        } else {
            problems.push(unknown(key, value, source));
        }
    }
    stages
}

fn empty(problem: Problem) -> Problem {
    problem.hint("`kaslite init` makes a small project in an empty folder")
}

fn is_known(key: &Key) -> bool {
    keys::refused(TOP_REFUSED, &key.text).is_some()
}

fn unknown(key: &Key, value: &Node, source: &Source) -> Problem {
    let name = &key.text;
    if let Some(hint) = keys::refused(TOP_REFUSED, name) {
        let message = format!("`{name}` at the top of a pipeline is not supported");
        return Problem::at(source, key.place, message).hint(hint);
    }
    let problem = Problem::at(source, key.place, format!("unknown key `{name}`"));
    if ["cmd", "uses"].iter().any(|word| value.get(word).is_some()) {
        return problem.hint(format!("indent `{name}` to make it one of the `stages`"));
    }
    problem.suggest(name, TOP.iter().copied())
}

fn declared(
    key: &Key,
    node: &Node,
    source: &Source,
    problems: &mut Vec<Problem>,
) -> Vec<Declaration> {
    if node.is_null() {
        problems.push(empty(Problem::at(source, key.place, "there are no stages")));
        return Vec::new();
    }
    let Some(entries) = node.entries() else {
        let what = node.described();
        let message = format!("`stages` must be a map of stages, not {what}");
        let problem = Problem::at(source, node.place, message);
        problems.push(problem.hint("write `name:` and the stage's keys below it, without `- `"));
        return Vec::new();
    };
    let mut stages: Vec<Declaration> = Vec::new();
    for (name, stage) in entries {
        check_name(name, source, problems);
        // Two names can become one when `${…}` is put in.
        if let Some(first) = stages.iter().find(|first| first.name == name.text) {
            let message = format!("two stages are called `{}`", name.text);
            let hint = format!("the other is on line {}", first.place.line);
            problems.push(Problem::at(source, name.place, message).hint(hint));
            continue;
        }
        stages.push(Declaration::read(
            &name.text, name.place, stage, source, problems,
        ));
    }
    stages
}

fn check_name(key: &Key, source: &Source, problems: &mut Vec<Problem>) {
    let name = key.text.as_str();
    let fine = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '@' | '.');
    let begins = name.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    if is_open(name) || (begins && name.chars().all(fine)) {
        return;
    }
    let problem = Problem::at(
        source,
        key.place,
        format!("`{name}` cannot be the name of a stage"),
    );
    problems.push(
        problem.hint("a name begins with a letter or digit and has only those, `_`, `-`, `.`, `@`"),
    );
}
