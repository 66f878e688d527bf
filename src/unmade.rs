//! [`Unmade`]: stages whose outs, though some may lie there from before, are not what they make now.

use kaslite_engine::event::{Decided, Outcome};
use kaslite_engine::stage::{Stage, ViewKind};
use kaslite_engine::workspace::Workspace;
use kaslite_track::metrics::Metrics;
use kaslite_track::record::{RunStore, RunSummary, StageSummary};
use std::collections::BTreeMap;
use std::fmt;

/// How many runs are looked at, the newest first, for how a stage ended.
const LOOKED_AT: usize = 50;

/// Why a stage has made nothing that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It failed, for this reason.
    Failed(String),
    /// It was not run, for this reason.
    Skipped(String),
    /// A run ended before it did.
    Interrupted,
}

impl fmt::Display for Why {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(reason) => write!(formatter, "failed: {reason}"),
            Self::Skipped(reason) => write!(formatter, "was skipped, because {reason}"),
            Self::Interrupted => formatter.write_str("did not come to its end"),
        }
    }
}

/// The stages that failed, or that read what a stage made that failed. What lies there from an earlier
/// run must not be taken for theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unmade {
    stages: BTreeMap<String, Why>,
    /// Those of them that use a built-in stage.
    built_in: BTreeMap<&'static str, String>,
}

impl Unmade {
    /// As one run left the stages.
    pub fn of_run(run: &RunSummary, stages: &[Stage]) -> Self {
        let why = |one: &StageSummary| {
            let detail = || one.detail.clone().unwrap_or_default();
            let why = match one.outcome.as_str() {
                "failed" => Why::Failed(detail()),
                "skipped" => Why::Skipped(detail()),
                "cancelled" => Why::Interrupted,
                _ => return None,
            };
            Some((one.stage.clone(), why))
        };
        Self::new(
            with_reasons(&run.stages.iter().filter_map(why).collect()),
            stages,
        )
    }

    /// As a run that is just over leaves them.
    pub fn of_ends(ends: &[(String, Outcome)], stages: &[Stage]) -> Self {
        let why = |(stage, end): &(String, Outcome)| {
            let why = match end {
                Outcome::Failed(reason) => Why::Failed(reason.clone()),
                Outcome::Skipped(other) => Why::Skipped(format!("`{other}` failed")),
                Outcome::Cancelled => Why::Interrupted,
                Outcome::Fresh | Outcome::Restored | Outcome::Done | Outcome::Frozen => {
                    return None;
                }
            };
            Some((stage.clone(), why))
        };
        Self::new(with_reasons(&ends.iter().filter_map(why).collect()), stages)
    }

    /// As they are now: stages that failed when they were last looked at and are not fresh since, and
    /// those that read what they make. The outs of before took their places again: they are of other
    /// params, code or data.
    pub fn of_workspace(workspace: &Workspace) -> Self {
        let pipeline = &workspace.pipeline;
        let mut runs = NewestRuns::new(workspace);
        let mut unmade: BTreeMap<String, Why> = BTreeMap::new();
        for &index in pipeline.graph.order() {
            let stage = &pipeline.stages[index];
            let own = runs
                .why(&stage.name)
                .filter(|_| !is_fresh(workspace, stage));
            let upstream = pipeline.graph.upstream(index).into_iter();
            let why = own.or_else(|| {
                let mut causes = upstream.map(|up| &pipeline.stages[up].name);
                let cause = causes.find(|name| unmade.contains_key(*name))?;
                Some(Why::Skipped(format!("`{cause}` {}", unmade[cause])))
            });
            unmade.extend(why.map(|why| (stage.name.clone(), why)));
        }
        Self::new(unmade, &pipeline.stages)
    }

    fn new(unmade: BTreeMap<String, Why>, stages: &[Stage]) -> Self {
        let built_in = stages.iter().filter_map(|stage| {
            let why = unmade.get(&stage.name)?;
            Some((
                stage.spec()?.name,
                format!("the stage `{}` {why}", stage.name),
            ))
        });
        Self {
            built_in: built_in.collect(),
            stages: unmade,
        }
    }

