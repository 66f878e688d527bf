//! What a stage makes of what it reads, worked out apart from kaslite.

use crate::model::definition::Definition;
use crate::model::disk::{Held, held, sums};
use crate::model::stage::{Makes, Member};
use std::collections::BTreeMap;
use std::path::Path;

/// Out → what it holds.
pub(super) type Outs = BTreeMap<String, Held>;

/// What the deps of a member hold now.
pub(super) fn read(root: &Path, member: &Member<'_>) -> Outs {
    let deps = member.stage.deps.iter();
    deps.map(|dep| (dep.clone(), held(root, dep))).collect()
}

/// What its outs hold now.
pub(super) fn made(root: &Path, member: &Member<'_>) -> Outs {
    let outs = member.outs().into_iter();
    outs.map(|out| (out.clone(), held(root, &out))).collect()
}

/// Everything that what it makes depends on, as text.
pub(super) fn identity(definition: &Definition, member: &Member<'_>, deps: &Outs) -> String {
    let action = if member.stage.shell {
        let params = member.stage.params.iter();
        let params: Vec<_> = params
            .map(|number| (number, definition.params[*number]))
            .collect();
        let variable = member.stage.env.then_some(definition.variable);
        let (command, wdir) = (member.command(), member.stage.wdir);
        format!("{command} {wdir} {params:?} {variable:?}")
    } else {
        let uses = member.stage.uses();
        format!("{uses} {} {}", definition.level, definition.code)
    };
    let deps: Vec<_> = deps
        .iter()
        .map(|(path, held)| (path, brief(held)))
        .collect();
    format!("{action} {deps:?} {:?}", member.outs())
}

/// Files with modes, names and sums.
fn brief(held: &Held) -> Vec<(bool, String, u32, usize)> {
    let modes = held
        .iter()
        .flat_map(BTreeMap::values)
        .map(|(executable, _)| *executable);
    let sums = sums([held]).into_iter();
    sums.zip(modes)
        .map(|((path, sum, size), mode)| (mode, path, sum, size))
        .collect()
}

/// What its outs must hold when its deps hold this.
pub(super) fn wanted(definition: &Definition, member: &Member<'_>, deps: &Outs) -> Outs {
    let stage = member.stage;
    let outs = member.outs();
    let mut text = Vec::new();
    let up = if stage.wdir { "../" } else { "" };
    if stage.shell {
        text.push(format!("{} {}", stage.salt, outs[0]));
        let params = stage.params.iter();
        text.extend(params.map(|number| format!("q{number}: {}", definition.params[*number])));
        if stage.env {
            text.push(
                definition
                    .variable
                    .map_or_else(String::new, |value| value.to_string()),
            );
        }
    } else {
        text.push(format!(
            "{} {} {}",
            definition.level, definition.code, outs[0]
        ));
    }
    for (path, sum, size) in sums(deps.values()) {
        text.push(format!("{sum} {size} {up}{path}"));
    }
    let file = |path: &str, text: String| (path.to_owned(), (false, text.into_bytes()));
    let main = text.join("\n") + "\n";
    let out = |path: &String, files: Vec<(String, (bool, Vec<u8>))>| {
        (path.clone(), Some(files.into_iter().collect()))
    };
    let own = &outs[0];
    let (a, b) = (format!("{own}/a"), format!("{own}/b"));
    let rest = format!(
        "{} b\n",
        if stage.shell {
            stage.salt
        } else {
            definition.level
        }
    );
    match (stage.makes, stage.shell) {
        (Makes::Folder, _) => BTreeMap::from([out(own, vec![file(&a, main), file(&b, rest)])]),
        (Makes::File, _) | (Makes::TwoFiles, false) => {
            BTreeMap::from([out(own, vec![file(own, main)])])
        }
        (Makes::TwoFiles, true) => BTreeMap::from([
            out(own, vec![file(own, main)]),
            out(
                &outs[1],
                vec![file(&outs[1], format!("{} two\n", stage.salt))],
            ),
        ]),
    }
}
