//! [`OfPipeline`]: what lies in the workspace now.

use super::command::Reported;
use super::csv::Rows;
use super::notebook::{self, Cell};
use crate::cli::error::{CliError, Exit};
use crate::origins::Origins;
use crate::pages::Templates;
use crate::report::{self, Sources, link};
use crate::unmade::Unmade;
use kaslite_engine::fs;
use kaslite_engine::stage::Stage;
use kaslite_engine::workspace::Workspace;
use kaslite_track::metrics::{self, Metrics};
use std::path::{Path, PathBuf};

/// What lies in the workspace now, as a stage that uses `report` sees it.
pub(super) struct OfPipeline<'a> {
    workspace: &'a Workspace,
    stage: &'a Stage,
    sources: Sources,
}

impl<'a> OfPipeline<'a> {
    pub(super) fn new(workspace: &'a Workspace, stage: &'a Stage) -> Result<Self, CliError> {
        let sources = Sources::of_workspace(workspace, stage, Unmade::of_workspace(workspace))?;
        Ok(Self {
            workspace,
            stage,
            sources: sources.with_origins(Origins::of_workspace(workspace)),
        })
    }
}

impl Reported for OfPipeline<'_> {
    fn place(&self, ending: &str) -> PathBuf {
        let report = self.stage.outs[0].path.under(&self.workspace.project.root);
        if ending == "md" {
            report
        } else {
            report.with_extension(ending)
        }
    }

    fn markdown(&self, place: &Path, templates: &Templates) -> Result<(), CliError> {
        let (own, figures) = (&self.stage.outs[0].path, &self.stage.outs[1].path);
        let root = &self.workspace.project.root;
        let (folder, link) = if place == own.under(root) {
            (figures.under(root), link(own.as_str(), figures.as_str()))
        } else {
            (place.with_file_name("figures"), "figures".to_owned())
        };
        let (view, pictures) = report::view(&self.sources, &link);
        let text = templates.fill("kaslite/REPORT.md.j2", &view, pictures.clone())?;
        fs::create_dir(&folder)?;
        for (path, svg) in pictures {
            let name = path.rsplit('/').next().unwrap_or_default();
            fs::write_atomic(&folder.join(name), svg.as_bytes())?;
        }
        Ok(fs::write_atomic(place, text.as_bytes())?)
    }

    fn html(&self, templates: &Templates) -> Result<String, CliError> {
        let (view, pictures) = report::view(&self.sources, "figures");
        Ok(templates.fill("kaslite/REPORT.html.j2", &view, pictures)?)
    }

    fn cells(&self, place: &Path) -> Vec<Cell> {
        cells(&self.sources, place)
    }

    fn rows(&self) -> Rows {
        let found = metrics::collect(&self.workspace.pipeline, &self.workspace.project.root);
        rows(found)
    }
}

/// Metrics, one a row.
pub(super) fn rows(found: Metrics) -> Rows {
    let rows = found.into_iter().flat_map(|(file, values)| {
        values
            .into_iter()
            .map(move |(key, value)| vec![file.clone(), key, value.to_string()])
    });
    Rows {
        titles: ["file", "metric", "value"].map(str::to_owned).into(),
        rows: rows.collect(),
    }
}

impl From<report::ReportError> for CliError {
    fn from(error: report::ReportError) -> Self {
        Self::from_error(&error, Exit::Stage)
    }
}

/// A notebook at a place that reads the tables of all sources.
pub(super) fn cells(sources: &Sources, place: &Path) -> Vec<Cell> {
    let mut tables = Vec::new();
    for source in &sources.all {
        for file in kept_tables(&source.file) {
            let shown = file.strip_prefix(&sources.root).unwrap_or(&file).to_owned();
            tables.push((shown, notebook::seen_from(place, &file)));
        }
    }
    notebook::of_tables(&sources.title, &tables)
}

/// The tables that a path is or holds; those of single trials left out.
fn kept_tables(path: &Path) -> Vec<PathBuf> {
    let is_table = |path: &Path| path.extension().is_some_and(|ending| ending == "parquet");
    if path.is_file() {
        return if is_table(path) {
            vec![path.to_owned()]
        } else {
            Vec::new()
        };
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && is_table(path))
        .collect();
    found.sort();
    found
}
