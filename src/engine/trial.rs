//! [`TrialRunner`]: a built-in stage run many times with other params, each time through the cache.

use crate::cache::{Cache, RunEntry};
use crate::context::{BoundOut, StageContext};
use crate::event::{Event, EventSink};
use crate::fingerprint::{Code, Content, Contents, Fingerprint};
use crate::fs;
use crate::params::{DEFAULT_FILE, ParamsFile, arguments};
use crate::registry::{Registry, StageError};
use crate::rel_path::RelPath;
use crate::snapshot::Snapshot;
use crate::spec::{SlotKind, StageSpec};
use crate::value::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use tracing::debug;

/// One point of a sweep.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The name of its folder.
    pub name: String,
    /// Values by dotted key; every other param has its default.
    pub params: BTreeMap<String, Value>,
}

/// What became of a trial.
#[derive(Clone, Debug)]
pub struct Tried {
    /// Whether its outs came from the cache.
    pub restored: bool,
    /// Why it failed, if it did.
    pub error: Option<String>,
}

/// Runs trials for the stages of one run.
pub struct TrialRunner<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) cache: &'a Cache,
    pub(crate) jobs: usize,
}

impl TrialRunner<'_> {
    /// See [`StageContext::trials`].
    pub(crate) fn run(
        &self,
        context: &StageContext<'_>,
        uses: &str,
        trials: &[Trial],
        folder: &Path,
    ) -> Result<Vec<Tried>, StageError> {
        let spec = self
            .registry
            .spec(uses)
            .ok_or_else(|| StageError::new(format!("no built-in stage `{uses}`")))?;
        let checked = trials
            .iter()
            .map(|trial| check(spec, trial))
            .collect::<Result<Vec<_>, _>>()?;
        let done = AtomicU64::new(0);
        self.side_by_side(context, trials.len(), |index| {
            let name = &trials[index].name;
            let tried = self.one(context, spec, &checked[index], &folder.join(name));
            let count = done.fetch_add(1, Ordering::SeqCst) + 1;
            context.progress(count, trials.len() as u64, name.clone());
            tried
        })
    }

    /// See [`StageContext::side_by_side`].
    pub(crate) fn side_by_side<T: Send>(
        &self,
        context: &StageContext<'_>,
        count: usize,
        act: impl Fn(usize) -> Result<T, StageError> + Sync,
    ) -> Result<Vec<T>, StageError> {
        let outcomes: Vec<Mutex<Option<Result<T, StageError>>>> =
            (0..count).map(|_| Mutex::new(None)).collect();
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..self.jobs.min(count) {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::SeqCst);
                        if index >= count || context.is_cancelled() {
                            break;
                        }
                        let outcome = act(index);
                        *outcomes[index]
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner) = Some(outcome);
                    }
                });
            }
        });
        outcomes
            .into_iter()
            .map(|slot| {
                let outcome = slot.into_inner().unwrap_or_else(PoisonError::into_inner);
                outcome.unwrap_or_else(|| Err(StageError::new("interrupted")))
            })
            .collect()
    }

    fn one(
        &self,
        context: &StageContext<'_>,
        spec: &'static StageSpec,
        arguments: &Value,
        folder: &Path,
    ) -> Result<Tried, StageError> {
        let fs_error = |error: fs::FsError| StageError::from_error(&error);
        let fingerprint = fingerprint(context, spec, arguments);
        let key = fingerprint.run_key();
        let past = self.cache.look_up(&key);
        debug!(folder = %folder.display(), %key, hit = past.is_some(), "trial looked up");
        if let Some(entry) = past
            && self.restore(&entry, spec, folder)
        {
            self.cache.touch(&key);
            return Ok(Tried {
                restored: true,
                error: None,
            });
        }
        fs::remove(folder).map_err(fs_error)?;
        let outs = scratch_outs(spec, folder).map_err(fs_error)?;
        let name = spec.name;
        let lacks = || {
            StageError::new(format!(
                "internal error: no code of `{name}` in this program"
            ))
        };
        let run = self.registry.code(name).ok_or_else(lacks)?;
        let quiet = Quiet {
            inner: context.sink,
        };
        let inner = StageContext {
            stage: context.stage,
            spec,
            root: context.root,
            arguments,
            deps: context.deps.clone(),
            outs,
            sink: &quiet,
            cancel: context.cancel,
            trials: context.trials,
            checkpoints: None,
        };
        if let Err(error) = crate::execute::guarded(run, &inner) {
            if context.is_cancelled() {
                return Err(StageError::new("interrupted"));
            }
            return Ok(Tried {
                restored: false,
                error: Some(error.to_string()),
            });
        }
        self.keep(context, spec, fingerprint, &inner.outs)
            .map_err(fs_error)?;
        Ok(Tried {
            restored: false,
            error: None,
        })
    }

    /// Puts what a trial made into the cache.
    fn keep(
        &self,
        context: &StageContext<'_>,
        spec: &StageSpec,
        fingerprint: Fingerprint,
        outs: &[BoundOut],
    ) -> Result<(), fs::FsError> {
        let mut contents = Contents::new();
        for (slot, out) in spec.outs.iter().zip(outs) {
            let state = Snapshot::look_at(&out.file)?;
            self.cache.store(&out.file, &state)?;
            contents.extend(Content::of(&state).map(|content| (slot.name.to_owned(), content)));
        }
        self.cache.record(&RunEntry {
            stage: format!("{} (trial)", context.stage),
            fingerprint,
            outs: contents,
        })
    }

    fn restore(&self, entry: &RunEntry, spec: &StageSpec, folder: &Path) -> bool {
        spec.outs.iter().all(|slot| {
            let path = slot_path(spec, slot.name, folder);
            let content = entry.outs.get(slot.name);
            content.is_some_and(|content| self.cache.fetch(content, &path, slot.name).is_ok())
        })
    }
}

