//! [`Replayed`]: what was equal when a run was built again, and what was not.

use crate::ui::{Terminal, describe};
use kaslite_engine::entry::Entry;
use kaslite_engine::pipeline_files::PipelineFile;
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::stale::{StaleReason, compare};
use kaslite_engine::workspace::Workspace;
use kaslite_track::record::{RunRecord, RunSummary};
use kaslite_track::sources::Gathered;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Endings of files that are code rather than data.
const CODE: [&str; 24] = [
    "py", "sh", "bash", "zsh", "rs", "r", "R", "jl", "js", "ts", "c", "cc", "cpp", "h", "hpp",
    "go", "java", "lua", "pl", "rb", "sql", "ipynb", "m", "mk",
];

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Part {
    /// kaslite, the machine, declared variables.
    Environment,
    Params,
    /// Commands, built-in stages, files of code.
    Code,
    /// Other files that no stage makes.
    Data,
    Outs,
    Metrics,
}

impl Part {
    /// All parts, in the order they are told.
    const ALL: [Self; 6] = [
        Self::Environment,
        Self::Params,
        Self::Code,
        Self::Data,
        Self::Outs,
        Self::Metrics,
    ];
}

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Difference {
    name: String,
    recorded: Option<String>,
    replayed: Option<String>,
}

/// What is known of one part.
#[derive(Debug, Default, Serialize)]
struct Compared {
    /// How many things were compared.
    of: usize,
    differ: Vec<Difference>,
}

/// What was equal when a run was built again, and what was not.
pub(crate) struct Replayed {
    run_id: String,
    parts: BTreeMap<Part, Compared>,
}

type Entries = BTreeMap<String, Entry>;

impl Replayed {
    pub(crate) fn new(
        run: &RunRecord,
        (old, was): (&Entries, &RunSummary),
        (new, again): (&Entries, &RunRecord),
    ) -> Self {
        let mut replayed = Self {
            run_id: run.run_id.clone(),
            parts: Part::ALL.map(|part| (part, Compared::default())).into(),
        };
        let is = again.summary.clone().unwrap_or_default();
        replayed.environment(was, &is);
        let done = |stage: &&kaslite_track::record::StageSummary| stage.outcome != "frozen";
        for stage in was.stages.iter().filter(done).map(|stage| &stage.stage) {
            match (old.get(stage), new.get(stage)) {
                (Some(before), Some(after)) => replayed.stage(stage, before, after),
                (Some(before), None) => {
                    for (out, content) in &before.outs {
                        let was = Some(content.digest.short());
                        replayed.compare(Part::Outs, out, was, None);
                    }
                }
                (None, _) => {}
            }
        }
        replayed.metrics(was, &is);
        replayed
    }

    fn compare(
        &mut self,
        part: Part,
        name: &str,
        recorded: Option<String>,
        replayed: Option<String>,
    ) {
        let compared = self.parts.entry(part).or_default();
        let is_known = compared.differ.iter().any(|known| known.name == name);
        compared.of += usize::from(!is_known);
        if recorded != replayed && !is_known {
            compared.differ.push(Difference {
                name: name.to_owned(),
                recorded,
                replayed,
            });
        }
    }

    fn environment(&mut self, was: &RunSummary, is: &RunSummary) {
        let (a, b) = (&was.platform, &is.platform);
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let part = Part::Environment;
        self.compare(part, "kaslite", text(&was.kaslite), text(&is.kaslite));
        self.compare(part, "system", text(&a.os), text(&b.os));
        self.compare(part, "architecture", text(&a.arch), text(&b.arch));
        self.compare(part, "processor", a.cpu.clone(), b.cpu.clone());
    }

    fn stage(&mut self, stage: &str, before: &Entry, after: &Entry) {
        let (old, new) = (&before.fingerprint, &after.fingerprint);
        let params = old.params.values().flatten().count();
        self.parts.entry(Part::Params).or_default().of += params;
        self.parts.entry(Part::Environment).or_default().of += old.env.len();
        self.parts.entry(Part::Code).or_default().of += 1;
        for reason in compare(old, new) {
            match &reason {
                StaleReason::Param {
                    file,
                    key,
                    old,
                    new,
                } => {
                    let text = |value: &Option<_>| value.as_ref().map(ToString::to_string);
                    let name = if file == kaslite_engine::params::DEFAULT_FILE {
                        key.clone()
                    } else {
                        format!("{file}:{key}")
                    };
                    self.compare(Part::Params, &name, text(old), text(new));
                }
                StaleReason::Setting { name, old, new } if name.starts_with("env ") => {
                    self.compare(Part::Environment, name, old.clone(), new.clone());
                }
                StaleReason::Command { old, new } => {
                    let name = format!("command of `{stage}`");
                    self.compare(
                        Part::Code,
                        &name,
                        Some(old.join(" ; ")),
                        Some(new.join(" ; ")),
                    );
                }
                StaleReason::Uses { .. }
                | StaleReason::Code { .. }
                | StaleReason::Setting { .. }
                | StaleReason::Makes { .. } => {
                    let said = describe(&reason);
                    let name = format!("{} of `{stage}`: {}", said.kind, said.subject);
                    self.compare(Part::Code, &name, Some(String::new()), None);
                }
                // Sources are compared by themselves, what stages make as outs.
                StaleReason::Dep { .. }
                | StaleReason::NeverRun
                | StaleReason::Forced
                | StaleReason::AlwaysChanged
                | StaleReason::Out { .. }
                | StaleReason::Upstream { .. } => {}
            }
        }
        for (out, content) in &before.outs {
            let now = after.outs.get(out).map(|content| content.digest.short());
            self.compare(Part::Outs, out, Some(content.digest.short()), now);
        }
    }

