//! [`StageRun`]: one stage that is not fresh: restored, or run and kept.

use crate::cache::{LogLine, RestoreError};
use crate::cancel::Cancel;
use crate::context::{BoundDep, Maker, StageContext};
use crate::entry::Entry;
use crate::error::EngineError;
use crate::event::{Decided, Event, EventSink, Outcome};
use crate::execute::{Backup, Trace, run_builtin, run_command, scratch_outs};
use crate::fingerprint::Content;
use crate::fs::{self, FsError};
use crate::keep::{keep, keep_in_lock};
use crate::left_out::replace;
use crate::logged::Logged;
use crate::presence::Held;
use crate::registry::StageError;
use crate::rel_path::RelPath;
use crate::snapshot::PathState;
use crate::spec::StageSpec;
use crate::stage::{Action, Out, Stage};
use crate::stale::same;
use crate::trash::Trash;
use crate::trial::TrialRunner;
use crate::workspace::{Judged, Workspace};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// One stage with what it needs to run.
pub(crate) struct StageRun<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) stage: &'a Stage,
    pub(crate) jobs: usize,
    pub(crate) trace: bool,
    pub(crate) no_commit: bool,
    /// The GPUs it may use.
    pub(crate) gpus: Vec<String>,
    pub(crate) held: Held,
    /// Whether a killed run left it unfinished.
    pub(crate) was_killed: bool,
    pub(crate) sink: &'a dyn EventSink,
    pub(crate) cancel: &'a Cancel,
}

