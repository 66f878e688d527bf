//! The paths of a stage: its folder, what it reads, what it makes.

use crate::manifest::keys::is_open;
use crate::manifest::pipeline::Absent;
use crate::manifest::resolve::Resolver;
use crate::manifest::sheet::default_params;
use crate::manifest::{Declaration, Declared, DeclaredOut};
use crate::params::ParamsFiles;
use crate::problem::{Problem, Source, closest};
use crate::rel_path::RelPath;
use crate::stage::{Dep, Out, Stage, View, ViewKind};

/// Folders in the project that are not the user's.
const NOT_YOURS: &[(&str, &str)] = &[
    (".kaslite", "kaslite's own folder"),
    (".git", "git's own folder"),
];

impl Resolver<'_> {
    pub(super) fn wdir(&mut self, declared: &Declaration) -> RelPath {
        let Some(wdir) = &declared.wdir else {
            return self.folder.clone();
        };
        let path = self.folder.join(&wdir.value);
        let is_there = path.under(&self.project.root).is_dir();
        let name = self.file.name_of(&declared.name);
        // Another stage may make it first.
        let is_to_come = || self.made.has(&path, &name) || self.made.has_in(&path, &name);
        if !is_there && !is_open(&wdir.value) && !is_to_come() {
            let message = format!("`wdir: {}` is not a folder", wdir.value);
            let folders = self.folders_beside(&path);
            let problem = Problem::at(self.source, wdir.place, message);
            let names = folders.iter().map(String::as_str);
            self.absent.push(Absent {
                stages: vec![name],
                problem: problem.suggest(&wdir.value, names),
                path: path.clone(),
            });
        }
        path
    }

    /// The folders that lie where `path` would.
    fn folders_beside(&self, path: &RelPath) -> Vec<String> {
        let parent = path.join("..");
        let Ok(entries) = std::fs::read_dir(parent.under(&self.project.root)) else {
            return Vec::new();
        };
        let folders = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.path().is_dir());
        let mut names: Vec<String> = folders
            .filter_map(|entry| entry.file_name().into_string().ok())
            .map(|name| self.folder.relative(&parent.join(&name)))
            .collect();
        names.sort();
        names
    }

    pub(super) fn deps(&mut self, wdir: &RelPath, declared: &Declaration) -> Vec<Dep> {
        let mut deps: Vec<Dep> = Vec::new();
        for dep in &declared.deps {
            let path = wdir.join(&dep.value);
            if let Some(first) = deps.iter().find(|known| known.path == path) {
                let message = format!("`{path}` is a dep of stage `{}` twice", declared.name);
                let hint = format!("it is on line {} already", first.place.line);
                let problem = Problem::at(self.source, dep.place, message);
                self.problems.push(problem.hint(hint));
            } else if let Some(problem) = self.shell_words(&path, dep) {
                self.problems.push(problem);
            } else {
                deps.push(Dep {
                    path,
                    place: dep.place,
                });
            }
        }
        deps
    }

    /// A path that only a shell could read, and that is not there by that very name.
    fn shell_words(&self, path: &RelPath, declared: &Declared<String>) -> Option<Problem> {
        let text = &declared.value;
        let (what, hint) = if is_open(text) {
            return None;
        } else if text.contains(['*', '?']) {
            ("patterns are", "name the folder, or the files one by one")
        } else if text.starts_with("~/") {
            (
                "`~` is",
                "write the path from the project on, or from `/` on",
            )
        } else if text.starts_with('$') {
            (
                "shell variables are",
                "`${name}` stands for a value of params.yaml",
            )
        } else {
            return None;
        };
        if std::fs::symlink_metadata(path.under(&self.project.root)).is_ok() {
            return None;
        }
        let message = format!("`{text}`: {what} not expanded in paths");
        Some(Problem::at(self.source, declared.place, message).hint(hint))
    }

    pub(super) fn outs(&mut self, wdir: &RelPath, declared: &Declaration) -> (Vec<Out>, Vec<View>) {
        let (mut outs, mut views) = (Vec::new(), Vec::new());
        for out in &declared.outs {
            self.out(wdir, out, &declared.name, &mut outs);
        }
        let kinds = [
            (ViewKind::Metrics, "metrics", &declared.metrics),
            (ViewKind::Plots, "plots", &declared.plots),
        ];
        for (kind, word, list) in kinds {
            for view in list {
                let path = wdir.join(&view.value.path);
                match outs.iter().find(|out| out.path.contains(&path)) {
                    Some(out) => self.flags_of_view(word, view, out),
                    None => self.out(wdir, view, &declared.name, &mut outs),
                }
                views.push(View { path, kind });
            }
        }
        (outs, views)
    }

    /// An out has its flags where it is named first.
    fn flags_of_view(&mut self, word: &str, view: &Declared<DeclaredOut>, out: &Out) {
        let (cache, persist) = (view.value.cache, view.value.persist);
        if (cache, persist) == (true, false) || (cache, persist) == (out.cache, out.persist) {
            return;
        }
        let path = &out.path;
        let line = out.place.line;
        let message = format!("the flags of `{path}` under `{word}` are lost");
        let hint = format!("`{path}` is an out on line {line} already: give it its flags there");
        let problem = Problem::at(self.source, view.place, message);
        self.problems.push(problem.hint(hint));
    }

    fn out(
        &mut self,
        wdir: &RelPath,
        out: &Declared<DeclaredOut>,
        stage: &str,
        outs: &mut Vec<Out>,
    ) {
        let path = wdir.join(&out.value.path);
        let is_elsewhere = !path.is_inside() && path != RelPath::root() && !out.value.cache;
        let refused = || self.refused_out(&path, &out.value.path);
        if let Some((message, hint)) = refused().filter(|_| !is_elsewhere) {
            let problem = Problem::at(self.source, out.place, message);
            self.problems.push(problem.hint(hint));
        } else if let Some(first) = outs.iter().find(|known| known.path == path) {
            let message = format!("`{path}` is an out of stage `{stage}` twice");
            let hint = format!("it is on line {} already", first.place.line);
            let problem = Problem::at(self.source, out.place, message);
            self.problems.push(problem.hint(hint));
        } else {
            outs.push(Out {
                path,
                place: out.place,
                cache: out.value.cache,
                // What lies elsewhere cannot be set aside in the project.
                persist: out.value.persist || is_elsewhere,
            });
        }
    }

    /// Why a path cannot be an out, and what to do.
    fn refused_out(&self, path: &RelPath, text: &str) -> Option<(String, &'static str)> {
        let root = RelPath::root();
        if text.contains('\0') {
            let message = format!("the out `{text}` holds a zero byte: no file has such a name");
            return Some((message, "choose another name"));
        }
        if *path == root {
            let message = format!("the out `{text}` is the whole project");
            return Some((message, "name a folder in it, or files"));
        }
        if !path.is_inside() {
            let message = format!("the out `{text}` lies outside the project");
            return Some((
                message,
                "outs lie in the project's folder or below it; with `cache: false` one may lie elsewhere",
            ));
        }
        let own = NOT_YOURS
            .iter()
            .find(|(name, _)| root.join(name).contains(path));
        if let Some((_, what)) = own {
            return Some((
                format!("the out `{path}` lies in {what}"),
                "choose another folder",
            ));
        }
        let mut files = self.all.all().iter();
        if files.any(|file| *path == file.path || *path == file.lock()) {
            let message = format!("the out `{path}` is a file that kaslite itself reads");
            return Some((message, "choose another name"));
        }
        if text.contains(['*', '?']) && !is_open(text) {
            let message = format!("`{text}`: patterns are not expanded in paths");
            return Some((message, "name the folder, or the files one by one"));
        }
        None
    }

    /// A section that a built-in stage reads and that is not in the params file, where one that no
    /// stage reads is spelled much like it: its values would be lost without a word.
    pub(super) fn section_typos(&mut self, stages: &[Stage]) {
        let file = default_params(&self.folder);
        let Some(file) = self.files.get(&file) else {
            return;
        };
        let wanted = stages.iter().filter_map(Stage::spec);
        let wanted: Vec<&str> = wanted
            .flat_map(crate::spec::StageSpec::sections)
            .filter(|section| file.node.get(section).is_none())
            .collect();
        for (key, _) in file.node.entries().unwrap_or_default() {
            if self.sections.contains(&key.text) {
                continue;
            }
            if let Some(section) = closest(&key.text, wanted.iter().copied()) {
                let message = format!("no stage reads the section `{}`", key.text);
                let problem = Problem::at(&file.source, key.place, message);
                self.problems
                    .push(problem.hint(format!("did you mean `{section}`?")));
            }
        }
    }
}

/// A problem for each out that is a params file, or a folder with one.
pub(super) fn outs_over_params(
    stages: &[Stage],
    files: &ParamsFiles,
    sources: &[Source],
    problems: &mut Vec<Problem>,
) {
    for stage in stages {
        for out in &stage.outs {
            if let Some(file) = files.first_in(&out.path) {
                let message = format!(
                    "the out `{}` would replace the params file `{file}`",
                    out.path
                );
                let problem = Problem::at(&sources[stage.file], out.place, message);
                problems.push(problem.hint("a stage cannot make its own params"));
            }
        }
    }
}