    /// Why the stage has made nothing that counts, as a fragment; `None` where it has.
    pub fn why(&self, stage: &str) -> Option<String> {
        let why = self.stages.get(stage)?;
        Some(format!("the stage `{stage}` {why}"))
    }

    /// The same of the stage that uses a built-in one.
    pub fn why_of(&self, uses: &str) -> Option<&str> {
        self.built_in.get(uses).map(String::as_str)
    }

    /// The stages that failed themselves, each with its reason, as fragments.
    pub fn failures(&self) -> impl Iterator<Item = String> {
        let failed = self.stages.iter();
        let failed = failed.filter(|(_, why)| matches!(why, Why::Failed(_)));
        failed.map(|(stage, why)| format!("the stage `{stage}` {why}"))
    }

    /// Takes away the metrics of these stages: they are of an earlier run.
    pub fn take_from(&self, metrics: &mut Metrics, stages: &[Stage]) {
        let stages = stages.iter();
        for stage in stages.filter(|stage| self.stages.contains_key(&stage.name)) {
            let views = stage.views.iter();
            for view in views.filter(|view| view.kind == ViewKind::Metrics) {
                metrics.remove(&view.path.to_string());
            }
        }
    }
}

/// Says of a stage that was skipped also why the one failed that it was skipped for.
fn with_reasons(stages: &BTreeMap<String, Why>) -> BTreeMap<String, Why> {
    let told = |why: &Why| match why {
        Why::Skipped(other) => {
            let name = other.split('`').nth(1)?;
            match stages.get(name)? {
                Why::Failed(reason) => Some(Why::Skipped(format!("{other}: {reason}"))),
                Why::Skipped(_) | Why::Interrupted => None,
            }
        }
        Why::Failed(_) | Why::Interrupted => None,
    };
    let entry =
        |(stage, why): (&String, &Why)| (stage.clone(), told(why).unwrap_or_else(|| why.clone()));
    stages.iter().map(entry).collect()
}

/// Whether what lies there is what the stage makes now.
fn is_fresh(workspace: &Workspace, stage: &Stage) -> bool {
    workspace
        .judge(stage, false)
        .is_ok_and(|judged| match judged.decision.what {
            Decided::Fresh | Decided::Frozen => true,
            Decided::Restore | Decided::Run | Decided::Unknown => false,
        })
}

/// Whether what was typed runs outside of the pipeline.
fn is_of_train(command: &[String]) -> bool {
    let has = |word: &str| command.iter().any(|given| given == word);
    has("train") && !has("repro") && !has("watch")
}

/// How stages ended in the newest runs, read one after the other as far as it takes.
struct NewestRuns {
    store: RunStore,
    /// Those not yet read, the newest last.
    unread: Vec<String>,
    /// Stage → how it ended in the newest run that looked at it; none where it went well.
    ends: BTreeMap<String, Option<Why>>,
}

impl NewestRuns {
    fn new(workspace: &Workspace) -> Self {
        let store = RunStore::new(&workspace.project.root);
        let ids = store.ids();
        let newest = ids.len().saturating_sub(LOOKED_AT);
        Self {
            unread: ids[newest..].to_vec(),
            ends: BTreeMap::new(),
            store,
        }
    }

    /// How the stage ended in the newest run that looked at it; `None` where it went well.
    fn why(&mut self, stage: &str) -> Option<Why> {
        while !self.ends.contains_key(stage) {
            let run = self.unread.pop()?;
            // A record that cannot be read tells nothing, and one of `kaslite train` nothing of the
            // pipeline, though its stages are called as the pipeline's may be.
            let summary = self.store.load(&run).ok().and_then(|run| run.summary);
            let summary = summary.filter(|run| !is_of_train(&run.command));
            for end in summary.into_iter().flat_map(|summary| summary.stages) {
                let why = match end.outcome.as_str() {
                    "failed" => Some(Why::Failed(end.detail.unwrap_or_default())),
                    "cancelled" => Some(Why::Interrupted),
                    _ => None,
                };
                self.ends.entry(end.stage).or_insert(why);
            }
        }
        self.ends.get(stage)?.clone()
    }
}
