//! [`Side`]: one of the two things a diff compares.

use crate::cli::error::CliError;
use crate::cli::runs::facts::Facts;
use crate::cli::runs::index::RunIndex;
use crate::cli::session::Session;
use kaslite_engine::entry::Entry;
use kaslite_engine::fs;
use kaslite_engine::lock;
use kaslite_engine::lock_files::in_project;
use kaslite_engine::manifest::parse_params;
use kaslite_engine::pipeline_files::PipelineFile;
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::snapshot::PathState;
use kaslite_engine::value::Value;
use kaslite_engine::workspace::Workspace;
use kaslite_track::history::files_at;
use kaslite_track::metrics::{self, Metrics};
use kaslite_track::provenance::{self, is_revision};
use kaslite_track::record::{RunRecord, RunStore};
use std::collections::BTreeMap;
use std::path::Path;

/// A run, a git revision or the workspace.
#[derive(Debug)]
pub(crate) enum Side {
    Workspace,
    Run(Box<RunRecord>),
    Revision(String),
}

impl Side {
    /// The side a name means: `workspace`, a run (`latest`, `latest~1`, a name or its beginning), a git
    /// revision, or the last run with a tag.
    pub(crate) fn find(workspace: &Workspace, name: &str) -> Result<Self, CliError> {
        if name == "workspace" {
            return Ok(Self::Workspace);
        }
        let root = &workspace.project.root;
        let error = match RunStore::new(root).find(name) {
            Ok(run) => return Ok(Self::Run(Box::new(run))),
            Err(error) => error,
        };
        if is_revision(root, name) {
            return Ok(Self::Revision(name.to_owned()));
        }
        if let Some(run) = tagged(workspace, name)? {
            return Ok(Self::Run(Box::new(run)));
        }
        Err(CliError::usage(format!("{error}, and it is no git revision"))
            .hint("use `workspace`, a run (`kaslite runs list`; `latest`, `latest~1`, a tag) or a git revision"))
    }

    /// The two sides of a command: by default HEAD, or else the last run, against the workspace. `None`
    /// where none is named and there is neither a commit nor a run.
    pub(crate) fn pair(
        workspace: &Workspace,
        a: Option<&str>,
        b: Option<&str>,
    ) -> Result<Option<(Self, Self)>, CliError> {
        let root = &workspace.project.root;
        let name = match a {
            Some(name) => name,
            None if is_revision(root, "HEAD") => "HEAD",
            None if RunStore::new(root).ids().is_empty() => return Ok(None),
            None => "latest",
        };
        let a = Self::find(workspace, name)?;
        let b = b.map_or(Ok(Self::Workspace), |name| Self::find(workspace, name))?;
        Ok(Some((a, b)))
    }

    /// How a table names it.
    pub(crate) fn title(&self) -> String {
        match self {
            Self::Workspace => "workspace".to_owned(),
            Self::Run(run) => run.run_id.clone(),
            Self::Revision(name) => name.clone(),
        }
    }

    /// What was made when, by stage.
    pub(crate) fn lock(&self, workspace: &Workspace) -> Result<BTreeMap<String, Entry>, CliError> {
        match self {
            Self::Workspace => Ok(workspace.lock.entries()),
            Self::Run(run) => match run.lock()? {
                Some(text) => Ok(lock::parse(
                    &format!("{}/pipeline.lock", run.run_id),
                    &text,
                )?),
                None => Err(CliError::usage(format!(
                    "the run `{}` has recorded no lock: it was killed",
                    run.run_id
                ))),
            },
            Self::Revision(revision) => lock_at(workspace, revision)?.ok_or_else(|| {
                let files = workspace.pipeline.files.all();
                let name = files
                    .first()
                    .map_or_else(String::new, |file| file.lock().to_string());
                CliError::usage(format!("`{revision}` has no `{name}`"))
                    .hint("only a revision with a committed lock can be brought back")
            }),
        }
    }