impl StageRun<'_> {
    /// Restores or runs. Only a fault of cache or lock is an error.
    pub(crate) fn go(&self, judged: Judged) -> Result<Outcome, EngineError> {
        let started = Instant::now();
        let outcome = self.restore_or_run(judged)?;
        self.sink.emit(&Event::StageFinished {
            stage: self.stage.name.clone(),
            outcome: outcome.clone(),
            duration: started.elapsed(),
        });
        Ok(outcome)
    }

    fn restore_or_run(&self, judged: Judged) -> Result<Outcome, EngineError> {
        let restores = judged.decision.what == Decided::Restore;
        if !restores && let Some(reason) = self.missing_dep()? {
            return Ok(Outcome::Failed(reason));
        }
        self.keep_edited(&judged)?;
        if restores {
            match self.restore(&judged) {
                Ok(()) => return Ok(Outcome::Restored),
                Err(error @ (RestoreError::Lost(_) | RestoreError::Damaged(_))) => {
                    self.warn(format!("{error}: the stage runs instead"));
                }
                Err(RestoreError::Fs(error)) => return Err(EngineError::Cache(error)),
            }
            if let Some(reason) = self.missing_dep()? {
                return Ok(Outcome::Failed(reason));
            }
        }
        self.run(judged)
    }

    /// A dep that its stage should have made, but was not run to make (frozen, or not asked for).
    fn missing_dep(&self) -> Result<Option<String>, FsError> {
        let Workspace {
            pipeline, snapshot, ..
        } = self.workspace;
        for dep in &self.stage.deps {
            if snapshot.get(&dep.path)? == PathState::Missing {
                let maker = pipeline
                    .makers
                    .of(&dep.path)
                    .first()
                    .map(|&index| &pipeline.stages[index].name);
                let whose =
                    maker.map_or_else(String::new, |name| format!(", which stage `{name}` makes,"));
                return Ok(Some(format!("its dep `{}`{whose} is not there", dep.path)));
            }
        }
        Ok(None)
    }

    /// Records what was made, unless nobody knows from what.
    fn keep(&self, judged: Judged, log: &[LogLine]) -> Result<(), EngineError> {
        let Some(dep) = self.changed_dep(&judged)? else {
            let fingerprint = Arc::unwrap_or_clone(judged.fingerprint);
            if self.no_commit {
                return keep_in_lock(self.workspace, self.stage, fingerprint);
            }
            let other = keep(self.workspace, self.stage, fingerprint, log)?;
            if let Some(out) = other {
                self.warn(format!(
                    "`{out}` is not what a past run made from the same inputs: the newest is kept"
                ));
            }
            return Ok(());
        };
        self.warn(format!(
            "its dep `{dep}` changed while it ran: what it made is not recorded; \
             `kaslite commit {}` accepts it",
            self.stage.name
        ));
        Ok(())
    }

    /// A dep that is not what the stage was judged by: nobody knows which of the two it read.
    fn changed_dep(&self, judged: &Judged) -> Result<Option<RelPath>, FsError> {
        let Workspace {
            pipeline, snapshot, ..
        } = self.workspace;
        let own = pipeline.index(&self.stage.name);
        for dep in &self.stage.deps {
            if pipeline
                .makers
                .of(&dep.path)
                .into_iter()
                .any(|maker| Some(maker) == own)
            {
                continue;
            }
            let now = Content::of(&snapshot.refresh(&dep.path)?);
            if now.as_ref() != judged.fingerprint.deps.get(dep.path.as_str()) {
                return Ok(Some(dep.path.clone()));
            }
        }
        Ok(None)
    }

    pub(crate) fn warn(&self, message: String) {
        self.sink.emit(&Event::Warning {
            stage: Some(self.stage.name.clone()),
            message,
            alert: None,
        });
    }

    /// What lies in the place of an out is about to be replaced: somebody's work is kept aside. That is
    /// what neither the stage has made nor the cache has.
    fn keep_edited(&self, judged: &Judged) -> Result<(), EngineError> {
        let Workspace {
            project,
            cache,
            snapshot,
            ..
        } = self.workspace;
        // A stage that runs goes on writing in what persists.
        let restores = judged.decision.what == Decided::Restore;
        let replaced = |out: &&Out| restores || !out.persist;
        for out in self.stage.outs.iter().filter(replaced) {
            let Some(found) = Content::of(&snapshot.get(&out.path)?) else {
                continue;
            };
            let path = out.path.as_str();
            let made = judged.entry.as_ref().and_then(|entry| entry.outs.get(path));
            // What is wanted there now may be there: another run of the stage made it.
            let wanted = judged.decision.restore.get(path);
            let is_known = made.is_some_and(|made| made.digest == found.digest)
                || wanted.is_some_and(|wanted| same(wanted, &found));
            let is_empty = found.size == 0 && found.files.is_none_or(|files| files == 0);
            if is_known || is_empty || cache.holds(&found) {
                continue;
            }
            let kept = Trash::new(project).put(&out.path, &found, snapshot)?;
            let how = match made {
                _ if self.was_killed => "was left by a run that was killed",
                Some(_) => "was edited by hand",
                None => "was there before its stage made it",
            };
            self.warn(format!("`{path}` {how}: that version is kept as `{kept}`"));
        }
        Ok(())
    }

    fn restore(&self, judged: &Judged) -> Result<(), RestoreError> {
        let Workspace {
            project,
            cache,
            lock,
            snapshot,
            ..
        } = self.workspace;
        lock.invalidate(&self.stage.name)?;
        for out in &self.stage.outs {
            let Some(content) = judged.decision.restore.get(out.path.as_str()) else {
                continue;
            };
            let there = Content::of(&snapshot.get(&out.path)?);
            if there.is_some_and(|there| same(&there, content)) {
                continue;
            }
            let scratch = self.held.place("restore").join(out.path.name());
            if out.persist {
                // The stage goes on writing in it.
                cache.fetch(content, &scratch, out.path.as_str())?;
            } else {
                cache.fetch_linked(content, &scratch, out.path.as_str())?;
            }
            let left_out = snapshot.left_out(&out.path)?;
            let aside = Trash::new(project).replaced(&out.path);
            replace(&scratch, &out.path.under(&project.root), &left_out, &aside)?;
            snapshot.forget(&out.path);
        }
        let key = judged.fingerprint.run_key();
        cache.touch(&key);
        for LogLine { stream, line } in cache.log(&key) {
            self.sink.emit(&Event::Log {
                stage: self.stage.name.clone(),
                stream,
                line,
                replayed: true,
            });
        }
        let outs = judged.decision.restore.clone();
        lock.record(
            &self.stage.name,
            Entry {
                fingerprint: judged.fingerprint.clone(),
                outs,
            },
        )?;
        Ok(())
    }

    fn run(&self, judged: Judged) -> Result<Outcome, EngineError> {
        let Workspace { lock, registry, .. } = self.workspace;
        let stage = self.stage;
        if let Some(spec) = stage
            .spec()
            .filter(|spec| registry.code(spec.name).is_none())
        {
            return Err(EngineError::Lacks(spec.name.to_owned()));
        }
        let action = match &stage.action {
            Action::Command(commands) => commands.join("\n"),
            Action::Builtin(spec) => format!("uses {}", spec.name),
        };
        self.sink.emit(&Event::StageStarted {
            stage: stage.name.clone(),
            action,
        });
        lock.invalidate(&stage.name)?;
        let sink = Logged::new(self.sink);
        let result = match &stage.action {
            Action::Builtin(spec) => {
                self.attempts(&sink, |cancel| self.builtin(spec, &sink, cancel))?
            }
            Action::Command(commands) => self.command(commands, &sink)?,
        };
        // What a command has made was looked at.
        if result.is_err() || stage.spec().is_some() {
            self.forget_outs();
        }
        match result {
            Ok(()) => {
                self.keep(judged, &sink.lines())?;
                Ok(Outcome::Done)
            }
            Err(error) => {
                // The last good outs are in place again, and so is what is known of them.
                if let Some(entry) = judged.entry {
                    lock.record(&stage.name, Arc::unwrap_or_clone(entry))?;
                }
                let cancelled = self.cancel.is_cancelled();
                Ok(if cancelled {
                    Outcome::Cancelled
                } else {
                    Outcome::Failed(error.to_string())
                })
            }
        }
    }

    /// Runs the commands with the last good outs set aside.
    fn command(
        &self,
        commands: &[String],
        sink: &dyn EventSink,
    ) -> Result<Result<(), StageError>, EngineError> {
        let backup = Backup::take(self.stage, self.workspace, self.held.place("backup"))?;
        let notes = self.notes()?;
        let notes = notes.as_deref();
        let result = self.attempts(sink, |cancel| {
            backup.clear(self.stage)?;
            let ran = run_command(self, commands, notes, sink, cancel);
            Ok(ran.and_then(|()| self.all_outs_made()))
        })?;
        self.tell_trace(notes);
        if result.is_ok() {
            backup.discard()?;
        } else {
            self.put_back(backup)?;
        }
        Ok(result)
    }

    /// The folder where strace notes what the command opens.
    fn notes(&self) -> Result<Option<PathBuf>, EngineError> {
        if !self.trace {
            return Ok(None);
        }
        let folder = self.held.place("trace");
        fs::create_dir(&folder)?;
        // The command's own folder is another one.
        Ok(Some(std::path::absolute(&folder).unwrap_or(folder)))
    }

    fn tell_trace(&self, notes: Option<&Path>) {
        if let Some(notes) = notes {
            let trace = Trace::read(self.stage, &self.workspace.project, notes);
            self.sink.emit(&Event::StageTraced {
                stage: self.stage.name.clone(),
                undeclared: trace.undeclared,
                unopened: trace.unopened,
            });
        }
    }

    /// The last good outs take their place again; what the command had made is kept aside.
    fn put_back(&self, backup: Backup) -> Result<(), EngineError> {
        let trash = Trash::new(&self.workspace.project);
        let kept = trash.unfinished(&self.stage.file_name());
        if backup.put_back(self.stage, &kept)? {
            let kept = trash.name(&kept);
            self.warn(format!("what it had made is kept in `{kept}`"));
        }
        Ok(())
    }

    /// Looks at the outs: each is there, and can be kept.
    fn all_outs_made(&self) -> Result<(), StageError> {
        let snapshot = &self.workspace.snapshot;
        self.forget_outs();
        for out in &self.stage.outs {
            let state = snapshot.get(&out.path);
            let state = state.map_err(|error| StageError::from_error(&error))?;
            if state == PathState::Missing {
                let path = &out.path;
                let message = format!("the command succeeded but did not make `{path}`");
                return Err(StageError::new(message));
            }
        }
        Ok(())
    }

    fn forget_outs(&self) {
        for out in &self.stage.outs {
            self.workspace.snapshot.forget(&out.path);
        }
    }

    fn builtin(
        &self,
        spec: &'static StageSpec,
        sink: &dyn EventSink,
        cancel: &Cancel,
    ) -> Result<Result<(), StageError>, EngineError> {
        let Workspace {
            project,
            registry,
            cache,
            ..
        } = self.workspace;
        let Some(run) = registry.code(spec.name) else {
            return Err(EngineError::Lacks(spec.name.to_owned()));
        };
        let scratch = self.held.place("scratch");
        fs::remove(&scratch)?;
        let context = StageContext {
            stage: &self.stage.name,
            spec,
            root: &project.root,
            arguments: &self.stage.arguments,
            deps: self.bound_deps()?,
            outs: scratch_outs(self.stage, &scratch)?,
            sink,
            cancel,
            trials: Some(&TrialRunner {
                registry,
                cache,
                jobs: self.jobs,
            }),
            checkpoints: None,
        };
        let result = run_builtin(run, &context, self.workspace);
        fs::remove(&scratch)?;
        Ok(result)
    }

    fn bound_deps(&self) -> Result<Vec<BoundDep>, FsError> {
        let Workspace {
            project,
            pipeline,
            snapshot,
            ..
        } = self.workspace;
        let mut bound = Vec::new();
        for dep in &self.stage.deps {
            let maker = pipeline
                .makers
                .whole(&dep.path)
                .map(|index| &pipeline.stages[index])
                .map(|stage| Maker {
                    stage: stage.name.clone(),
                    uses: stage.spec().map(|spec| spec.name),
                });
            bound.push(BoundDep {
                path: dep.path.clone(),
                file: dep.path.under(&project.root),
                content: Content::of(&snapshot.get(&dep.path)?),
                maker,
            });
        }
        Ok(bound)
    }
}
