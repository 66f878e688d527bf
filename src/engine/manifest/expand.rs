//! [`Expander`]: the stages as they are written → the stages as they run: `foreach` and `matrix` written
//! out, `vars` read, `${…}` put in.

use crate::manifest::declarations::check_name;
use crate::manifest::group::{self, Member};
use crate::manifest::interpolate::Interpolator;
use crate::manifest::keys::is_open;
use crate::manifest::matched::{Files, matched};
use crate::manifest::scope::{Own, Scope, Values};
use crate::manifest::vars::{RESERVED, Vars, VarsReader};
use crate::params::ParamsFiles;
use crate::problem::{Place, Problem, Source};
use crate::rel_path::RelPath;
use crate::value::Value;
use crate::yaml::{Key, Kind, Node};
use std::path::Path;

/// Keys that say how a stage is written out; what comes of it has them no more.
const CONSUMED: [&str; 5] = ["vars", "foreach", "files", "do", "matrix"];

/// Problems of one group that are told.
const MANY: usize = 100;

/// Writes the stages out; what is wrong is added to the problems.
pub(super) struct Expander<'a> {
    pub(super) root: &'a Path,
    /// The folder of the pipeline file.
    pub(super) folder: &'a RelPath,
    /// Its params.yaml.
    pub(super) default_file: &'a str,
    pub(super) source: &'a Source,
    pub(super) files: &'a mut ParamsFiles,
    pub(super) problems: &'a mut Vec<Problem>,
    /// What the whole file shares.
    pub(super) vars: Vars,
    /// Whether there is no params.yaml, or it is broken.
    pub(super) default_is_broken: bool,
    /// Whether it was said that there is no params.yaml.
    pub(super) said_missing: bool,
    /// What stands under `files`.
    pub(super) patterns: Vec<Files>,
}

