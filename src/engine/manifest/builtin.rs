//! A built-in stage: its sections, its params with defaults, the number of its paths.

use crate::manifest::resolve::Resolver;
use crate::manifest::sheet::default_params;
use crate::manifest::{Declaration, Declared};
use crate::params::{DEFAULT_FILE, arguments};
use crate::problem::{Problem, closest};
use crate::spec::{SlotKind, SlotSpec, StageSpec};
use crate::stage::Stage;

impl Resolver<'_> {
    /// Fills in the params of a built-in stage.
    pub(super) fn builtin(
        &mut self,
        spec: &'static StageSpec,
        declared: &Declaration,
        stage: &mut Stage,
    ) {
        let file = default_params(&self.folder);
        let root = &self.project.root;
        self.files.load(root, &file, self.problems);
        if !declared.is_faulty("params") {
            self.check_sections(spec, declared);
        }
        // What is missing in a broken file is not known.
        let mut found = Vec::new();
        stage.arguments = arguments(spec, self.files.get(&file), &mut found);
        if !self.files.is_broken(&file) {
            for problem in found {
                problem.add_to(self.problems);
            }
        }
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
    }

    /// The sections listed must be those that the stage reads, no more and no less.
    fn check_sections(&mut self, spec: &StageSpec, declared: &Declaration) {
        let sections = spec.sections();
        let all = sections.join(", ");
        let is_default = |file: &Option<String>| file.as_deref().is_none_or(|f| f == DEFAULT_FILE);
        let listed: Vec<&Declared<String>> = declared
            .params
            .iter()
            .filter(|entry| is_default(&entry.value.file))
            .flat_map(|entry| entry.value.keys.iter().flatten())
            .collect();
        let mut lacking: Vec<&str> = sections
            .iter()
            .copied()
            .filter(|section| listed.iter().all(|key| key.value != *section))
            .collect();
        for key in listed {
            if !sections.contains(&key.value.as_str()) {
                let near = self.unread(spec, key, &lacking);
                lacking.retain(|section| near.as_deref() != Some(section));
            }
        }
        if !lacking.is_empty() {
            let names: Vec<String> = lacking.iter().map(|name| format!("`{name}`")).collect();
            let word = if lacking.len() == 1 {
                "section"
            } else {
                "sections"
            };
            let message = format!(
                "stage `{}` does not list the {word} {} under `params`",
                declared.name,
                names.join(", ")
            );
            let at = declared.keys.get("params").copied();
            let place = at.unwrap_or_else(|| declared.place_of("uses"));
            let hint = format!("built-in stage `{}` needs `params: [{all}]`", spec.name);
            let problem = Problem::at(self.source, place, message);
            self.problems.push(problem.hint(hint));
        }
    }

    /// A problem for something listed that is no section of the stage; returns the one that was meant.
    fn unread(
        &mut self,
        spec: &StageSpec,
        key: &Declared<String>,
        lacking: &[&str],
    ) -> Option<String> {
        let name = key.value.as_str();
        let sections = spec.sections();
        let whole = name.split_once('.').map(|(section, _)| section);
        let whole = whole.filter(|section| sections.contains(section));
        let near = whole.or_else(|| closest(name, lacking.iter().copied()));
        let message = if whole.is_some() {
            format!("`{name}`: a built-in stage reads whole sections")
        } else {
            format!("built-in stage `{}` reads no section `{name}`", spec.name)
        };
        let hint = match (whole, near) {
            (Some(section), _) => format!("write `{section}`"),
            (None, Some(section)) => format!("did you mean `{section}`?"),
            (None, None) => format!("it reads: {}", sections.join(", ")),
        };
        let problem = Problem::at(self.source, key.place, message);
        self.problems.push(problem.hint(hint));
        near.map(str::to_owned)
    }

    /// A built-in stage has a place for each of its paths. `word` is `dep` or `out`.
    pub(super) fn check_slots(
        &mut self,
        word: &str,
        slots: &[SlotSpec],
        count: usize,
        spec: &StageSpec,
        declared: &Declaration,
    ) {
        let fixed = slots
            .iter()
            .filter(|slot| slot.kind != SlotKind::Rest)
            .count();
        let open = fixed < slots.len();
        if count == fixed || (count > fixed && open) {
            return;
        }
        let plural = |number: usize| match number {
            0 => format!("no {word}s"),
            1 => format!("1 {word}"),
            _ => format!("{number} {word}s"),
        };
        let more = if open { " or more" } else { "" };
        let message = format!(
            "built-in stage `{}` takes {}{more}, not {count}",
            spec.name,
            plural(fixed),
        );
        let key = format!("{word}s");
        let at = declared.keys.get(&key).copied();
        let place = at.unwrap_or_else(|| declared.place_of("uses"));
        let names: Vec<String> = slots
            .iter()
            .map(|slot| format!("{} ({})", slot.name, slot.doc))
            .collect();
        let order = if slots.len() > 1 {
            "in this order: "
        } else {
            ""
        };
        let hint = (!names.is_empty()).then(|| format!("`{key}`: {order}{}", names.join("; ")));
        let problem = Problem::at(self.source, place, message);
        self.problems.push(problem.maybe_hint(hint));
    }
}
