//! [`Resolver`]: declarations → stages.

use crate::manifest::keys::is_open;
use crate::manifest::made::Made;
use crate::manifest::pipeline::Absent;
use crate::manifest::sheet::{Sheet, default_params};
use crate::manifest::{Declaration, Declared};
use crate::params::ParamsFiles;
use crate::pipeline_files::{PipelineFile, PipelineFiles};
use crate::problem::{Place, Problem, Source, closest};
use crate::project::Project;
use crate::rel_path::RelPath;
use crate::spec::StageSpec;
use crate::stage::{Action, Stage};
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Resolves the stages of one file one by one; what is wrong is added to the problems.
pub(super) struct Resolver<'a> {
    pub(super) project: &'a Project,
    /// All pipeline files of the project.
    pub(super) all: &'a PipelineFiles,
    /// The one whose stages these are.
    pub(super) file: &'a PipelineFile,
    /// Its number among those that are read.
    pub(super) index: usize,
    /// Its folder.
    pub(super) folder: RelPath,
    pub(super) source: &'a Source,
    pub(super) specs: &'a [&'static StageSpec],
    pub(super) files: &'a mut ParamsFiles,
    pub(super) problems: &'a mut Vec<Problem>,
    /// What stages cannot run without.
    pub(super) absent: &'a mut Vec<Absent>,
    /// Params files that are not there: where the first stage names them, and which stages do.
    pub(super) missing: BTreeMap<RelPath, (Place, Vec<String>)>,
    /// The outs of all stages of the project.
    pub(super) made: &'a Made,
    /// Sections of the default params file that stages name.
    pub(super) sections: BTreeSet<String>,
}

impl Resolver<'_> {
    /// All stages of the file.
    pub(super) fn all_stages(&mut self, sheet: &Sheet) -> Vec<Stage> {
        let declared = sheet.declarations.iter();
        let stages: Vec<Stage> = declared.filter_map(|stage| self.stage(stage)).collect();
        if sheet.said_missing {
            self.missing.remove(&default_params(&self.folder));
        }
        self.missing_files();
        self.section_typos(&stages);
        stages
    }

    /// The stage, or `None` where nothing sensible can be made of it (problems are added).
    fn stage(&mut self, declared: &Declaration) -> Option<Stage> {
        let wdir = self.wdir(declared);
        let action = self.action(declared);
        let (mut deps, deps_fine) = self.counted(|resolver| resolver.deps(&wdir, declared));
        for dep in self.made_params(&wdir, declared) {
            if deps.iter().all(|known| known.path != dep.path) {
                deps.push(dep);
            }
        }
        let ((mut outs, views), outs_fine) =
            self.counted(|resolver| resolver.outs(&wdir, declared));
        let params = self.params(&wdir, declared);
        if let Some(place) = declared.with {
            self.unread_arguments(place, declared);
        }
        // Of thousands of stages, room for more than there is adds up.
        deps.shrink_to_fit();
        outs.shrink_to_fit();
        let mut stage = Stage {
            name: self.file.name_of(&declared.name),
            file: self.index,
            place: declared.place,
            action: action?,
            wdir,
            env: self.env(declared),
            params,
            arguments: Value::Null,
            deps,
            outs,
            views,
            frozen: declared.frozen,
            always_changed: declared.always_changed,
            limits: declared.limits.clone(),
            desc: declared.desc.clone(),
        };
        if let Action::Command(commands) = &stage.action {
            self.unseen_overrides(commands, &stage.params, declared);
        }
        if let Action::Builtin(spec) = stage.action {
            self.builtin(spec, declared, &mut stage);
            if deps_fine && !declared.is_faulty("deps") {
                self.check_slots("dep", spec.deps, stage.deps.len(), spec, declared);
            }
            if outs_fine && !declared.is_faulty("outs") {
                self.check_slots("out", spec.outs, stage.outs.len(), spec, declared);
            }
        }
        Some(stage)
    }

    /// A result, and whether it was found without a problem.
    fn counted<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> (T, bool) {
        let before = self.problems.len();
        let found = read(self);
        (found, self.problems.len() == before)
    }

    fn action(&mut self, declared: &Declaration) -> Option<Action> {
        match &declared.uses {
            Some(uses) => {
                let spec = self.specs.iter().find(|spec| spec.name == uses.value);
                if spec.is_none() && !is_open(&uses.value) {
                    self.unknown_builtin(uses);
                }
                spec.map(|spec| Action::Builtin(spec))
            }
            None => declared.cmd.clone().map(Action::Command),
        }
    }

    /// Literal arguments that nothing reads would be lost without a word.
    fn unread_arguments(&mut self, place: Place, declared: &Declaration) {
        let (message, hint) = if declared.is_builtin() {
            (
                "no built-in stage reads `with`",
                "its numbers are params: put them into its section of params.yaml",
            )
        } else {
            (
                "`with` belongs to a built-in stage (`uses`)",
                "put arguments into the command, or into params.yaml",
            )
        };
        self.problems
            .push(Problem::at(self.source, place, message).hint(hint));
    }

    fn unknown_builtin(&mut self, uses: &Declared<String>) {
        let message = format!("no built-in stage `{}`", uses.value);
        let names = self.specs.iter().map(|spec| spec.name);
        let hint = match closest(&uses.value, names) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "`kaslite stages` lists them; a program of your own needs `cmd`".to_owned(),
        };
        self.problems
            .push(Problem::at(self.source, uses.place, message).hint(hint));
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
}
