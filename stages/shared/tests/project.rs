use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use kaslite_engine::cancel::Cancel;
use kaslite_engine::event::{Event, EventSink, Outcome};
use kaslite_engine::project::Project;
use kaslite_engine::registry::Registry;
use kaslite_engine::repro::{ReproOptions, repro};
use kaslite_engine::workspace::{Selection, Workspace};
use kaslite_track::table::Table;
use serde_json::Value;
use tempfile::TempDir;

/// Two moons, a network that germinates whenever it may, and a sweep over it: a second in all.
pub(crate) const PIPELINE: &str = r"
stages:
  generate_data: {uses: generate_data, params: [data], outs: [data/samples.parquet]}
  train:
    uses: train
    deps: [data/samples.parquet]
    params: [train, seeds, telemetry]
    outs: [results/train/]
  counterfactual:
    uses: counterfactual
    deps: [data/samples.parquet, results/train/]
    params: [counterfactual]
    outs: [results/counterfactual/]
  sweep:
    uses: sweep
    deps: [data/samples.parquet]
    params: [sweep, train, seeds, telemetry]
    outs: [results/sweep/]
";

/// The params of [`PIPELINE`].
pub(crate) const PARAMS: &str = r"
data: {problem_type: moons, n_samples: 120, input_dim: 2}
train:
  hidden_dim: 8
  num_layers: 2
  batch_size: 16
  lr: 0.01
  warm_up_epochs: 3
  adaptation_epochs: 9
  acc_threshold: 1.0
  patience: 2
  delta: 10.0
  rng_seed: 7
seeds: {seeds_per_layer: 2, blend_steps: 4, progress_thresh: 0.05}
sweep: {parameters: {hidden_dim: [4, 8], lr: '0.01,0.02', adaptation_epochs: 2}}
";

/// A project in a folder of its own, run through the engine as users run it.
pub(crate) struct TestProject {
    folder: TempDir,
}

/// What a run of the project came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) outcomes: BTreeMap<String, Outcome>,
    pub(crate) events: Vec<Event>,
}

impl TestProject {
    /// The project of [`PIPELINE`], texts of its params replaced.
    pub(crate) fn new(changes: &[(&str, &str)]) -> Self {
        let params = changes.iter().fold(PARAMS.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "no `{from}` in the params");
            text.replace(from, to)
        });
        let project = Self {
            folder: TempDir::new().unwrap(),
        };
        project.write("pipeline.yaml", PIPELINE);
        project.write("params.yaml", &params);
        project
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        std::fs::write(self.path(path), text).unwrap();
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn json(&self, path: &str) -> Value {
        serde_json::from_slice(&std::fs::read(self.path(path)).unwrap()).unwrap()
    }

    pub(crate) fn table(&self, path: &str) -> Table {
        Table::read(&self.path(path)).unwrap()
    }

    /// Makes the target and what it needs.
    pub(crate) fn repro(&self, target: &str) -> Ran {
        self.repro_until(target, 2, |_| false)
    }

    /// Makes the target; asks it to stop at the first event that `stop` picks.
    pub(crate) fn repro_until(
        &self,
        target: &str,
        jobs: usize,
        stop: impl Fn(&Event) -> bool + Sync,
    ) -> Ran {
        let project = Project::of_file(&self.path("pipeline.yaml"), BTreeMap::new());
        let code = crate::CODE.iter().copied();
        let registry = Registry::new(kaslite_catalog::SPECS.iter().copied(), code);
        let workspace = Workspace::open(project, registry).unwrap();
        let options = ReproOptions {
            trace: false,
            selection: Selection {
                targets: vec![target.to_owned()],
                ..Selection::default()
            },
            jobs,
            ..ReproOptions::default()
        };
        let listener = Listener {
            events: Mutex::default(),
            cancel: Cancel::default(),
            stop: &stop,
        };
        let summary = repro(&workspace, &options, &listener, &listener.cancel).unwrap();
        Ran {
            outcomes: summary.stages.into_iter().collect(),
            events: listener.events.into_inner().unwrap(),
        }
    }
}

impl Ran {
    /// Why the stage failed.
    pub(crate) fn failure(&self, stage: &str) -> &str {
        let outcome = &self.outcomes[stage];
        let Outcome::Failed(reason) = outcome else {
            panic!("{stage}: {outcome:?}");
        };
        reason
    }

    #[track_caller]
    pub(crate) fn assert_done(&self, stage: &str) {
        assert_eq!(self.outcomes[stage], Outcome::Done, "{stage}");
    }

    /// The lines that the stage logged.
    pub(crate) fn log(&self, of: &str) -> Vec<&str> {
        let mut lines = Vec::new();
        for event in &self.events {
            if let Event::Log { stage, line, .. } = event
                && stage == of
            {
                lines.push(line.as_str());
            }
        }
        lines
    }
}

/// Keeps every event.
struct Listener<'a> {
    events: Mutex<Vec<Event>>,
    cancel: Cancel,
    stop: &'a (dyn Fn(&Event) -> bool + Sync),
}

impl EventSink for Listener<'_> {
    fn emit(&self, event: &Event) {
        if (self.stop)(event) {
            self.cancel.cancel();
        }
        self.events.lock().unwrap().push(event.clone());
    }
}