    /// Params file → key → value.
    pub(crate) fn params(
        &self,
        session: &Session,
        workspace: &Workspace,
    ) -> Result<Metrics, CliError> {
        let now = || -> Metrics {
            let files = workspace.pipeline.params_by_file();
            files
                .into_iter()
                .map(|(file, values)| (file.to_string(), values))
                .collect()
        };
        match self {
            Self::Workspace => Ok(now()),
            Self::Run(run) => Ok(run
                .summary
                .as_ref()
                .map(|summary| summary.params.clone())
                .unwrap_or_default()),
            Self::Revision(revision) => {
                let mut params = Metrics::new();
                for (file, values) in now() {
                    let there = params_at(session, workspace, revision, &file, &values)?;
                    params.insert(file, there);
                }
                Ok(params)
            }
        }
    }

    /// Metrics file → key → value.
    pub(crate) fn metrics(&self, workspace: &Workspace) -> Result<Metrics, CliError> {
        let root = &workspace.project.root;
        match self {
            Self::Workspace => Ok(metrics::collect(&workspace.pipeline, root)),
            Self::Run(run) => Ok(run
                .summary
                .as_ref()
                .map(|summary| summary.metrics.clone())
                .unwrap_or_default()),
            Self::Revision(revision) => {
                let mut found = Metrics::new();
                for path in metrics::paths(&workspace.pipeline.stages) {
                    let bytes = match provenance::read_at(root, revision, Path::new(&path))? {
                        Some(bytes) => Some(bytes),
                        None => cached_at(workspace, revision, &path)?,
                    };
                    let values = bytes.and_then(|bytes| metrics::parse(&path, &bytes).ok());
                    found.extend(values.map(|values| (path, values)));
                }
                Ok(found)
            }
        }
    }

    /// The files at a path, or in the folder it is, with their bytes; none where it has none.
    pub(crate) fn files(
        &self,
        workspace: &Workspace,
        path: &str,
    ) -> Result<Vec<(String, Vec<u8>)>, CliError> {
        let root = &workspace.project.root;
        match self {
            Self::Workspace => {
                let state = workspace.snapshot.get(&RelPath::root().join(path))?;
                let names = match state {
                    PathState::Missing => Vec::new(),
                    PathState::File(_) => vec![path.to_owned()],
                    PathState::Folder(tree) => tree
                        .files()
                        .keys()
                        .map(|name| format!("{path}/{name}"))
                        .collect(),
                };
                let read = |name: String| Ok((name.clone(), fs::read(&root.join(name))?));
                names.into_iter().map(read).collect()
            }
            Self::Run(run) => Ok(match run.lock()? {
                Some(text) => {
                    let shown = format!("{}/pipeline.lock", run.run_id);
                    cached_files(workspace, &lock::parse(&shown, &text)?, path)
                }
                None => Vec::new(),
            }),
            Self::Revision(revision) => {
                // A folder in git is no file: then the lock knows it.
                let bytes = provenance::read_at(root, revision, std::path::Path::new(path));
                if let Ok(Some(bytes)) = bytes {
                    return Ok(vec![(path.to_owned(), bytes)]);
                }
                let entries = lock_at(workspace, revision)?.unwrap_or_default();
                Ok(cached_files(workspace, &entries, path))
            }
        }
    }
}

/// The last run with this tag.
fn tagged(workspace: &Workspace, tag: &str) -> Result<Option<RunRecord>, CliError> {
    let project = &workspace.project;
    let store = RunStore::new(&project.root);
    let index = RunIndex::load(&store, &project.state_dir())?;
    let is_it = |word: &Value| word.as_text() == Some(tag);
    let has = |facts: &Facts| matches!(facts.get("tags"), Some(Value::List(tags)) if tags.iter().any(is_it));
    let found = index.facts(|name| name == "tags").iter().rposition(has);
    let run = found.map(|row| store.load(&index.ids[row]));
    Ok(run.transpose()?)
}

