//! [`freeze`]: `frozen: true` written into pipeline files, or taken out of them.
//!
//! Only that key is touched: comments, order and spaces stay. What was written is read again before it
//! is kept, and must say the same of everything else.

use crate::error::EngineError;
use crate::fs;
use crate::problem::{Place, Problem, Source};
use crate::rel_path::RelPath;
use crate::workspace::Workspace;
use crate::yaml::{self, Key, Kind, Node};
use std::collections::BTreeMap;

const KEY: &str = "frozen";

/// Freezes stages and groups, or ends that; each with whether it changed.
///
/// # Errors
/// A target that names nothing, or a part of a group; a file in which the key cannot be written.
pub fn freeze(
    workspace: &Workspace,
    targets: &[String],
    frozen: bool,
) -> Result<Vec<(String, bool)>, EngineError> {
    let mut done = Vec::new();
    let mut files: BTreeMap<RelPath, Source> = BTreeMap::new();
    for name in named(workspace, targets)? {
        let Some((file, own)) = workspace.pipeline.files.of_stage(&name) else {
            continue;
        };
        let mut known = workspace.pipeline.sources.iter();
        let known = known.find(|source| source.name == file.path.as_str());
        let Some(source) = files.remove(&file.path).or_else(|| known.cloned()) else {
            continue;
        };
        let edited = edited(&source, own, frozen).map_err(EngineError::Problems)?;
        done.push((name.clone(), edited.is_some()));
        let text = edited.unwrap_or(source.text);
        let name = source.name;
        files.insert(file.path.clone(), Source { name, text });
    }
    for (path, source) in &files {
        let before = workspace.pipeline.sources.iter();
        if before
            .filter(|before| before.name == source.name)
            .all(|before| before.text != source.text)
        {
            fs::write_atomic(&path.under(&workspace.project.root), source.text.as_bytes())?;
        }
    }
    Ok(done)
}

/// The stages and whole groups that the targets mean, by their names in the project.
fn named(workspace: &Workspace, targets: &[String]) -> Result<Vec<String>, EngineError> {
    let stages = &workspace.pipeline.stages;
    let mut names: Vec<String> = Vec::new();
    for target in targets {
        let chosen = workspace.target(target)?;
        for &index in &chosen {
            let name = &stages[index].name;
            let Some((group, _)) = name.split_once('@') else {
                names.push(name.clone());
                continue;
            };
            let members = workspace.pipeline.group(group);
            if let Some(other) = members.iter().find(|member| !chosen.contains(member)) {
                let message = format!("`{name}` is written as one with `{}`", stages[*other].name);
                let problem = Problem::at(
                    workspace.pipeline.source(&stages[index]),
                    stages[index].place,
                    message,
                );
                let hint = format!("`{group}` means all of them");
                return Err(EngineError::Problems(vec![problem.hint(hint)]));
            }
            names.push(group.to_owned());
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    Ok(names)
}

/// The text with the key of a stage as it is to be; `None` where it is so already.
fn edited(source: &Source, stage: &str, frozen: bool) -> Result<Option<String>, Vec<Problem>> {
    let mut before = yaml::parse(source)?;
    let by_hand = |place: Place| {
        let message = format!("`{stage}` cannot be edited here without touching more");
        let problem = Problem::at(source, place, message);
        let hint = if frozen {
            "write `frozen: true` below it by hand"
        } else {
            "take `frozen` out by hand"
        };
        vec![problem.hint(hint)]
    };
    let Some((key, body)) = body(&mut before, stage) else {
        return Err(by_hand(Place::default()));
    };
    let key = key.place;
    if is_frozen(body) == frozen {
        return Ok(None);
    }
    let text = match (frozen, own_key(body)) {
        (true, Some((_, value))) => Some(replaced(&source.text, value.place, "true")),
        (true, None) => inserted(&source.text, key, body),
        (false, Some((own, value))) => taken_out(&source.text, own.place, value.place),
        (false, None) => None,
    };
    let Some(text) = text else {
        return Err(by_hand(key));
    };
    let name = source.name.clone();
    let source = Source { name, text };
    let Ok(mut after) = yaml::parse(&source) else {
        return Err(by_hand(key));
    };
    let is_so = self::body(&mut after, stage).is_some_and(|(_, body)| is_frozen(body) == frozen);
    for node in [&mut before, &mut after] {
        if let Some((_, body)) = self::body(node, stage) {
            body.remove(KEY);
        }
    }
    if is_so && before.to_value() == after.to_value() {
        Ok(Some(source.text))
    } else {
        Err(by_hand(key))
    }
}

/// The map in which the key of a stage stands: its own, or that below `do`; and the key of that map.
fn body<'a>(file: &'a mut Node, stage: &str) -> Option<(Key, &'a mut Node)> {
    fn entry<'a>(node: &'a mut Node, name: &str) -> Option<&'a mut (Key, Node)> {
        match &mut node.kind {
            Kind::Map(pairs) => pairs.iter_mut().find(|(key, _)| key.text == name),
            Kind::List(_) | Kind::Scalar(_) => None,
        }
    }
    let (_, stages) = entry(file, "stages")?;
    let (key, own) = entry(stages, stage)?;
    if own.get("do").is_some() {
        let (key, below) = entry(own, "do")?;
        return Some((key.clone(), below));
    }
    Some((key.clone(), own))
}

fn own_key(body: &Node) -> Option<&(Key, Node)> {
    body.entries()?.iter().find(|(key, _)| key.text == KEY)
}

fn is_frozen(body: &Node) -> bool {
    body.get(KEY)
        .is_some_and(|value| value.to_value() == crate::value::Value::Bool(true))
}

