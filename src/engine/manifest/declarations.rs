//! [`declarations()`]: the tree of a pipeline file → its declared stages.

use crate::manifest::Declaration;
use crate::manifest::keys::{TOP, TOP_DESCRIBES, is_open};
use crate::problem::{Place, Problem, Source};
use crate::yaml::{Key, Node};
use std::collections::BTreeMap;

/// The declared stages; every problem is added. The only file of a project must have stages.
pub(super) fn declarations(
    node: &Node,
    source: &Source,
    is_only: bool,
    problems: &mut Vec<Problem>,
) -> Vec<Declaration> {
    let mut stages = Vec::new();
    if !is_only && node.is_null() {
        return stages;
    }
    let Some(entries) = node.entries() else {
        let what = node.described();
        let message = format!("a pipeline must be a map with the key `stages`, not {what}");
        let problem = Problem::at(source, node.place, message);
        problems.push(problem.hint("write `stages:` with `name:` and the stage's keys below it"));
        return stages;
    };
    let has_known = || entries.iter().all(|(key, _)| is_known(key));
    if is_only && entries.is_empty() {
        problems.push(empty(Problem::in_file(
            &source.name,
            "the pipeline is empty",
        )));
    } else if is_only && node.get("stages").is_none() && has_known() {
        problems.push(empty(Problem::in_file(&source.name, "no key `stages`")));
    }
    for (key, value) in entries {
        if key.text == "stages" {
            if is_only || !value.is_null() {
                stages = declared(key, value, source, problems);
            }
        } else if key.text != "pools" && !TOP_DESCRIBES.contains(&key.text.as_str()) {
            problems.push(unknown(key, value, source));
        }
    }
    stages
}

fn empty(problem: Problem) -> Problem {
    problem.hint("`kaslite init` makes a small project in an empty folder")
}

fn is_known(key: &Key) -> bool {
    TOP.contains(&key.text.as_str())
}

fn unknown(key: &Key, value: &Node, source: &Source) -> Problem {
    let name = &key.text;
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
    let mut stages: Vec<Declaration> = Vec::with_capacity(entries.len());
    let mut names: BTreeMap<&str, Place> = BTreeMap::new();
    let (mut group, mut said) = (Place::default(), Vec::new());
    for (name, stage) in entries {
        // Two names can become one when `${…}` is put in.
        if let Some(first) = names.get(name.text.as_str()) {
            let message = format!("two stages are called `{}`", name.text);
            let hint = format!("the other is on line {}", first.line);
            problems.push(Problem::at(source, name.place, message).hint(hint));
            continue;
        }
        names.insert(&name.text, name.place);
        let mut found = Vec::new();
        let read = Declaration::read(&name.text, name.place, stage, source, &mut found);
        stages.push(read);
        // What is wrong with one stage of a group is wrong with all: it is said once.
        if group != name.place {
            (group, said) = (name.place, Vec::new());
        }
        found.retain(|problem| !said.contains(&problem.place()));
        said.extend(found.iter().map(Problem::place));
        problems.extend(found);
    }
    stages
}

/// A problem where a stage cannot have this name: where it could not be told from something else on
/// the command line, or not be seen there.
pub(super) fn check_name(key: &Key, source: &Source, problems: &mut Vec<Problem>) {
    let name = key.text.as_str();
    let misread = |c: char| c.is_control() || "@:*?[]\\\"'`,;".contains(c);
    let is_fine = !name.is_empty()
        && name.trim() == name
        && !name.starts_with(['-', '/', '.'])
        && !name.contains(misread);
    if is_open(name) || is_fine {
        return;
    }
    let message = format!("`{name}` cannot be the name of a stage");
    let problem = Problem::at(source, key.place, message);
    problems.push(if name.contains('@') {
        problem.hint("`@` parts the name of a group (`foreach`, `matrix`) from its member")
    } else if name.contains(':') {
        problem.hint("`:` parts the name of a stage from that of its pipeline file")
    } else {
        problem.hint("a name begins with a letter or digit and has only those, `_`, `-`, `.`, `/`")
    });
}
