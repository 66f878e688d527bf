//! [`Workspace`]: a project opened: its pipeline, lock, cache and what is on disk.

use crate::cache::{Cache, RunEntry};
use crate::config::Config;
use crate::error::EngineError;
use crate::fingerprint::Fingerprint;
use crate::fs::FsError;
use crate::judge::Judge;
pub use crate::judge::Judged;
use crate::lock::Lock;
use crate::manifest::Pipeline;
use crate::pointer::{Data, Pointers};
use crate::problem::Problem;
use crate::project::Project;
use crate::registry::Registry;
use crate::rel_path::RelPath;
use crate::snapshot::{IgnoredBy, PathState, Snapshot, now};
use crate::stage::{Dep, Stage};
use crate::stale::StaleReason;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Missing deps for which outs of like names are looked for.
const SUGGESTED: usize = 20;

/// A project opened for reading or running.
#[derive(Debug)]
pub struct Workspace {
    /// Where things lie.
    pub project: Project,
    /// The stages and their graph.
    pub pipeline: Pipeline,
    /// The built-in stages.
    pub registry: Registry,
    /// What was last made, from what.
    pub lock: Lock,
    /// The content store.
    pub cache: Cache,
    /// What is on disk.
    pub snapshot: Snapshot,
    /// Whether the outs of past runs may be restored.
    pub run_cache: bool,
    /// Whether what is not there, and cannot be restored, is taken to be as it was.
    pub allow_missing: bool,
    /// The data of pointers, once it was looked at.
    pub(crate) data: OnceLock<Data>,
    /// When it was opened, in nanoseconds since 1970; nothing was read before.
    pub(crate) opened: i64,
}

/// Which stages a command is about.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Names of stages, groups, patterns, pipeline files, or paths of outs; none is all.
    pub targets: Vec<String>,
    /// Only the targets, not what they need.
    pub single: bool,
    /// The targets and what needs them, instead of what they need.
    pub downstream: bool,
    /// The targets and all that hangs together with them, before and behind.
    pub connected: bool,
}

impl Workspace {
    /// Opens a project.
    ///
    /// # Errors
    /// Wrong pipeline or params, damaged lock.
    pub fn open(project: Project, registry: Registry) -> Result<Self, EngineError> {
        let opened = now();
        let pipeline = Pipeline::load(&project, registry.specs())?;
        let lock = Lock::of(&project, &pipeline.files)?;
        let config = Config::load(&project)?;
        let cache = Cache::new(&project, config.links);
        let snapshot = Snapshot::new(&project);
        Ok(Self {
            project,
            pipeline,
            registry,
            lock,
            cache,
            snapshot,
            run_cache: true,
            allow_missing: false,
            data: OnceLock::new(),
            opened,
        })
    }

    /// The stages of a selection, in the order they run.
    ///
    /// # Errors
    /// A target that names nothing.
    pub fn select(&self, selection: &Selection) -> Result<Vec<usize>, EngineError> {
        let targets = selection
            .targets
            .iter()
            .map(|name| self.target(name))
            .collect::<Result<Vec<_>, _>>()?
            .concat();
        let graph = &self.pipeline.graph;
        let chosen: BTreeSet<usize> = if targets.is_empty() {
            graph.order().iter().copied().collect()
        } else if selection.single {
            targets.into_iter().collect()
        } else if selection.connected {
            graph.connected(&targets)
        } else if selection.downstream {
            graph.with_downstream(&targets)
        } else {
            graph.with_upstream(&targets)
        };
        Ok(graph
            .order()
            .iter()
            .copied()
            .filter(|index| chosen.contains(index))
            .collect())
    }

    /// Looks at everything that the stages read and that no stage makes, in parallel.
    ///
    /// # Errors
    /// A dep that is not there and that no stage makes, with its line.
    pub fn look(&self, stages: &[usize]) -> Result<(), EngineError> {
        self.look_for(stages, true)
    }

    /// The same; whether what is not there is an error can be chosen.
    fn look_for(&self, stages: &[usize], all: bool) -> Result<(), EngineError> {
        let makers = &self.pipeline.makers;
        let chosen: BTreeSet<usize> = stages.iter().copied().collect();
        // What no stage makes, or one that is left alone.
        let stays = |index: usize, dep: &RelPath| {
            makers
                .of(dep)
                .iter()
                .all(|maker| *maker == index || !chosen.contains(maker))
        };
        let mut sources = Vec::new();
        for &index in stages {
            let stage = &self.pipeline.stages[index];
            let deps = stage.deps.iter().filter(|dep| stays(index, &dep.path));
            sources.extend(deps.map(|dep| (stage, dep)));
        }
        let paths: Vec<RelPath> = sources.iter().map(|(_, dep)| dep.path.clone()).collect();
        self.snapshot.take(&paths)?;
        let mut problems = if all {
            self.pipeline.lacking(stages)
        } else {
            Vec::new()
        };
        let outs = self.pipeline.stages.iter().flat_map(|stage| &stage.outs);
        let outs: Vec<&str> = outs.map(|out| out.path.as_str()).collect();
        for (stage, dep) in sources {
            let is_missing = self.snapshot.get(&dep.path)? == PathState::Missing;
            // That the folder is not there was said.
            let is_said = || !stage.wdir.under(&self.project.root).is_dir();
            let was = || self.with_judge(|judge| judge.recorded(stage, &dep.path));
            if all
                && is_missing
                && !(stage.wdir.contains(&dep.path) && is_said())
                && !(self.allow_missing && was().is_some())
            {
                // Where much is missing it is not for want of spelling.
                let near = if problems.len() < SUGGESTED {
                    outs.as_slice()
                } else {
                    &[]
                };
                problems.push(self.missing(stage, dep, near));
            }
        }
        self.left_out(stages, &mut problems)?;
        EngineError::of_any(problems)
    }

