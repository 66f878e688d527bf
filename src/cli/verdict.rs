//! `kaslite verdict`: what the seeds are worth, in one page.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::cli::side::Side;
use crate::ui::{Table, wrapped};
use crate::unmade::Unmade;
use crate::verdict::{Answer, Evidence, Verdict};
use kaslite_track::provenance::Provenance;
use std::process::ExitCode;

/// Arguments of `verdict`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A run, a git revision or `workspace`
    #[arg(value_name = "RUN", default_value = "workspace")]
    side: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let workspace = session.workspace()?;
    let side = Side::find(&workspace, &args.side)?;
    let code = match &side {
        Side::Workspace => Some(Provenance::of(&workspace.project.root)),
        Side::Run(run) => run.summary.as_ref().map(|summary| summary.git.clone()),
        Side::Revision(revision) => Some(Provenance {
            commit: Some(revision.clone()),
            dirty: Some(false),
            ..Provenance::default()
        }),
    };
    let stages = &workspace.pipeline.stages;
    let unmade = match &side {
        Side::Workspace => Unmade::of_workspace(&workspace),
        Side::Run(run) => {
            let summary = run.summary.as_ref();
            summary.map_or_else(Unmade::default, |run| Unmade::of_run(run, stages))
        }
        Side::Revision(_) => Unmade::default(),
    };
    let mut metrics = side.metrics(&workspace)?;
    unmade.take_from(&mut metrics, stages);
    let verdict = Verdict::of(&metrics, &unmade, code.as_ref());
    if args.json {
        // Plain data always serialises.
        let text = serde_json::to_string_pretty(&verdict).unwrap_or_default();
        session.terminal.data(text);
        return Ok(ExitCode::SUCCESS);
    }
    let pages: Vec<String> = (1..).zip(&verdict.answers).map(page).collect();
    session.terminal.data(pages.join("\n\n"));
    Ok(ExitCode::SUCCESS)
}

/// Before each line below a question.
const INDENT: &str = "   ";

fn page((number, answer): (usize, &Answer)) -> String {
    let Answer {
        question,
        finding,
        text,
        evidence,
    } = answer;
    let mut page = format!("{number}. {question}  {}\n", finding.words());
    page += &wrapped(text, INDENT);
    if !evidence.is_empty() {
        let mut table = Table::new(&["Evidence", "Points>", "95 % interval>", "File"]);
        for one in evidence {
            let points = format!("{:+.2}", 100.0 * one.value);
            table.row([one.what.clone(), points, interval(one), one.file.clone()]);
        }
        for line in table.text().lines() {
            page += "\n";
            page += INDENT;
            page += line;
        }
    }
    page
}

fn interval(evidence: &Evidence) -> String {
    evidence.interval.map_or("—".to_owned(), |[low, high]| {
        format!("{:+.2} to {:+.2}", 100.0 * low, 100.0 * high)
    })
}