/// A stage with a single folder writes into the trial's folder itself.
fn slot_path(spec: &StageSpec, slot: &str, folder: &Path) -> std::path::PathBuf {
    match spec.outs {
        [only] if only.kind == SlotKind::Folder => folder.to_owned(),
        _ => folder.join(slot),
    }
}

fn scratch_outs(spec: &StageSpec, folder: &Path) -> Result<Vec<BoundOut>, fs::FsError> {
    let mut outs = Vec::new();
    for slot in spec.outs {
        let file = slot_path(spec, slot.name, folder);
        match slot.kind {
            SlotKind::Folder => fs::create_dir(&file)?,
            SlotKind::File | SlotKind::Rest => fs::create_parent(&file)?,
        }
        outs.push(BoundOut {
            path: RelPath::root().join(slot.name),
            file,
        });
    }
    Ok(outs)
}

/// The arguments of a trial, or everything that is wrong with its params.
fn check(spec: &'static StageSpec, trial: &Trial) -> Result<Value, StageError> {
    let mut problems = Vec::new();
    let empty = ParamsFile::parse(&trial.name, String::new())
        .map_err(|_| StageError::new("internal error: an empty params file"))?;
    let mut filled = arguments(spec, Some(&empty), &mut problems);
    for (key, value) in &trial.params {
        if let Some(param) = spec.param(key) {
            match param.check(value) {
                Ok(value) => filled.set(key, value),
                Err(reason) => {
                    return Err(StageError::new(format!(
                        "trial `{}`: `{key}` {reason}",
                        trial.name
                    )));
                }
            }
        } else {
            let reason = format!("stage `{}` has no param `{key}`", spec.name);
            let names = spec.params.iter().map(|param| param.key);
            return Err(StageError::new(match crate::problem::closest(key, names) {
                Some(name) => format!("{reason}; did you mean `{name}`?"),
                None => reason,
            }));
        }
    }
    Ok(filled)
}

/// Params, code and contents of deps: no names of folders, so that equal trials of two sweeps are one.
fn fingerprint(
    context: &StageContext<'_>,
    spec: &'static StageSpec,
    arguments: &Value,
) -> Fingerprint {
    let params = spec
        .params
        .iter()
        .filter_map(|param| Some(arguments.get(param.key)?.leaves(param.key)))
        .flatten()
        .collect();
    let deps = spec
        .deps
        .iter()
        .zip(&context.deps)
        .filter_map(|(slot, dep)| Some((slot.name.to_owned(), dep.content.clone()?)))
        .collect();
    Fingerprint {
        uses: Some(spec.name.to_owned()),
        code: Some(Code::of(spec)),
        params: std::iter::once((DEFAULT_FILE.to_owned(), params)).collect(),
        deps,
        makes: spec.outs.iter().map(|slot| slot.name.to_owned()).collect(),
        ..Fingerprint::default()
    }
}

/// Many trials at once would talk over one another: only their warnings come through, and of
/// those none that tells how a training goes.
struct Quiet<'a> {
    inner: &'a dyn EventSink,
}

impl EventSink for Quiet<'_> {
    fn emit(&self, event: &Event) {
        if matches!(event, Event::Warning { alert: None, .. }) {
            self.inner.emit(event);
        }
    }
}