    /// A problem for each dep and out that a `.kasliteignore` leaves out: its changes would go unseen.
    fn left_out(&self, stages: &[usize], problems: &mut Vec<Problem>) -> Result<(), FsError> {
        for stage in stages.iter().map(|&index| &self.pipeline.stages[index]) {
            let deps = stage.deps.iter().map(|dep| (&dep.path, dep.place, "dep"));
            let outs = stage.outs.iter().map(|out| (&out.path, out.place, "out"));
            for (path, place, what) in deps.chain(outs) {
                let Some(IgnoredBy { file, pattern }) = self.snapshot.ignored(path)? else {
                    continue;
                };
                let message = format!("the {what} `{path}` is left out by `{pattern}` of `{file}`");
                let problem = Problem::at(self.pipeline.source(stage), place, message);
                let hint =
                    format!("change that line of `{file}`, or add `!` and the path below it");
                problems.push(problem.hint(hint));
            }
        }
        Ok(())
    }

    fn missing(&self, stage: &Stage, dep: &Dep, near: &[&str]) -> Problem {
        let stages = &self.pipeline.stages;
        let problem = |message| Problem::at(self.pipeline.source(stage), dep.place, message);
        if let Some(maker) = self.pipeline.makers.of(&dep.path).first() {
            let name = &stages[*maker].name;
            return problem(format!("`{}` is not there", dep.path))
                .hint(format!("stage `{name}` makes it: `kaslite repro {name}`"));
        }
        if let Some(data) = Pointers::above(&self.project.root, &dep.path) {
            return problem(format!("`{}` is not there", dep.path))
                .hint(format!("`kaslite checkout {data}` brings it back"));
        }
        problem(format!(
            "`{}` is not there, and no stage makes it",
            dep.path
        ))
        .suggest(dep.path.as_str(), near.iter().copied())
    }

    /// Judges a stage by what is on disk now; all stages it reads from must be done.
    pub fn judge(&self, stage: &Stage, force: bool) -> Result<Judged, FsError> {
        self.with_judge(|judge| judge.judge(stage, force))
    }

    fn with_judge<T>(&self, ask: impl FnOnce(&Judge<'_>) -> T) -> T {
        ask(&Judge {
            stages: &self.pipeline.stages,
            makers: &self.pipeline.makers,
            entry: &|stage| self.lock.get(stage),
            cache: &self.cache,
            snapshot: &self.snapshot,
            run_cache: self.run_cache,
            allow_missing: self.allow_missing,
        })
    }

    /// What `repro` would do, as far as it can be known without running anything: a stage that reads
    /// what another will make anew is [`Unknown`](crate::event::Decided::Unknown).
    ///
    /// # Errors
    /// A missing dep, an unreadable file.
    pub fn plan(
        &self,
        selection: &Selection,
        force: bool,
    ) -> Result<Vec<(usize, Judged)>, EngineError> {
        self.plan_of(&self.select(selection)?, force)
    }

    /// The same for these stages, in the order they run.
    pub(crate) fn plan_of(
        &self,
        stages: &[usize],
        force: bool,
    ) -> Result<Vec<(usize, Judged)>, EngineError> {
        self.look(stages)?;
        Ok(self.with_judge(|judge| judge.plan(stages, force))?)
    }

    /// The same for who only wants to know: what is not there is a reason, no error.
    ///
    /// # Errors
    /// Wrong targets, an unreadable file.
    pub fn survey(&self, selection: &Selection) -> Result<Vec<(usize, Judged)>, EngineError> {
        let chosen = self.select(selection)?;
        self.look_for(&chosen, false)?;
        let mut plan = self.with_judge(|judge| judge.plan(&chosen, false))?;
        let mut lacks = self.pipeline.lacks();
        for (index, judged) in &mut plan {
            if let Some(paths) = lacks.remove(index) {
                judged.lacks(paths);
            }
        }
        Ok(plan)
    }

    /// The past run of a stage that differs least from `fingerprint`, for `why`.
    pub fn nearest(
        &self,
        stage: &str,
        fingerprint: &Fingerprint,
    ) -> Option<(RunEntry, Vec<StaleReason>)> {
        self.cache
            .records()
            .into_iter()
            .filter(|entry| entry.stage == stage)
            .map(|entry| {
                let reasons = crate::stale::compare(&entry.fingerprint, fingerprint);
                (entry, reasons)
            })
            .min_by_key(|(_, reasons)| reasons.len())
    }
}
