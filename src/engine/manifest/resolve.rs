//! [`Resolver`]: declarations → stages: paths, params, built-in stages.

use crate::manifest::Declaration;
use crate::manifest::Declared;
use crate::manifest::declaration::{DeclaredOut, DeclaredParams};
use crate::params::{DEFAULT_FILE, ParamsFiles, arguments};
use crate::problem::{Place, Problem, Source};
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::spec::{SlotKind, StageSpec};
use crate::stage::{Action, Dep, Out, Stage, View, ViewKind};
use crate::value::Value;
use std::collections::BTreeMap;

type Params = BTreeMap<(RelPath, String), Value>;

pub(super) struct Resolver<'a> {
    pub(super) project: &'a Project,
    pub(super) source: &'a Source,
    pub(super) specs: &'a [&'static StageSpec],
    pub(super) files: ParamsFiles,
    pub(super) problems: Vec<Problem>,
}

impl Resolver<'_> {
    /// The stage, or `None` where nothing sensible can be made of it (problems are added).
    pub(super) fn stage(&mut self, declared: &Declaration) -> Option<Stage> {
        let wdir = self.wdir(declared.wdir.as_ref());
        let action = self.action(declared)?;
        let deps = self.deps(&wdir, declared);
        let (outs, views) = self.outs(&wdir, declared);
        let params = self.params(&wdir, declared);
        let mut stage = Stage {
            name: declared.name.clone(),
            place: declared.place,
            action,
            wdir,
            with: declared
                .with
                .as_ref()
                .map_or(Value::Null, |with| with.value.clone()),
            env: self.env(declared),
            params,
            arguments: Value::Null,
            deps,
            outs,
            views,
            frozen: declared.frozen,
            always_changed: declared.always_changed,
            desc: declared.desc.clone(),
        };
        if let Action::Builtin(spec) = stage.action {
            self.builtin(spec, declared, &mut stage);
        } else if let Some(with) = &declared.with {
            let message = "`with` belongs to a built-in stage (`uses`)";
            self.report(with.place, message.to_owned());
        }
        Some(stage)
    }

    fn report(&mut self, place: Place, message: String) {
        self.problems.push(Problem::at(self.source, place, message));
    }

    fn wdir(&mut self, declared: Option<&Declared<String>>) -> RelPath {
        let Some(wdir) = declared else {
            return RelPath::root();
        };
        let path = RelPath::root().join(&wdir.value);
        if !path.under(&self.project.root).is_dir() {
            self.report(
                wdir.place,
                format!("`wdir: {}` is not a folder", wdir.value),
            );
        }
        path
    }

    fn action(&mut self, declared: &Declaration) -> Option<Action> {
        if let Some(uses) = &declared.uses {
            let spec = self.specs.iter().find(|spec| spec.name == uses.value);
            if spec.is_none() {
                let message = format!("no built-in stage `{}`", uses.value);
                let names = self.specs.iter().map(|spec| spec.name);
                let problem = Problem::at(self.source, uses.place, message);
                self.problems
                    .push(match crate::problem::closest(&uses.value, names) {
                        Some(name) => problem.hint(format!("did you mean `{name}`?")),
                        None => problem.hint("`kaslite stages` lists them"),
                    });
            }
            return spec.map(|spec| Action::Builtin(spec));
        }
        declared.cmd.clone().map(Action::Command)
    }

    fn deps(&mut self, wdir: &RelPath, declared: &Declaration) -> Vec<Dep> {
        let mut deps: Vec<Dep> = Vec::new();
        for dep in &declared.deps {
            let path = wdir.join(&dep.value);
            if deps.iter().any(|known| known.path == path) {
                self.report(
                    dep.place,
                    format!("`{path}` is a dep of stage `{}` twice", declared.name),
                );
            } else {
                deps.push(Dep {
                    path,
                    place: dep.place,
                });
            }
        }
        deps
    }

    fn outs(&mut self, wdir: &RelPath, declared: &Declaration) -> (Vec<Out>, Vec<View>) {
        let (mut outs, mut views) = (Vec::new(), Vec::new());
        for out in &declared.outs {
            self.out(wdir, out, &declared.name, &mut outs);
        }
        let kinds = [
            (ViewKind::Metrics, &declared.metrics),
            (ViewKind::Plots, &declared.plots),
        ];
        for (kind, list) in kinds {
            for view in list {
                let path = wdir.join(&view.value.path);
                if !outs.iter().any(|out| out.path.contains(&path)) {
                    self.out(wdir, view, &declared.name, &mut outs);
                }
                views.push(View { path, kind });
            }
        }
        (outs, views)
    }

    fn out(
        &mut self,
        wdir: &RelPath,
        out: &Declared<DeclaredOut>,
        stage: &str,
        outs: &mut Vec<Out>,
    ) {
        let path = wdir.join(&out.value.path);
        if !path.is_inside() {
            let message = format!("the out `{}` lies outside the project", out.value.path);
            return self.report(out.place, message);
        }
        if path.as_str() == ".kaslite"
            || path.as_str().starts_with(".kaslite/")
            || path.as_str() == ".git"
        {
            return self.report(
                out.place,
                format!("the out `{path}` lies in a folder that is not yours"),
            );
        }
        if outs.iter().any(|known| known.path == path) {
            return self.report(
                out.place,
                format!("`{path}` is an out of stage `{stage}` twice"),
            );
        }
        outs.push(Out {
            path,
            place: out.place,
            cache: out.value.cache,
            persist: out.value.persist,
        });
    }

    fn env(&self, declared: &Declaration) -> BTreeMap<String, Option<String>> {
        declared
            .env
            .iter()
            .map(|variable| {
                let (name, value) = &variable.value;
                let outside = || self.project.environment.get(name).cloned();
                (name.clone(), value.clone().or_else(outside))
            })
            .collect()
    }

    fn params(&mut self, wdir: &RelPath, declared: &Declaration) -> Params {
        let mut params = Params::new();
        for entry in &declared.params {
            let file = wdir.join(entry.value.file.as_deref().unwrap_or(DEFAULT_FILE));
            self.file_params(&file, entry, declared, &mut params);
        }
        params
    }

    fn file_params(
        &mut self,
        path: &RelPath,
        entry: &Declared<DeclaredParams>,
        declared: &Declaration,
        params: &mut Params,
    ) {
        let root = self.project.root.clone();
        if self.files.load(&root, path, &mut self.problems).is_none() {
            let broken = self
                .problems
                .iter()
                .any(|problem| problem.file() == path.as_str());
            // A built-in stage has defaults for all of its sections.
            if !broken && declared.uses.is_none() {
                let message = format!(
                    "stage `{}` reads params of `{path}`, which is not there",
                    declared.name
                );
                self.report(entry.place, message);
            }
            return;
        }
        let Some(file) = self.files.get(path) else {
            return;
        };
        let mut missing = Vec::new();
        match &entry.value.keys {
            None => params.extend(
                file.value
                    .leaves("")
                    .into_iter()
                    .map(|(key, value)| ((path.clone(), key), value)),
            ),
            Some(keys) => {
                for key in keys {
                    match file.value.get(&key.value) {
                        Some(value) => params.extend(
                            value
                                .leaves(&key.value)
                                .into_iter()
                                .map(|(key, value)| ((path.clone(), key), value)),
                        ),
                        None => missing.push(key.clone()),
                    }
                }
            }
        }
        if declared.uses.is_none() && !missing.is_empty() {
            self.missing_params(path, &missing, &declared.name);
        }
    }

    /// A problem for each key that its file does not have.
    fn missing_params(&mut self, path: &RelPath, missing: &[Declared<String>], stage: &str) {
        let Some(file) = self.files.get(path) else {
            return;
        };
        let mut names: Vec<String> = file
            .value
            .leaves("")
            .into_iter()
            .map(|(key, _)| key)
            .collect();
        names.extend(
            file.node
                .entries()
                .unwrap_or_default()
                .iter()
                .map(|(key, _)| key.text.clone()),
        );
        for key in missing {
            let message = format!("no param `{}` in `{path}` (stage `{stage}`)", key.value);
            let problem = Problem::at(self.source, key.place, message);
            self.problems
                .push(problem.suggest(&key.value, names.iter().map(String::as_str)));
        }
    }

    /// Binds slots and fills in the params of a built-in stage.
    fn builtin(&mut self, spec: &'static StageSpec, declared: &Declaration, stage: &mut Stage) {
        let file = RelPath::root().join(DEFAULT_FILE);
        let root = self.project.root.clone();
        let parsed = self.files.load(&root, &file, &mut self.problems).is_some();
        self.check_sections(spec, declared);
        let params = self.files.get(&file).filter(|_| parsed);
        stage.arguments = arguments(spec, params, &mut self.problems);
        for param in spec.params {
            stage.params.retain(|(path, key), _| {
                *path != file || (key != param.key && !key.starts_with(&format!("{}.", param.key)))
            });
            if let Some(value) = stage.arguments.get(param.key) {
                for (key, value) in value.leaves(param.key) {
                    stage.params.insert((file.clone(), key), value);
                }
            }
        }
        // An empty section is no leaf of its own: its defaults are.
        stage
            .params
            .retain(|(path, key), _| *path != file || !spec.sections().contains(&key.as_str()));
        self.check_slots(spec, stage);
    }

    fn check_sections(&mut self, spec: &StageSpec, declared: &Declaration) {
        let listed: Vec<&Declared<String>> = declared
            .params
            .iter()
            .filter(|entry| entry.value.file.is_none())
            .flat_map(|entry| entry.value.keys.iter().flatten())
            .collect();
        let place = declared
            .uses
            .as_ref()
            .map_or(declared.place, |uses| uses.place);
        for section in spec.sections() {
            if !listed.iter().any(|key| key.value == section) {
                let message = format!(
                    "stage `{}` reads the params of section `{section}`",
                    declared.name
                );
                let problem = Problem::at(self.source, place, message);
                self.problems.push(problem.hint(format!(
                    "add it: `params: [{}]`",
                    spec.sections().join(", ")
                )));
            }
        }
        for key in listed {
            if !spec.sections().contains(&key.value.as_str()) {
                let message = format!(
                    "built-in stage `{}` reads no section `{}`",
                    spec.name, key.value
                );
                let problem = Problem::at(self.source, key.place, message);
                self.problems
                    .push(problem.hint(format!("it reads: {}", spec.sections().join(", "))));
            }
        }
    }

    fn check_slots(&mut self, spec: &StageSpec, stage: &Stage) {
        let place = stage.place;
        for (word, slots, count) in [
            ("deps", spec.deps, stage.deps.len()),
            ("outs", spec.outs, stage.outs.len()),
        ] {
            let wanted = slots
                .iter()
                .filter(|slot| slot.kind != SlotKind::Rest)
                .count();
            let open = slots.iter().any(|slot| slot.kind == SlotKind::Rest);
            if count < wanted || (count > wanted && !open) {
                let names: Vec<_> = slots
                    .iter()
                    .map(|slot| format!("{} ({})", slot.name, slot.doc))
                    .collect();
                let message = format!(
                    "stage `{}` uses `{}`, which wants {wanted}{} {word}, not {count}",
                    stage.name,
                    spec.name,
                    if open { " or more" } else { "" },
                );
                let problem = Problem::at(self.source, place, message);
                let list = if names.is_empty() {
                    "none".to_owned()
                } else {
                    names.join(", ")
                };
                self.problems
                    .push(problem.hint(format!("in this order: {list}")));
            }
        }
    }
}