    fn metrics(&mut self, was: &RunSummary, is: &RunSummary) {
        let files: BTreeSet<&String> = was.metrics.keys().chain(is.metrics.keys()).collect();
        for file in files {
            let values = |side: &RunSummary| side.metrics.get(file).cloned().unwrap_or_default();
            let (a, b) = (values(was), values(is));
            let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let text = |side: &BTreeMap<String, _>| side.get(key).map(ToString::to_string);
                self.compare(Part::Metrics, &format!("{file}: {key}"), text(&a), text(&b));
            }
        }
    }

    /// Compares the files that no stage makes: those of the record, and those it was built from now.
    pub(crate) fn sources(
        &mut self,
        workspace: &Workspace,
        recorded: &Gathered,
        now: Option<&Gathered>,
        entries: &Entries,
    ) {
        let read: BTreeSet<&String> = entries
            .values()
            .flat_map(|entry| entry.fingerprint.deps.keys())
            .collect();
        let is_read = |path: &str| {
            let path = RelPath::root().join(path);
            read.iter()
                .any(|dep| RelPath::root().join(dep).contains(&path))
        };
        let is_made = |path: &str| {
            let path = RelPath::root().join(path);
            !workspace.pipeline.makers.of(&path).is_empty()
                || PipelineFile::of_lock(&workspace.project, &path).is_some()
        };
        let paths = recorded
            .paths()
            .chain(now.iter().flat_map(|now| now.paths()));
        let paths: BTreeSet<&str> = paths.filter(|path| !is_made(path)).collect();
        for path in paths
            .into_iter()
            .filter(|path| is_code(path) || is_read(path))
        {
            let part = if is_code(path) {
                Part::Code
            } else {
                Part::Data
            };
            let (was, is) = (recorded.read(path), now.unwrap_or(recorded).read(path));
            let line = was
                .as_deref()
                .zip(is.as_deref())
                .and_then(|(a, b)| first_change(a, b));
            let name = match line {
                Some((line, _, _)) if is_code(path) => format!("{path}:{line}"),
                Some(_) | None => path.to_owned(),
            };
            let digest = |bytes: &Option<Vec<u8>>| {
                let digest = bytes
                    .as_ref()
                    .map(|bytes| kaslite_engine::digest::Digest::of(bytes));
                digest.map(|digest| digest.short())
            };
            match line.filter(|_| is_code(path)) {
                Some((_, old, new)) => self.compare(part, &name, Some(old), Some(new)),
                None => self.compare(part, &name, digest(&was), digest(&is)),
            }
        }
        for amiss in &now.unwrap_or(recorded).amiss {
            let part = if is_code(&amiss.path) {
                Part::Code
            } else {
                Part::Data
            };
            let compared = self.parts.entry(part).or_default();
            compared.differ.push(Difference {
                name: format!("{} {}", amiss.path, amiss.why),
                recorded: None,
                replayed: None,
            });
        }
    }

    pub(crate) fn is_equal(&self) -> bool {
        self.parts.values().all(|part| part.differ.is_empty())
    }

    pub(crate) fn show(&self, terminal: Terminal) {
        for (part, compared) in &self.parts {
            let name = match part {
                Part::Environment => "environment",
                Part::Params => "params",
                Part::Code => "code",
                Part::Data => "data",
                Part::Outs => "outs",
                Part::Metrics => "metrics",
            };
            let (of, differ) = (
                compared.of.max(compared.differ.len()),
                compared.differ.len(),
            );
            let said = match (of, differ) {
                (0, _) => "none".to_owned(),
                (of, 0) => format!("equal ({of})"),
                (of, differ) => format!("{differ} of {of} not equal"),
            };
            terminal.data(format_args!("{name:<12} {said}"));
            for difference in &compared.differ {
                terminal.data(format_args!("  {}", line(difference)));
            }
        }
        let verdict = if self.is_equal() {
            "built again, and all is equal"
        } else {
            "built again, and not all is equal"
        };
        terminal.note(format_args!("{}: {verdict}", self.run_id));
    }

    pub(crate) fn json(&self) -> String {
        let value = serde_json::json!({
            "run_id": self.run_id,
            "equal": self.is_equal(),
            "parts": self.parts,
        });
        serde_json::to_string_pretty(&value).unwrap_or_default()
    }
}

fn line(difference: &Difference) -> String {
    let Difference {
        name,
        recorded,
        replayed,
    } = difference;
    match (recorded.as_deref(), replayed.as_deref()) {
        (None | Some(""), None) => name.clone(),
        (old, new) => format!(
            "{name}  {} → {}",
            old.unwrap_or("(none)"),
            new.unwrap_or("(none)")
        ),
    }
}

fn is_code(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| CODE.contains(&ending)) || name == "Makefile"
}

/// The first line at which two texts differ, and how it reads in each.
fn first_change(a: &[u8], b: &[u8]) -> Option<(usize, String, String)> {
    let (a, b) = (std::str::from_utf8(a).ok()?, std::str::from_utf8(b).ok()?);
    let (mut old, mut new) = (a.lines(), b.lines());
    let mut line = 1;
    loop {
        match (old.next(), new.next()) {
            (None, None) => return None,
            (old, new) if old != new => {
                let text = |line: Option<&str>| line.unwrap_or_default().trim().to_owned();
                return Some((line, text(old), text(new)));
            }
            (Some(_) | None, Some(_) | None) => line += 1,
        }
    }
}