/// Where a place begins in the text, in bytes.
fn offset(text: &str, place: Place) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(place.line.saturating_sub(1))
        .map(str::len)
        .sum();
    let line = text.get(before..).unwrap_or_default();
    let column = line.char_indices().nth(place.column.saturating_sub(1));
    before + column.map_or(line.len(), |(at, _)| at)
}

/// The range of bytes that a place marks.
fn range(text: &str, place: Place) -> std::ops::Range<usize> {
    let begin = offset(text, place);
    let marked: usize = text[begin..]
        .chars()
        .take(place.width)
        .map(char::len_utf8)
        .sum();
    begin..begin + marked
}

fn replaced(text: &str, place: Place, by: &str) -> String {
    let range = range(text, place);
    [&text[..range.start], by, &text[range.end..]].concat()
}

/// The key as the first of a map: behind its brace, or on a line below the key of the map.
fn inserted(text: &str, key: Place, body: &Node) -> Option<String> {
    let begin = offset(text, body.place);
    if text[begin..].starts_with('{') {
        let (before, after) = text.split_at(begin + 1);
        return Some(format!(
            "{before}{KEY}: true, {}",
            after.trim_start_matches(' ')
        ));
    }
    // What is merged into it stands elsewhere.
    let own = body.entries()?.iter().map(|(own, _)| own.place);
    let first = own.filter(|place| *place > key).min()?;
    let line = text.split_inclusive('\n').nth(first.line.checked_sub(1)?)?;
    let indent: String = line.chars().take(first.column.saturating_sub(1)).collect();
    if !indent.trim().is_empty() {
        return None;
    }
    let below: usize = text
        .split_inclusive('\n')
        .take(key.line)
        .map(str::len)
        .sum();
    let end = if text[..below].ends_with("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let (before, after) = text.split_at(below);
    Some(format!("{before}{indent}{KEY}: true{end}{after}"))
}

/// The text without the key: without its line, where there is nothing else on it.
fn taken_out(text: &str, key: Place, value: Place) -> Option<String> {
    let (begin, end) = (offset(text, key), range(text, value).end);
    if end < begin {
        return None;
    }
    let line = text[..begin].rfind('\n').map_or(0, |at| at + 1);
    let rest = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    if text[line..begin].trim().is_empty() && text[end..rest].trim().is_empty() {
        return Some([&text[..line], &text[rest..]].concat());
    }
    let behind = text[end..].trim_start_matches(' ');
    if let Some(behind) = behind.strip_prefix(',') {
        return Some([&text[..begin], behind.trim_start_matches(' ')].concat());
    }
    let before = text[..begin].trim_end_matches(' ');
    match before.strip_suffix(',') {
        Some(before) if behind.starts_with('}') => Some([before, behind].concat()),
        // A comment stands on its line.
        Some(_) | None => Some(replaced(text, value, "false")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(text: &str, frozen: bool) -> Result<Option<String>, Vec<Problem>> {
        let name = "pipeline.yaml".to_owned();
        let text = text.to_owned();
        edited(&Source { name, text }, "a", frozen)
    }

    #[track_caller]
    fn there_and_back(before: &str, after: &str) {
        assert_eq!(edit(before, true).unwrap().as_deref(), Some(after));
        assert_eq!(edit(after, true).unwrap(), None);
        assert_eq!(edit(after, false).unwrap().as_deref(), Some(before));
        assert_eq!(edit(before, false).unwrap(), None);
    }

    #[test]
    fn only_the_key_comes_and_goes() {
        there_and_back(
            "stages:\n  a: # one\n    # two\n    cmd: x # three\n  b: {cmd: y}\n",
            "stages:\n  a: # one\n    frozen: true\n    # two\n    cmd: x # three\n  b: {cmd: y}\n",
        );
        there_and_back(
            "stages: {b: {cmd: y}, a: {cmd: x}}",
            "stages: {b: {cmd: y}, a: {frozen: true, cmd: x}}",
        );
        there_and_back(
            "stages:\r\n  a:\r\n    cmd: x\r\n",
            "stages:\r\n  a:\r\n    frozen: true\r\n    cmd: x\r\n",
        );
        there_and_back(
            "stages:\n  a:\n    foreach: [1]\n    do:\n      cmd: ä ${item}\n",
            "stages:\n  a:\n    foreach: [1]\n    do:\n      frozen: true\n      cmd: ä ${item}\n",
        );
        there_and_back(
            "x: &x\n  deps: [d]\nstages:\n  a:\n    <<: *x\n    cmd: x\n",
            "x: &x\n  deps: [d]\nstages:\n  a:\n    frozen: true\n    <<: *x\n    cmd: x\n",
        );
    }

    #[test]
    fn a_comment_beside_the_key_stays() {
        let text = "stages:\n  a:\n    frozen: true # until May\n    cmd: x\n";
        let thawed = text.replace("true", "false");
        assert_eq!(edit(text, false).unwrap(), Some(thawed.clone()));
        assert_eq!(edit(&thawed, true).unwrap().as_deref(), Some(text));
        let last = "stages: {a: {cmd: x, frozen: true}}";
        let thawed = edit(last, false).unwrap();
        assert_eq!(thawed.as_deref(), Some("stages: {a: {cmd: x}}"));
    }

    #[test]
    fn what_others_share_is_not_touched() {
        let text = "x: &x\n  frozen: true\nstages:\n  a:\n    <<: *x\n    cmd: x\n";
        assert!(edit(text, false).is_err());
        assert!(edit("stages: {b: {cmd: x}}", true).is_err());
    }
}
