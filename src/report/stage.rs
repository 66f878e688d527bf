//! The built-in stage `report`.

use crate::report::gather::{components_of, gather};
use crate::report::render::{RenderError, render};
use crate::report::sources::Sources;
use crate::report::view::{ComponentView, ReportView};
use kaslite_engine::context::StageContext;
use kaslite_engine::fs::{self, FsError};
use kaslite_engine::registry::{RunFn, StageError};
use std::collections::BTreeMap;
use std::path::Path;

/// The built-in stages whose code this library holds.
pub const CODE: &[(&str, RunFn)] = &[("report", run)];

const TEMPLATE_NAME: &str = "templates/REPORT.md.j2";
const TEMPLATE: &str = include_str!("../../templates/REPORT.md.j2");

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The template is at fault.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// A file could not be written.
    #[error(transparent)]
    Fs(#[from] FsError),
}

fn run(context: &StageContext<'_>) -> Result<(), StageError> {
    let sources = Sources::of_context(context);
    let (report, figures) = (context.out("report")?, context.out("figures")?);
    let link = link(report.path.as_str(), figures.path.as_str());
    write(&sources, &report.file, &figures.file, &link)
        .map_err(|error| StageError::from_error(&error))
}

/// Writes the report and its figures; `link` is how the report names the figures' folder.
///
/// # Errors
/// The template is at fault, or a file cannot be written. What cannot be read of the sources is no
/// error: the report says so in its place.
fn write(sources: &Sources, report: &Path, figures: &Path, link: &str) -> Result<(), ReportError> {
    let (view, drawn) = gather(sources, link);
    let text = render(TEMPLATE, TEMPLATE_NAME, &view)?;
    for figure in drawn {
        fs::write_atomic(&figures.join(&figure.name), figure.svg.as_bytes())?;
    }
    Ok(fs::write_atomic(report, text.as_bytes())?)
}

/// What the report says, and its pictures by the path that names them.
pub fn view(sources: &Sources, link: &str) -> (ReportView, BTreeMap<String, String>) {
    let (view, drawn) = gather(sources, link);
    let pictures = drawn
        .into_iter()
        .map(|figure| (format!("{link}/{}", figure.name), figure.svg));
    (view, pictures.collect())
}

/// Every part of the report, and how it went.
pub fn components(sources: &Sources) -> Vec<ComponentView> {
    components_of(sources)
}

/// The figures' folder as seen from the report.
pub fn link(report: &str, figures: &str) -> String {
    let folder: Vec<&str> = report
        .split('/')
        .rev()
        .skip(1)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let target: Vec<&str> = figures.split('/').collect();
    let shared = folder
        .iter()
        .zip(&target)
        .take_while(|(a, b)| a == b)
        .count();
    let up = std::iter::repeat_n("..", folder.len() - shared);
    up.chain(target[shared..].iter().copied())
        .collect::<Vec<_>>()
        .join("/")
}

#[cfg(test)]
mod tests {
    use super::link;

    #[test]
    fn figures_are_named_as_seen_from_the_report() {
        assert_eq!(link("results/REPORT.md", "results/figures"), "figures");
        assert_eq!(link("REPORT.md", "out/figures"), "out/figures");
        assert_eq!(
            link("docs/a/REPORT.md", "results/figures"),
            "../../results/figures"
        );
    }
}
