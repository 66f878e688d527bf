//! What a stage lists under `params`: keys of params files.

use crate::manifest::pipeline::Absent;
use crate::manifest::resolve::Resolver;
use crate::manifest::{Declaration, Declared, DeclaredParams};
use crate::params::{DEFAULT_FILE, computed};
use crate::problem::Problem;
use crate::rel_path::RelPath;
use crate::stage::Dep;
use crate::value::Value;
use litemap::LiteMap;

type Params = LiteMap<(RelPath, String), Value>;

impl Resolver<'_> {
    pub(super) fn params(&mut self, wdir: &RelPath, declared: &Declaration) -> Params {
        let mut params = Params::new();
        for entry in &declared.params {
            let file = wdir.join(entry.value.file.as_deref().unwrap_or(DEFAULT_FILE));
            self.file_params(&file, entry, declared, &mut params);
        }
        // Of thousands of stages, room for more params than there are adds up.
        let mut exact = Params::with_capacity(params.len());
        exact.extend(params);
        exact
    }

    /// The params files that stages make. What they hold is known once their makers are done: each is a
    /// dep, whichever of its keys are listed.
    pub(super) fn made_params(&self, wdir: &RelPath, declared: &Declaration) -> Vec<Dep> {
        let named = declared.params.iter().filter_map(|entry| {
            let path = wdir.join(entry.value.file.as_deref()?);
            let place = entry.place;
            Some(Dep { path, place })
        });
        named
            .filter(|dep| self.is_made(&dep.path, declared))
            .collect()
    }

    /// Whether another stage makes a path.
    fn is_made(&self, path: &RelPath, reader: &Declaration) -> bool {
        self.made.has(path, &self.file.name_of(&reader.name))
    }

    fn file_params(
        &mut self,
        path: &RelPath,
        entry: &Declared<DeclaredParams>,
        declared: &Declaration,
        params: &mut Params,
    ) {
        let keys = entry.value.keys.iter().flatten();
        let sections = keys.filter_map(|key| key.value.split('.').next());
        self.sections.extend(sections.map(str::to_owned));
        if self.is_made(path, declared) {
            return;
        }
        let root = &self.project.root;
        if self.files.load(root, path, self.problems).is_none() {
            // A built-in stage has defaults for all of its sections.
            if self.files.is_missing(path) && !declared.is_builtin() {
                let missing = self.missing.entry(path.clone());
                let (_, stages) = missing.or_insert_with(|| (entry.place, Vec::new()));
                if !stages.contains(&declared.name) {
                    stages.push(declared.name.clone());
                }
            }
            return;
        }
        let Some(file) = self.files.get(path) else {
            return;
        };
        let mut missing = Vec::new();
        let mut add = |prefix: &str, value: &Value| {
            let leaves = value.leaves(prefix).into_iter();
            params.extend(leaves.map(|(key, value)| ((path.clone(), key), value)));
        };
        match &entry.value.keys {
            None => add("", &file.value),
            Some(keys) => {
                for key in keys {
                    match file.value.get(&key.value) {
                        Some(value) => add(&key.value, value),
                        None => missing.push(key.clone()),
                    }
                }
            }
        }
        if !declared.is_builtin() {
            self.missing_params(path, &missing, &declared.name);
        }
    }

    /// A problem for each key that its file does not have.
    fn missing_params(&mut self, path: &RelPath, missing: &[Declared<String>], stage: &str) {
        let Some(file) = self.files.get(path).filter(|_| !missing.is_empty()) else {
            return;
        };
        let leaves = file.value.leaves("").into_iter().map(|(key, _)| key);
        let sections = file.node.entries().unwrap_or_default().iter();
        let names: Vec<String> = leaves
            .chain(sections.map(|(key, _)| key.text.clone()))
            .collect();
        for key in missing {
            if super::keys::is_open(&key.value) {
                continue;
            }
            if let Some(place) = computed(&file.source, &key.value) {
                let message = format!(
                    "`{}` is no value that can be read (stage `{stage}`)",
                    key.value
                );
                let hint =
                    "of Python, kaslite reads numbers, texts, lists and the like, and runs no code";
                let problem = Problem::at(&file.source, place, message);
                self.problems.push(problem.hint(hint));
                continue;
            }
            let message = format!("no param `{}` in `{path}` (stage `{stage}`)", key.value);
            let problem = Problem::at(self.source, key.place, message);
            self.problems
                .push(problem.suggest(&key.value, names.iter().map(String::as_str)));
        }
    }

    /// One problem for each params file that is not there, with the stages that cannot run without.
    pub(super) fn missing_files(&mut self) {
        for (path, (place, stages)) in std::mem::take(&mut self.missing) {
            let names: Vec<String> = stages.iter().map(|name| format!("`{name}`")).collect();
            let (stage, verb) = if stages.len() == 1 {
                ("stage", "reads")
            } else {
                ("stages", "read")
            };
            let names = names.join(", ");
            let message =
                format!("the params file `{path}` is not there; {stage} {names} {verb} it");
            self.absent.push(Absent {
                stages: stages.iter().map(|name| self.file.name_of(name)).collect(),
                problem: Problem::at(self.source, place, message),
                path,
            });
        }
    }
}
