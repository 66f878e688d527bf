use crate::origins::made_by::MadeBy;
use crate::origins::origin::Origin;
use crate::origins::records::Records;
use kaslite_engine::entry::Entry;
use kaslite_engine::event::Decided;
use kaslite_engine::fingerprint::Contents;
use kaslite_engine::lock::Lock;
use kaslite_engine::pipeline_files::{PipelineFile, PipelineFiles};
use kaslite_engine::project::Project;
use kaslite_engine::stage::{Stage, ViewKind};
use kaslite_engine::workspace::{Selection, Workspace};
use kaslite_track::record::RunRecord;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The built-in stages whose results a page tells of.
const TOLD: [&str; 4] = ["train", "counterfactual", "control", "size_curve"];

/// What a page is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// What lies there now.
    #[default]
    Workspace,
    /// A run.
    Run,
    /// A git revision.
    Revision,
}

/// Where the results come from that a page tells of.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    /// What the page is about.
    pub scope: Scope,
    /// Whether runs may be named: not in an out, whose bytes no time may change.
    pub names_runs: bool,
    all: Vec<Origin>,
    /// The stages that are not what the pipeline makes now.
    not_fresh: Vec<String>,
    /// Built-in stage → the stage of the pipeline that uses it, and whether it has metrics.
    declared: BTreeMap<&'static str, (String, bool)>,
}

impl Origins {
    /// Of what lies in the workspace now.
    pub fn of_workspace(workspace: &Workspace) -> Self {
        let entries = workspace.lock.entries();
        let mut origins = Self::of_entries(workspace, entries, Scope::Workspace, None);
        let stages = &workspace.pipeline.stages;
        let is_there = |name: &String| workspace.pipeline.index(name).is_some();
        let told = origins.all.iter().map(|origin| origin.stage.clone());
        let targets: Vec<String> = told.filter(is_there).collect();
        if targets.is_empty() {
            return origins;
        }
        let selection = Selection {
            targets,
            ..Selection::default()
        };
        // What cannot be looked at is not known to be fresh.
        let Ok(plan) = workspace.survey(&selection) else {
            origins.not_fresh = selection.targets;
            return origins;
        };
        let stale = plan
            .iter()
            .filter(|(_, judged)| match judged.decision.what {
                Decided::Run | Decided::Unknown | Decided::Restore => true,
                Decided::Fresh | Decided::Frozen => false,
            });
        origins.not_fresh = stale
            .map(|(index, _)| stages[*index].name.clone())
            .collect();
        origins
    }

    /// Of what a run left; `entries` are those of its lock, none of a run without a pipeline.
    pub fn of_run(
        workspace: &Workspace,
        run: &RunRecord,
        entries: BTreeMap<String, Entry>,
    ) -> Self {
        if !entries.is_empty() {
            return Self::of_entries(workspace, entries, Scope::Run, Some(&run.run_id));
        }
        let locks = locks(&workspace.pipeline.files);
        let stages = run.summary.iter().flat_map(|summary| &summary.stages);
        let done = stages.filter(|stage| stage.outcome == "done");
        let origin = |stage: &str| Origin {
            stage: stage.to_owned(),
            uses: Some(stage.to_owned()),
            entry: None,
            run: MadeBy::of(run, true, &locks),
        };
        Self {
            scope: Scope::Run,
            names_runs: true,
            all: done.map(|stage| origin(&stage.stage)).collect(),
            not_fresh: Vec::new(),
            declared: declared(&workspace.pipeline.stages),
        }
    }

    /// Of what is committed; `entries` are those of the lock there.
    pub fn of_revision(workspace: &Workspace, entries: BTreeMap<String, Entry>) -> Self {
        Self::of_entries(workspace, entries, Scope::Revision, None)
    }

    fn of_entries(
        workspace: &Workspace,
        entries: BTreeMap<String, Entry>,
        scope: Scope,
        last: Option<&str>,
    ) -> Self {
        let locks = locks(&workspace.pipeline.files);
        let mut records = Records::new(&workspace.project.root, &locks, last);
        let mut all = told(entries);
        for origin in &mut all {
            let entry = origin.entry.as_ref();
            origin.run = entry.and_then(|entry| records.maker(&origin.stage, entry));
        }
        Self {
            scope,
            names_runs: true,
            all,
            not_fresh: Vec::new(),
            declared: declared(&workspace.pipeline.stages),
        }
    }

