//! [`verdict`]: whether a stage is fresh for DVC, by what is on disk.

use crate::dvc::{DvcPath, DvcStage};
use kaslite_engine::error::EngineError;
use kaslite_engine::manifest::parse_params;
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::snapshot::PathState;
use kaslite_engine::stage::{Action, Stage};
use kaslite_engine::value::Value;
use kaslite_engine::workspace::Workspace;
use std::collections::BTreeMap;

/// Whether a stage can be taken over as fresh.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Command, deps, params and outs are as DVC remembers them.
    Fresh,
    /// It runs every time.
    Always,
    /// They are not, or cannot be checked: the first reason.
    Stale(String),
}

/// Compares a stage with what DVC remembers of it.
pub(crate) fn verdict(
    workspace: &Workspace,
    stage: &Stage,
    known: Option<&DvcStage>,
) -> Result<Verdict, EngineError> {
    if stage.always_changed || stage.is_callback() {
        return Ok(Verdict::Always);
    }
    let Some(known) = known else {
        return Ok(Verdict::Stale("dvc.lock has no entry of it".to_owned()));
    };
    let compare = Compare {
        workspace,
        stage,
        known,
    };
    let reason = match compare.command() {
        Some(reason) => Some(reason),
        None => compare.params()?,
    };
    let reason = match reason {
        Some(reason) => Some(reason),
        None => compare.deps()?,
    };
    let reason = match reason {
        Some(reason) => Some(reason),
        None => compare.outs()?,
    };
    Ok(reason.map_or(Verdict::Fresh, Verdict::Stale))
}

struct Compare<'a> {
    workspace: &'a Workspace,
    stage: &'a Stage,
    known: &'a DvcStage,
}

impl Compare<'_> {
    fn command(&self) -> Option<String> {
        let same = match &self.stage.action {
            Action::Command(commands) => commands.iter().map(|command| command.trim_end()).eq(self
                .known
                .cmd
                .iter()
                .map(|command| command.trim_end())),
            Action::Builtin(_) => false,
        };
        (!same).then(|| "its command is another one than in dvc.lock".to_owned())
    }

    /// The values of params files that stages make stand in our deps, not in our params.
    fn params(&self) -> Result<Option<String>, EngineError> {
        let mut now: BTreeMap<&RelPath, BTreeMap<&str, &Value>> = BTreeMap::new();
        for ((file, key), value) in &self.stage.params {
            now.entry(file).or_default().insert(key, value);
        }
        let known = self.known.params.iter();
        let known: BTreeMap<RelPath, _> = known
            .map(|(file, values)| (self.stage.wdir.join(file), values))
            .collect();
        for (file, then) in &known {
            if let Some(now) = now.remove(file) {
                if let Some(reason) = differing(file, &now, then) {
                    return Ok(Some(reason));
                }
                continue;
            }
            let path = file.under(&self.workspace.project.root);
            let Ok(text) = std::fs::read_to_string(path) else {
                return Ok(Some(format!("the params file `{file}` is not here")));
            };
            let values = parse_params(file.as_str(), text)?;
            let values: BTreeMap<&str, &Value> = then
                .keys()
                .filter_map(|key| Some((key.as_str(), values.get(key)?)))
                .collect();
            if let Some(reason) = differing(file, &values, then) {
                return Ok(Some(reason));
            }
        }
        let other = now.keys().next();
        Ok(other.map(|file| format!("dvc.lock has no params of `{file}`")))
    }

    fn deps(&self) -> Result<Option<String>, EngineError> {
        let is_params = |path: &RelPath| {
            let mut files = self.known.params.keys();
            files.any(|file| self.stage.wdir.join(file) == *path)
        };
        let known: Vec<RelPath> = self.paths(&self.known.deps);
        let ours = self.stage.deps.iter().map(|dep| &dep.path);
        let ours: Vec<&RelPath> = ours
            .filter(|path| known.contains(path) || !is_params(path))
            .collect();
        self.all_hold("dep", &ours, &self.known.deps)
    }

    fn outs(&self) -> Result<Option<String>, EngineError> {
        let ours: Vec<&RelPath> = self.stage.outs.iter().map(|out| &out.path).collect();
        self.all_hold("out", &ours, &self.known.outs)
    }

    fn paths(&self, known: &[DvcPath]) -> Vec<RelPath> {
        let wdir = &self.stage.wdir;
        known.iter().map(|known| wdir.join(&known.path)).collect()
    }

    fn all_hold(
        &self,
        what: &str,
        ours: &[&RelPath],
        known: &[DvcPath],
    ) -> Result<Option<String>, EngineError> {
        let paths = self.paths(known);
        if let Some(new) = ours.iter().find(|path| !paths.contains(path)) {
            return Ok(Some(format!("dvc.lock has no {what} `{new}`")));
        }
        for (path, known) in paths.iter().zip(known) {
            if !ours.contains(&path) {
                return Ok(Some(format!("its {what} `{path}` of dvc.lock is gone")));
            }
            if known.is_remote() {
                let address = &known.path;
                return Ok(Some(format!("`{address}` is on no disk of this machine")));
            }
            let state = self.workspace.snapshot.get(path)?;
            if state == PathState::Missing {
                return Ok(Some(format!("its {what} `{path}` is not here")));
            }
            let place = path.under(&self.workspace.project.root);
            let same = known.digest.as_ref();
            let same = same.map(|known| known.holds(&state, &place)).transpose()?;
            if same != Some(true) {
                let reason = format!("its {what} `{path}` is not what dvc.lock has");
                return Ok(Some(reason));
            }
        }
        Ok(None)
    }
}

/// The first value that is another one than then.
fn differing(
    file: &RelPath,
    now: &BTreeMap<&str, &Value>,
    then: &BTreeMap<String, Value>,
) -> Option<String> {
    let same = |now: Option<&&Value>, then: Option<&Value>| match (now, then) {
        (Some(now), Some(then)) => {
            *now == then || (now.as_f64().is_some() && now.as_f64() == then.as_f64())
        }
        (Some(_) | None, None) | (None, Some(_)) => false,
    };
    let keys = now.keys().copied().chain(then.keys().map(String::as_str));
    let mut keys = keys.filter(|key| !same(now.get(key), then.get(*key)));
    keys.next()
        .map(|key| format!("`{key}` of `{file}` is not what dvc.lock has"))
}