impl Expander<'_> {
    /// The tree of the whole file, written out.
    pub(super) fn file(&mut self, node: &Node) -> Node {
        let Some(entries) = node.entries() else {
            return node.clone();
        };
        let mut vars = self.vars.clone();
        if let Some(list) = node.get("vars") {
            vars.add(list, "vars", self.folder, &mut self.vars_reader());
        }
        self.vars = vars;
        let mut pairs = Vec::new();
        for (key, child) in entries {
            let child = match (key.text.as_str(), child.entries()) {
                ("vars", _) => continue,
                ("stages", Some(stages)) => self.stages(child.place, stages),
                _ => self.shared(|interpolator| interpolator.node(child)),
            };
            pairs.push((key.clone(), child));
        }
        Node {
            place: node.place,
            kind: Kind::Map(pairs),
        }
    }

    fn stages(&mut self, place: Place, stages: &[(Key, Node)]) -> Node {
        let mut expanded = Vec::new();
        for (key, node) in stages {
            let key = self.shared(|interpolator| interpolator.key(key));
            check_name(&key, self.source, self.problems);
            self.stage(&key, node, &mut expanded);
        }
        let kind = Kind::Map(expanded);
        Node { place, kind }
    }

    fn stage(&mut self, key: &Key, node: &Node, into: &mut Vec<(Key, Node)>) {
        let place_of = |word: &str| {
            let mut entries = node.entries().unwrap_or_default().iter();
            entries
                .find(|(key, _)| key.text == word)
                .map(|(key, _)| key.place)
        };
        let (foreach, matrix) = (node.get("foreach"), node.get("matrix"));
        if let (None, Some(pattern)) = (foreach, node.get("files")) {
            return self.files(key, node, pattern, into);
        }
        match (foreach, matrix, place_of("do")) {
            (Some(data), None, _) => self.foreach(key, node, data, into),
            (Some(_), Some(_), _) => {
                let place = place_of("matrix").unwrap_or(node.place);
                let message = format!("stage `{}` has both `foreach` and `matrix`", key.text);
                self.report(place, message, "a `matrix` of two lists gives every pair");
            }
            (None, _, Some(place)) => {
                let message = format!("`do` of stage `{}` needs `foreach` beside it", key.text);
                self.report(place, message, "`foreach` lists what the stage is done for");
            }
            (None, Some(axes), None) => {
                let axes = self.shared(|interpolator| interpolator.node(axes));
                let members = group::matrix(&key.text, &axes, self.source, self.problems);
                self.members(key, node, members, into);
            }
            (None, None, None) => {
                let stage = self.one(&key.text, node, None);
                into.push((key.clone(), stage));
            }
        }
    }

    /// The stage as it is written for each entry of `word`, which stands beside it.
    fn template<'n>(&mut self, key: &Key, node: &'n Node, word: &str) -> Option<&'n Node> {
        let entries = node.entries().unwrap_or_default();
        for (other, _) in entries {
            if ![word, "do"].contains(&other.text.as_str()) {
                let message = format!(
                    "`{}` of stage `{}` stands beside `{word}`",
                    other.text, key.text
                );
                self.report(other.place, message, "put it below `do`");
            }
        }
        let template = node.get("do");
        if template.is_none() {
            let message = format!("`{word}` of stage `{}` needs `do` beside it", key.text);
            let hint = "`do:` holds the keys of the stage, with `${item}` for each entry";
            let own = entries.iter().find(|(key, _)| key.text == word);
            let place = own.map_or(node.place, |(key, _)| key.place);
            self.report(place, message, hint);
        }
        template
    }

    /// A stage for each file that a pattern names.
    fn files(&mut self, key: &Key, node: &Node, pattern: &Node, into: &mut Vec<(Key, Node)>) {
        let Some(template) = self.template(key, node, "files") else {
            return;
        };
        let pattern = self.shared(|interpolator| interpolator.node(pattern));
        let Kind::Scalar(Value::Text(text)) = &pattern.kind else {
            let message = format!(
                "`files` of stage `{}` must be a pattern like `raw/*.csv`, not {}",
                key.text,
                pattern.described()
            );
            return self.report(pattern.place, message, "`foreach` takes a list");
        };
        if is_open(text) {
            return;
        }
        if let Some((wdir, _)) = template.find("wdir") {
            let message = format!("`wdir` of stage `{}` stands below `files`", key.text);
            let hint = "the pattern and `${item}` begin at the folder of the pipeline file";
            return self.report(wdir.place, message, hint);
        }
        let path = self.folder.join(text);
        let found = matched(self.root, &path, &mut self.files.inputs);
        let wrong = match found {
            Ok(found) if path.is_inside() && !found.is_empty() => {
                let members = group::files(self.folder, &found);
                self.patterns.push(Files {
                    stage: key.text.clone(),
                    pattern: path,
                    place: pattern.place,
                    found,
                });
                return self.members(key, template, members, into);
            }
            Ok(_) if path.is_inside() => format!("`{text}` names no file"),
            Ok(_) => format!("`{text}` leads out of the project"),
            Err(reason) => format!("`{text}` is no pattern: {reason}"),
        };
        let hint =
            "`*` is any part of a name, `**` any folders; it begins at the folder of this file";
        self.report(pattern.place, wrong, hint);
    }

    fn foreach(&mut self, key: &Key, node: &Node, data: &Node, into: &mut Vec<(Key, Node)>) {
        let Some(template) = self.template(key, node, "foreach") else {
            return;
        };
        for (word, _) in template.entries().unwrap_or_default() {
            if ["foreach", "do"].contains(&word.text.as_str()) {
                let message = format!("`{}` of stage `{}` stands below `do`", word.text, key.text);
                let hint = "a `matrix` below `do` gives every combination with the entries";
                self.report(word.place, message, hint);
            }
        }
        let data = self.shared(|interpolator| interpolator.node(data));
        let mut members = group::foreach(&key.text, &data, self.source, self.problems);
        if let Some(axes) = template.get("matrix") {
            members = self.with_matrix(key, axes, &members);
        }
        self.members(key, template, members, into);
    }

    /// Every entry with every combination.
    fn with_matrix(&mut self, key: &Key, axes: &Node, members: &[Member]) -> Vec<Member> {
        let mut all = Vec::new();
        for member in members {
            let stage = format!("{}@{}", key.text, member.name);
            let own = Own {
                stage: &stage,
                values: &member.values,
            };
            let axes = self.put(None, Some(own), |interpolator| interpolator.node(axes));
            let inner = group::matrix(&stage, &axes, self.source, self.problems);
            all.extend(inner.iter().map(|inner| member.with_matrix(inner)));
        }
        all
    }

    fn members(
        &mut self,
        key: &Key,
        template: &Node,
        members: Vec<Member>,
        into: &mut Vec<(Key, Node)>,
    ) {
        let before = self.problems.len();
        for member in members {
            // What is wrong with so many is wrong with the rest.
            if self.problems.len() > before + MANY {
                return;
            }
            let text = format!("{}@{}", key.text, member.name);
            let stage = self.one(&text, template, Some(&member.values));
            let place = key.place;
            into.push((Key { text, place }, stage));
        }
    }

    /// One stage, all `${…}` put in.
    fn one(&mut self, name: &str, node: &Node, own: Option<&Value>) -> Node {
        let own = own.map(|values| Own {
            stage: name,
            values,
        });
        let Some(entries) = node.entries() else {
            return self.put(None, own, |interpolator| interpolator.stage(node));
        };
        let vars = node
            .get("vars")
            .map(|list| self.vars_of(name, node, list, own));
        let kept = entries
            .iter()
            .filter(|(key, _)| !CONSUMED.contains(&key.text.as_str()));
        let kept = Node {
            place: node.place,
            kind: Kind::Map(kept.cloned().collect()),
        };
        self.put(vars.as_ref(), own, |interpolator| interpolator.stage(&kept))
    }

    /// What the file shares and what the stage's own `vars` add; its files lie in its `wdir`.
    fn vars_of(&mut self, name: &str, node: &Node, list: &Node, own: Option<Own<'_>>) -> Vars {
        let wdir = node.get("wdir");
        let wdir = wdir.map(|wdir| self.put(None, own, |interpolator| interpolator.node(wdir)));
        let wdir = wdir.map_or_else(String::new, |wdir| wdir.to_value().to_string());
        let mut vars = self.vars.clone();
        if is_open(&wdir) {
            vars.unusable = true;
            return vars;
        }
        let folder = self.folder.join(&wdir);
        vars.add(
            list,
            &format!("{name}.vars"),
            &folder,
            &mut self.vars_reader(),
        );
        for word in RESERVED {
            if own.is_some() && vars.value.get(word).is_some() {
                let message = format!("`vars` of stage `{name}` sets `{word}`");
                let hint = "within a group that is the name of the entry: choose another";
                self.report(list.place, message, hint);
            }
        }
        vars
    }

    fn vars_reader(&mut self) -> VarsReader<'_> {
        VarsReader {
            root: self.root,
            source: self.source,
            files: self.files,
            problems: self.problems,
        }
    }

    fn shared<T>(&mut self, with: impl FnOnce(&mut Interpolator<'_>) -> T) -> T {
        self.put(None, None, with)
    }

    fn put<T>(
        &mut self,
        vars: Option<&Vars>,
        own: Option<Own<'_>>,
        with: impl FnOnce(&mut Interpolator<'_>) -> T,
    ) -> T {
        let vars = vars.unwrap_or(&self.vars);
        let base = if self.default_is_broken || vars.unusable {
            Values::Unusable
        } else if vars.is_empty() {
            Values::Missing
        } else {
            Values::Sound(&vars.value)
        };
        let has_vars = vars.has_own();
        let mut interpolator = Interpolator {
            source: self.source,
            scope: Scope {
                base,
                own,
                has_vars,
                default_file: self.default_file,
            },
            problems: self.problems,
            in_command: false,
            said_missing: self.said_missing,
        };
        let result = with(&mut interpolator);
        self.said_missing = interpolator.said_missing;
        result
    }

    fn report(&mut self, place: Place, message: String, hint: &str) {
        let problem = Problem::at(self.source, place, message);
        self.problems.push(problem.hint(hint));
    }
}
