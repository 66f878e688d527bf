//! [`gather`]: the whole report.

use crate::report::gather::component::{Component, Figure, capitalised, guarded};
use crate::report::gather::{
    control, counterfactual, data, files, params, provenance, size_curve, sweep, training, verdict,
};
use crate::report::sources::Sources;
use crate::report::view::{
    ComponentView, ControlView, CounterfactualView, FigureView, FilesView, ReportView, Section,
    SizeCurveView, SweepView, TrainingView,
};

/// What the report says, and its figures.
pub(in crate::report) fn gather(sources: &Sources, link: &str) -> (ReportView, Vec<Figure>) {
    let files = || guarded(|| files::read(sources));
    gather_with(sources, link, files)
}

/// How each part went; the files are not digested once more for that.
pub(in crate::report) fn components_of(sources: &Sources) -> Vec<ComponentView> {
    let files = || files::known(sources);
    gather_with(sources, "", files).0.components
}

fn gather_with(
    sources: &Sources,
    link: &str,
    files: impl FnOnce() -> Section<FilesView>,
) -> (ReportView, Vec<Figure>) {
    let mut component = Component::new(sources, link);
    let mut view = ReportView {
        title: sources.title.clone(),
        verdict: verdict::read(sources),
        provenance: guarded(|| Section::Success(provenance::read(&sources.root))),
        data: component.section("generate_data", |_, source| data::read(source)),
        params: guarded(|| params::read(sources)),
        training: component.section("train", training::read),
        counterfactual: component.section("counterfactual", counterfactual::read),
        control: component.section("control", control::read),
        size_curve: component.section("size_curve", size_curve::read),
        sweep: component.section("sweep", sweep::read),
        files: files(),
        components: Vec::new(),
    };
    view.components = components(&view);
    (view, component.figures)
}

/// Every part and every figure, whether it is there or not.
fn components(view: &ReportView) -> Vec<ComponentView> {
    let mut all = vec![
        view.provenance.component("provenance"),
        view.data.component("data"),
        view.params.component("params"),
    ];
    let training = |part: &TrainingView| part.figures.clone();
    all.extend(part(
        "training",
        &view.training,
        training::FIGURES,
        training,
    ));
    all.push(told(&view.training, validation).component("training.validation"));
    let counterfactual = |part: &CounterfactualView| part.figures.clone();
    let (section, names) = (&view.counterfactual, counterfactual::FIGURES);
    all.extend(part("counterfactual", section, names, counterfactual));
    all.push(told(section, attribution).component("counterfactual.attribution"));
    let control = |part: &ControlView| part.figures.clone();
    all.extend(part("control", &view.control, control::FIGURES, control));
    all.push(told(&view.control, control_runs).component("control.runs"));
    all.push(told(&view.control, control_slots).component("control.slots"));
    let size_curve = |part: &SizeCurveView| part.figures.clone();
    let (section, names) = (&view.size_curve, size_curve::FIGURES);
    all.extend(part("size_curve", section, names, size_curve));
    let sweep = |part: &SweepView| part.figures.clone();
    all.extend(part("sweep", &view.sweep, sweep::FIGURES, sweep));
    all.push(view.files.component("files"));
    all
}

/// Something that a part tells or not; without the part it is missing for the same reason.
fn told<T>(section: &Section<T>, told: impl Fn(&T) -> Section<()>) -> Section<()> {
    match section {
        Section::Success(content) => told(content),
        Section::Disabled { reason, to_enable } => Section::Disabled {
            reason: reason.clone(),
            to_enable: to_enable.clone(),
        },
        Section::Failed { reason } => Section::Failed {
            reason: reason.clone(),
        },
    }
}

/// Whether the samples that validate can tell how good the network is.
fn validation(view: &TrainingView) -> Section<()> {
    match &view.caveat {
        Some(reason) => Section::Failed {
            reason: capitalised(reason),
        },
        None => Section::Success(()),
    }
}

/// Whether the gain could be shared out among the seeds.
fn attribution(view: &CounterfactualView) -> Section<()> {
    match &view.missing {
        Some(reason) => Section::Failed {
            reason: capitalised(reason),
        },
        None if view.contributions.is_empty() => no_seed("No seed has grown."),
        None => Section::Success(()),
    }
}

/// Whether every control run came to its end.
fn control_runs(view: &ControlView) -> Section<()> {
    let failed = view.failures.len();
    if failed == 0 {
        return Section::Success(());
    }
    let all = view.runs.unwrap_or_default();
    let reasons = view.failures.iter();
    let reasons: Vec<String> = reasons
        .map(|run| format!("`{}`: {}", run.name, run.value))
        .collect();
    Section::Failed {
        reason: format!("{failed} of {all} runs failed: {}.", reasons.join("; ")),
    }
}

/// Whether it can be told what each slot caused.
fn control_slots(view: &ControlView) -> Section<()> {
    if !view.slots.is_empty() {
        return Section::Success(());
    }
    let grown = view.arms.first().and_then(|arm| arm.runs);
    no_seed(if grown == Some(0.0) {
        "No run in which seeds may grow came to its end."
    } else {
        "No slot grew in any run."
    })
}

fn no_seed(reason: &str) -> Section<()> {
    Section::Disabled {
        reason: reason.to_owned(),
        to_enable: "It is told where a seed has grown.".to_owned(),
    }
}

/// A part and its figures; without the part there are no figures, for the same reason.
fn part<T>(
    name: &str,
    section: &Section<T>,
    names: &[&str],
    figures: impl Fn(&T) -> Vec<FigureView>,
) -> Vec<ComponentView> {
    let full = |figure: &str| format!("{name}.{figure}");
    let of_part = section.component(name);
    let of_figures: Vec<ComponentView> = match section {
        Section::Success(content) => figures(content)
            .iter()
            .map(|figure| figure.state().component(&full(&figure.name)))
            .collect(),
        Section::Disabled { .. } | Section::Failed { .. } => names
            .iter()
            .map(|figure| section.component(&full(figure)))
            .collect(),
    };
    std::iter::once(of_part).chain(of_figures).collect()
}
