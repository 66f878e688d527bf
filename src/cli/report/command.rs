//! [`Args`]: what is reported on, and in which form.

use super::of_pipeline::OfPipeline;
use super::of_runs::OfRuns;
use super::of_stage::OfStage;
use super::{csv, notebook, pdf};
use crate::cli::error::{CliError, Exit};
use crate::cli::session::Session;
use crate::pages::Templates;
use crate::report::RenderError;
use kaslite_engine::fs;
use kaslite_engine::stage::Stage;
use kaslite_engine::workspace::Workspace;
use kaslite_track::record::RunStore;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `report`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A template of yours begins with `{% extends \"kaslite/REPORT.html.j2\" %}` (or RUNS.html.j2 for runs) and
replaces blocks: title, head, main, data, params, training, …; REPORT.md.j2 has them, too; templates
beside it can be included.
KASLITE_BROWSER names the browser that --pdf uses.")]
pub(crate) struct Args {
    /// Runs (their names or beginnings, `latest`, `latest~1`); or a built-in stage, such as a sweep; none
    /// is the pipeline, by its stage that uses `report`
    #[arg(value_name = "RUN|STAGE")]
    names: Vec<String>,
    /// Where to write; figures of Markdown go beside it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    form: Form,
    /// A template in place of ours
    #[arg(long, value_name = "FILE", conflicts_with_all = ["csv", "ipynb"])]
    template: Option<PathBuf>,
}

/// The form; none is Markdown.
#[derive(Clone, Copy, Debug, clap::Args)]
#[group(multiple = false)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that can be typed"
)]
pub(crate) struct Form {
    /// One page of HTML that needs nothing else
    #[arg(long)]
    html: bool,
    /// That page as PDF, by a browser of this machine
    #[arg(long)]
    pdf: bool,
    /// A notebook that reads the tables
    #[arg(long)]
    ipynb: bool,
    /// The numbers as CSV, on stdout where no file is named
    #[arg(long)]
    csv: bool,
}

/// What can be reported on.
pub(crate) trait Reported {
    /// Where a report with this ending is written, where no file is named.
    fn place(&self, ending: &str) -> PathBuf;
    /// Markdown, and its figures, at this place.
    fn markdown(&self, place: &Path, templates: &Templates) -> Result<(), CliError>;
    /// The page.
    fn html(&self, templates: &Templates) -> Result<String, CliError>;
    /// The cells of a notebook at this place.
    fn cells(&self, place: &Path) -> Vec<notebook::Cell>;
    /// The numbers.
    fn rows(&self) -> csv::Rows;
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let workspace = session.workspace()?;
    let reported = reported(&workspace, &args.names)?;
    let templates = match &args.template {
        Some(path) => Templates::of_user(&session.folder.join(path), &path.display().to_string())?,
        None => Templates::default(),
    };
    let form = args.form;
    let ending = match form {
        Form { html: true, .. } => "html",
        Form { pdf: true, .. } => "pdf",
        Form { ipynb: true, .. } => "ipynb",
        Form { csv: true, .. } => "csv",
        Form { .. } => "md",
    };
    if ending == "csv" && args.output.is_none() {
        session
            .terminal
            .data(csv::text(&reported.rows()).trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let output = args
        .output
        .as_ref()
        .map(|output| session.folder.join(output));
    let place = output.unwrap_or_else(|| reported.place(ending));
    fs::create_parent(&place)?;
    match ending {
        "html" => fs::write_atomic(&place, reported.html(&templates)?.as_bytes())?,
        "pdf" => pdf::write(session, &reported.html(&templates)?, &place)?,
        "ipynb" => fs::write_atomic(&place, notebook::text(&reported.cells(&place)).as_bytes())?,
        "csv" => fs::write_atomic(&place, csv::text(&reported.rows()).as_bytes())?,
        _ => reported.markdown(&place, &templates)?,
    }
    session.terminal.data(place.display());
    Ok(ExitCode::SUCCESS)
}

/// What the names mean: a stage, else runs.
fn reported<'a>(
    workspace: &'a Workspace,
    names: &[String],
) -> Result<Box<dyn Reported + 'a>, CliError> {
    let is_report = |stage: &&Stage| stage.spec().is_some_and(|spec| spec.name == "report");
    let mut stages = workspace.pipeline.stages.iter().filter(is_report);
    let stage = match names {
        [] => stages.next(),
        [name] => stages.find(|stage| stage.name == *name),
        _ => None,
    };
    if let Some(stage) = stage {
        return Ok(Box::new(OfPipeline::new(workspace, stage)?));
    }
    let [first, ..] = names else {
        return Err(CliError::usage("no stage of the pipeline uses `report`")
            .hint("add one: `kaslite stages report` says what it reads and makes")
            .hint("`kaslite report latest` reports on the last run"));
    };
    let named = workspace.pipeline.index(first).filter(|_| names.len() == 1);
    if let Some(stage) = named.map(|index| &workspace.pipeline.stages[index])
        && stage.spec().is_some()
    {
        return Ok(Box::new(OfStage::new(workspace, stage)?));
    }
    if named.is_some() {
        let message = format!("the stage `{first}` does not use `report`");
        return Err(CliError::usage(message)
            .hint("`kaslite stages report` says what such a stage reads and makes"));
    }
    let store = RunStore::new(&workspace.project.root);
    let runs = names
        .iter()
        .map(|name| store.find(name))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Box::new(OfRuns::new(&store, runs)?))
}

impl From<RenderError> for CliError {
    fn from(error: RenderError) -> Self {
        Self::from_error(&error, Exit::Usage)
    }
}
