//! Values that stand for those of params files must be seen by whoever reads them.

use crate::manifest::Declaration;
use crate::manifest::resolve::Resolver;
use crate::params::{DEFAULT_FILE, Override, Overrides, ParamsFile, ParamsFiles};
use crate::problem::Problem;
use crate::rel_path::RelPath;
use crate::stage::Stage;
use crate::value::Value;
use litemap::LiteMap;
use std::collections::BTreeMap;

/// The variable that tells a command which params hold.
const VARIABLE: &str = "KASLITE_PARAMS";

impl Resolver<'_> {
    /// A command reads its params files itself: it sees other values only where it is told where they
    /// are. Recorded with values that it did not see, its outs would be a lie.
    pub(super) fn unseen_overrides(
        &mut self,
        commands: &[String],
        params: &LiteMap<(RelPath, String), Value>,
        declared: &Declaration,
    ) {
        let is_told = commands.iter().any(|command| command.contains(VARIABLE));
        let mut own: BTreeMap<&RelPath, Option<Value>> = BTreeMap::new();
        for ((file, key), value) in params {
            let own = own
                .entry(file)
                .or_insert_with(|| self.files.own_values(&self.project.root, file));
            let Some(own) = own else { continue };
            let told = is_told && file.as_str() == DEFAULT_FILE;
            if told || own.get(key) == Some(value) {
                continue;
            }
            let message = format!(
                "stage `{}` reads `{key}` from `{file}` itself, which is not edited: it would not see `{value}`",
                declared.name
            );
            let place = declared.place_of("params");
            let problem = Problem::at(self.source, place, message);
            let hint = if file.as_str() == DEFAULT_FILE {
                format!(
                    "let its command read the file that `${VARIABLE}` names (it is set in every run), give it the value as `${{{key}}}` in place of listing the param, or edit `{file}`"
                )
            } else {
                format!(
                    "give it the value as `${{{key}}}` in place of listing the param, or edit `{file}`"
                )
            };
            self.problems.push(problem.hint(hint));
        }
    }
}

/// A problem for each value whose key no stage reads and no file had: it would change nothing.
pub(super) fn unread_overrides(
    stages: &[Stage],
    files: &ParamsFiles,
    overrides: &Overrides,
) -> Vec<Problem> {
    let is_read = |given: &Override| {
        let below = format!("{}.", given.key);
        let has = |key: &str| key == given.key || key.starts_with(&below);
        let had = |file: &ParamsFile| !file.added.contains(&given.key);
        let mut read = stages.iter().flat_map(|stage| stage.params.keys());
        files.is_broken(&given.file)
            || files.get(&given.file).is_some_and(had)
            || read.any(|(file, key)| *file == given.file && has(key))
    };
    overrides.unread(is_read)
}
