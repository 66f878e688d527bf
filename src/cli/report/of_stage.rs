//! [`OfStage`]: what a single built-in stage made.

use super::command::Reported;
use super::csv::Rows;
use super::notebook::Cell;
use super::of_pipeline::{cells, rows};
use crate::cli::error::CliError;
use crate::pages::Templates;
use crate::report::{self, Sources};
use kaslite_engine::fs;
use kaslite_engine::stage::Stage;
use kaslite_engine::workspace::Workspace;
use kaslite_track::metrics;
use std::path::{Path, PathBuf};

/// What a built-in stage made, such as a sweep, as it lies in the workspace.
pub(super) struct OfStage<'a> {
    workspace: &'a Workspace,
    stage: &'a Stage,
    sources: Sources,
}

impl<'a> OfStage<'a> {
    /// # Errors
    /// Nothing of it lies there, or it cannot be read.
    pub(super) fn new(workspace: &'a Workspace, stage: &'a Stage) -> Result<Self, CliError> {
        let sources = Sources::of_stage(workspace, stage)?;
        let name = &stage.name;
        let is_there = |source: &report::Source| {
            source.stage.as_ref() == Some(name) && source.content.is_some()
        };
        if !sources.all.iter().any(is_there) {
            let message = format!("the stage `{name}` has made nothing yet");
            return Err(CliError::usage(message).hint(format!("`kaslite repro {name}` runs it")));
        }
        Ok(Self {
            workspace,
            stage,
            sources,
        })
    }
}

impl Reported for OfStage<'_> {
    /// Beside its first out, not in it.
    fn place(&self, ending: &str) -> PathBuf {
        let own = self.stage.outs[0].path.under(&self.sources.root);
        let name = own.file_stem().unwrap_or_default().to_string_lossy();
        own.with_file_name(format!("{name}-report.{ending}"))
    }

    fn markdown(&self, place: &Path, templates: &Templates) -> Result<(), CliError> {
        let name = place.file_stem().unwrap_or_default().to_string_lossy();
        let link = format!("{name}-figures");
        let (view, pictures) = report::view(&self.sources, &link);
        let text = templates.fill("kaslite/STAGE.md.j2", &view, pictures.clone())?;
        for (path, svg) in pictures {
            fs::write_atomic(&place.with_file_name(path), svg.as_bytes())?;
        }
        Ok(fs::write_atomic(place, text.as_bytes())?)
    }

    fn html(&self, templates: &Templates) -> Result<String, CliError> {
        let (view, pictures) = report::view(&self.sources, "figures");
        Ok(templates.fill("kaslite/STAGE.html.j2", &view, pictures)?)
    }

    fn cells(&self, place: &Path) -> Vec<Cell> {
        cells(&self.sources, place)
    }

    fn rows(&self) -> Rows {
        let own = metrics::paths(std::slice::from_ref(self.stage));
        let mut found = metrics::collect(&self.workspace.pipeline, &self.sources.root);
        found.retain(|path, _| own.contains(path));
        rows(found)
    }
}