/// The files that a lock has at a path or below it, from the cache.
fn cached_files(
    workspace: &Workspace,
    entries: &BTreeMap<String, Entry>,
    path: &str,
) -> Vec<(String, Vec<u8>)> {
    let wanted = RelPath::root().join(path);
    let mut found = Vec::new();
    for (out, content) in entries.values().flat_map(|entry| &entry.outs) {
        let out = RelPath::root().join(out);
        let names: Vec<Option<String>> = if content.files.is_none() {
            vec![None]
        } else {
            let tree = workspace.cache.tree(content).unwrap_or_default();
            tree.files().keys().cloned().map(Some).collect()
        };
        for name in names {
            let file = name
                .as_ref()
                .map_or_else(|| out.clone(), |name| out.join(name));
            if wanted.contains(&file)
                && let Some(bytes) = workspace.cache.read(content, name.as_deref())
            {
                found.push((file.to_string(), bytes));
            }
        }
    }
    found
}

/// The entries of all locks at a revision, where it has any.
fn lock_at(
    workspace: &Workspace,
    revision: &str,
) -> Result<Option<BTreeMap<String, Entry>>, CliError> {
    let project = &workspace.project;
    let file_of = |path: &Path| {
        let path = RelPath::root().join(&path.to_string_lossy());
        PipelineFile::of_lock(project, &path)
    };
    let locks = files_at(&project.root, revision, |path| file_of(path).is_some())?;
    let mut entries = BTreeMap::new();
    for lock in &locks {
        let shown = format!("{revision}:{}", lock.path.display());
        let found = lock::parse(&shown, &String::from_utf8_lossy(&lock.content))?;
        let file = file_of(&lock.path);
        entries.extend(file.iter().flat_map(|file| in_project(file, found.clone())));
    }
    Ok((!locks.is_empty()).then_some(entries))
}

/// The keys that the pipeline reads now, as they were then; a built-in stage's default where the file
/// did not have the key.
fn params_at(
    session: &Session,
    workspace: &Workspace,
    revision: &str,
    file: &str,
    now: &BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Value>, CliError> {
    let bytes = provenance::read_at(&workspace.project.root, revision, Path::new(file))?;
    let text = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let name = format!("{revision}:{file}");
    let value = text
        .map(|text| parse_params(&name, text))
        .transpose()?
        .unwrap_or_default();
    let spec = |key: &str| {
        session
            .registry
            .specs()
            .iter()
            .find_map(|spec| spec.param(key))
    };
    let mut then: BTreeMap<_, _> = now
        .keys()
        .filter_map(|key| {
            let raw = value.get(key).cloned();
            let typed = match spec(key) {
                Some(param) => raw.map_or_else(
                    || param.default_value(),
                    |raw| Some(param.check(&raw).unwrap_or(raw)),
                ),
                None => raw,
            };
            Some((key.clone(), typed?))
        })
        .collect();
    // What was there then and is in a section that is read, but gone now.
    let sections: Vec<&str> = now.keys().filter_map(|key| key.split('.').next()).collect();
    for (key, value) in value.leaves("") {
        let section = key.split('.').next().unwrap_or_default();
        if sections.contains(&section) && !then.contains_key(&key) && !value.leaves("").is_empty() {
            let covered = then
                .keys()
                .any(|known| known.starts_with(&format!("{key}.")));
            if !covered {
                then.insert(key, value);
            }
        }
    }
    Ok(then)
}

/// A metrics file that git does not have, by the lock of that revision, from the cache.
fn cached_at(
    workspace: &Workspace,
    revision: &str,
    path: &str,
) -> Result<Option<Vec<u8>>, CliError> {
    let Some(entries) = lock_at(workspace, revision)? else {
        return Ok(None);
    };
    let wanted = RelPath::root().join(path);
    for (out, content) in entries.values().flat_map(|entry| &entry.outs) {
        let out = RelPath::root().join(out);
        if out == wanted {
            return Ok(workspace.cache.read(content, None));
        }
        if let Some(inside) = out.strip(&wanted) {
            return Ok(workspace.cache.read(content, Some(inside)));
        }
    }
    Ok(None)
}
