//! [`gather`]: the whole report.

use crate::report::gather::component::{Component, Figure};
use crate::report::gather::{
    control, counterfactual, data, files, params, provenance, sweep, training, verdict,
};
use crate::report::sources::Sources;
use crate::report::view::{ReportView, Section};

/// What the report says, and its figures.
pub(in crate::report) fn gather(sources: &Sources, link: &str) -> (ReportView, Vec<Figure>) {
    let mut component = Component::new(sources, link);
    let view = ReportView {
        title: sources.title.clone(),
        verdict: verdict::read(sources),
        provenance: Section::Success(provenance::read(&sources.root)),
        data: component.section("generate_data", |_, source| data::read(source)),
        params: params::read(sources),
        training: component.section("train", training::read),
        counterfactual: component.section("counterfactual", counterfactual::read),
        control: component.section("control", control::read),
        sweep: component.section("sweep", sweep::read),
        files: files::read(sources),
    };
    (view, component.figures)
}