    /// Of what a stage reads while it runs: path → content. Of the runs nothing is said: what
    /// it makes must be the same, whichever made its deps.
    pub fn of_deps(root: &Path, deps: &Contents) -> Self {
        let Ok(project) = Project::discover(root, BTreeMap::new()) else {
            return Self::default();
        };
        let Ok(lock) = Lock::load(&project) else {
            return Self::default();
        };
        let mut entries = lock.entries();
        // Another pipeline may have made what lies there.
        entries.retain(|_, entry| {
            let mut outs = entry.outs.iter();
            outs.all(|(path, content)| deps.get(path).is_none_or(|dep| dep == content))
        });
        Self {
            all: told(entries),
            ..Self::default()
        }
    }

    /// The same where runs may not be named.
    #[must_use]
    pub fn without_runs(self) -> Self {
        Self {
            names_runs: false,
            ..self
        }
    }

    /// The stage that made a file, where that is known; of a run without a pipeline the one that is
    /// called so.
    pub fn of_file(&self, file: &str, uses: &str) -> Option<&Origin> {
        let made = self.all.iter().find(|origin| origin.made(file));
        made.or_else(|| {
            let mut lone = self.all.iter().filter(|origin| origin.entry.is_none());
            lone.find(|origin| origin.uses.as_deref() == Some(uses))
        })
    }

    /// These and all stages that they read from.
    pub fn behind<'a>(&'a self, origins: Vec<&'a Origin>) -> Vec<&'a Origin> {
        let mut all = origins;
        let mut at = 0;
        while let Some(origin) = all.get(at).copied() {
            let before = self.all.iter().filter(|other| origin.reads(other));
            let new: Vec<&Origin> = before.filter(|other| !all.contains(other)).collect();
            all.extend(new);
            at += 1;
        }
        all
    }

    /// Whether it is what the pipeline makes now.
    pub fn is_fresh(&self, origin: &Origin) -> bool {
        !self.not_fresh.contains(&origin.stage)
    }

    /// Why there are no metrics of a stage that uses `uses`, and what to do, as a fragment.
    pub fn lacks(&self, uses: &str) -> String {
        let here = match self.scope {
            Scope::Workspace => "there are",
            Scope::Run => "this run has",
            Scope::Revision => "this revision has",
        };
        match self.declared.get(uses) {
            Some((stage, true)) => {
                format!(
                    "{here} no metrics of the stage `{stage}`; `kaslite repro {stage}` makes them"
                )
            }
            Some((stage, false)) => format!(
                "the stage `{stage}` declares no metrics; give it `metrics: [FOLDER/metrics.json]`, \
                 and run it"
            ),
            None => format!(
                "there are no metrics of a stage that uses `{uses}`; add one with \
                 `metrics: [FOLDER/metrics.json]` to the pipeline, and run it"
            ),
        }
    }

    /// The stage of the pipeline that uses `uses`.
    pub fn declared(&self, uses: &str) -> Option<&str> {
        self.declared.get(uses).map(|(stage, _)| stage.as_str())
    }

    /// Says which stages there are.
    pub fn declare(&mut self, stages: impl Iterator<Item = (&'static str, String)>) {
        self.declared = stages.map(|(uses, name)| (uses, (name, true))).collect();
    }
}

/// The stages that a page tells of and those they read from, however far.
fn told(entries: BTreeMap<String, Entry>) -> Vec<Origin> {
    let origin = |(stage, entry): (String, Entry)| Origin {
        stage,
        uses: entry.fingerprint.uses.clone(),
        entry: Some(entry),
        run: None,
    };
    let all: Vec<Origin> = entries.into_iter().map(origin).collect();
    let is_told = |origin: &&Origin| {
        origin
            .uses
            .as_deref()
            .is_some_and(|uses| TOLD.contains(&uses))
    };
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut next: Vec<&Origin> = all.iter().filter(is_told).collect();
    while let Some(origin) = next.pop() {
        if names.insert(origin.stage.clone()) {
            next.extend(all.iter().filter(|other| origin.reads(other)));
        }
    }
    let mut all = all;
    all.retain(|origin| names.contains(&origin.stage));
    all
}

fn locks(files: &PipelineFiles) -> Vec<String> {
    let locks = files.all().iter().map(PipelineFile::lock);
    locks.map(|lock| lock.to_string()).collect()
}

fn declared(stages: &[Stage]) -> BTreeMap<&'static str, (String, bool)> {
    let one = |stage: &Stage| {
        let mut views = stage.views.iter();
        let has_metrics = views.any(|view| view.kind == ViewKind::Metrics);
        Some((stage.spec()?.name, (stage.name.clone(), has_metrics)))
    };
    // The first of several that use the same.
    stages.iter().rev().filter_map(one).collect()
}
