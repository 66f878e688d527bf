//! [`components`]: every optional part of a run, and how it went.

use crate::cli::plots::read_plot;
use crate::report::{self, Sources};
use crate::unmade::Unmade;
use kaslite_engine::event::{Outcome, Summary};
use kaslite_engine::plot::Plot;
use kaslite_engine::stage::{Stage, ViewKind};
use kaslite_engine::value::Value;
use kaslite_engine::workspace::Workspace;
use kaslite_track::metrics;
use kaslite_track::record::{Component, Components};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Metrics files, plots, the parts of the report and its figures: what was made, what is not part of the
/// pipeline and how it would be, what failed. A panic in one is its failure and nobody else's.
pub(crate) fn components(workspace: &Workspace, done: &Summary) -> Components {
    let mut all = Components::new();
    let stages = &workspace.pipeline.stages;
    let ends: BTreeMap<&str, &Outcome> = done
        .stages
        .iter()
        .map(|(name, end)| (name.as_str(), end))
        .collect();
    for stage in stages {
        for view in stage
            .views
            .iter()
            .filter(|view| view.kind == ViewKind::Metrics)
        {
            let path = view.path.to_string();
            let end = ends.get(stage.name.as_str()).copied();
            all.insert(
                format!("metrics.{path}"),
                guarded(|| of_metrics(workspace, stage, &path, end)),
            );
        }
    }
    if !all.keys().any(|name| name.starts_with("metrics.")) {
        let to_enable =
            "add `metrics: [FILE]` to a stage that writes numbers as JSON, YAML or TOML";
        all.insert(
            "metrics".to_owned(),
            disabled("no stage declares metrics", to_enable),
        );
    }
    for plot in &workspace.pipeline.plots {
        let name = format!("plots.{}", plot.name);
        all.insert(name, guarded(|| of_plot(workspace, plot, &ends)));
    }
    if workspace.pipeline.plots.is_empty() {
        let to_enable = "add `plots: [FILE]` to a stage or to the top of the pipeline";
        all.insert(
            "plots".to_owned(),
            disabled("the pipeline declares no plots", to_enable),
        );
    }
    let is_report = |stage: &&Stage| stage.spec().is_some_and(|spec| spec.name == "report");
    if let Some(stage) = stages.iter().find(is_report) {
        let end = ends.get(stage.name.as_str()).copied();
        let missing = not_there(stage, end);
        // Where it was not to be made, nothing was asked of its parts; where it failed, each says why.
        if !matches!(missing, Some(Component::Disabled { .. })) {
            let unmade = Unmade::of_ends(&done.stages, stages);
            all.extend(of_report(workspace, stage, unmade));
        }
        all.extend(missing.map(|missing| ("report".to_owned(), missing)));
    } else {
        let to_enable = "add a stage with `uses: report`; `kaslite report RUN` needs none";
        all.insert(
            "report".to_owned(),
            disabled("no stage uses `report`", to_enable),
        );
    }
    all
}

fn disabled(reason: &str, to_enable: &str) -> Component {
    Component::Disabled {
        reason: reason.to_owned(),
        to_enable: to_enable.to_owned(),
    }
}

fn failed(reason: impl Into<String>) -> Component {
    Component::Failed {
        reason: reason.into(),
    }
}

fn guarded(part: impl FnOnce() -> Component) -> Component {
    catch_unwind(AssertUnwindSafe(part))
        .unwrap_or_else(|_| failed("a fault of kaslite: it panicked; please report it"))
}

fn of_metrics(
    workspace: &Workspace,
    stage: &Stage,
    path: &str,
    end: Option<&Outcome>,
) -> Component {
    if let Some(component) = not_there(stage, end) {
        return component;
    }
    let bytes = match std::fs::read(workspace.project.root.join(path)) {
        Ok(bytes) => bytes,
        Err(error) => return failed(format!("`{path}` cannot be read: {error}")),
    };
    match metrics::parse(path, &bytes) {
        Ok(values) => Component::Success {
            data: count("values", values.len()),
        },
        Err(reason) => failed(format!("`{path}` cannot be read as metrics: {reason}")),
    }
}

/// Why a stage has made nothing in this run; `None` where it has.
fn not_there(stage: &Stage, end: Option<&Outcome>) -> Option<Component> {
    let name = &stage.name;
    Some(match end {
        Some(Outcome::Failed(_)) => failed(format!("the stage `{name}` failed")),
        Some(Outcome::Skipped(other)) => failed(format!(
            "the stage `{name}` was skipped, because `{other}` failed"
        )),
        Some(Outcome::Cancelled) => failed(format!(
            "the run was interrupted before the stage `{name}` was done"
        )),
        None => {
            let reason = format!("the stage `{name}` was no part of the run");
            let to_enable = format!("`kaslite repro {name}`");
            disabled(&reason, &to_enable)
        }
        Some(Outcome::Fresh | Outcome::Restored | Outcome::Done | Outcome::Frozen) => return None,
    })
}

fn count(what: &str, number: usize) -> BTreeMap<String, Value> {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    [(what.to_owned(), Value::Int(number))].into()
}

fn of_plot(workspace: &Workspace, plot: &Plot, ends: &BTreeMap<&str, &Outcome>) -> Component {
    let makers = plot.columns.iter();
    let mut makers = makers.filter_map(|column| workspace.pipeline.makers.whole(&column.file));
    let missing = makers.find_map(|index| {
        let stage = &workspace.pipeline.stages[index];
        not_there(stage, ends.get(stage.name.as_str()).copied())
    });
    if let Some(missing) = missing {
        return missing;
    }
    match read_plot(workspace, plot) {
        Ok(lines) => Component::Success {
            data: count("lines", lines),
        },
        Err(reason) => failed(reason),
    }
}

fn of_report(workspace: &Workspace, stage: &Stage, unmade: Unmade) -> Components {
    let parts = catch_unwind(AssertUnwindSafe(|| {
        Sources::of_workspace(workspace, stage, unmade).map(|sources| report::components(&sources))
    }));
    let parts = match parts {
        Ok(Ok(parts)) => parts,
        Ok(Err(error)) => return [("report".to_owned(), failed(error.to_string()))].into(),
        Err(_) => {
            return [(
                "report".to_owned(),
                guarded(|| failed("a fault of kaslite: it panicked; please report it")),
            )]
            .into();
        }
    };
    let parts = parts.into_iter().map(|part| {
        let reason = part.reason.unwrap_or_default();
        let component = match part.status.as_str() {
            "success" => Component::Success {
                data: BTreeMap::new(),
            },
            "disabled" => disabled(&reason, &part.to_enable.unwrap_or_default()),
            _ => failed(reason),
        };
        (format!("report.{}", part.name), component)
    });
    parts.collect()
}
