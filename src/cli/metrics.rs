//! `kaslite metrics`: shows and compares metrics.

use crate::cli::diff::{Decimals, Diff, Form, rounded};
use crate::cli::error::{CliError, Exit};
use crate::cli::session::Session;
use crate::cli::side::Side;
use crate::ui::Table;
use kaslite_engine::workspace::Workspace;
use kaslite_track::metric_names::METRIC_NAMES;
use kaslite_track::metrics::{self, Metrics};
use std::process::ExitCode;

/// What to do with metrics.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Args {
    /// Show the metrics of the workspace, a run or a git revision
    Show {
        /// A run, a git revision or `workspace`
        #[arg(default_value = "workspace")]
        side: String,
        /// Print JSON, with all decimals
        #[arg(long, conflicts_with = "md")]
        json: bool,
        /// Print a table of Markdown
        #[arg(long)]
        md: bool,
        /// Decimals of a fraction, at most
        #[arg(long, value_name = "N")]
        precision: Option<usize>,
    },
    /// What the metrics of a training are called: here, in the original, in TensorBoard and Prometheus
    Names {
        /// Print JSON
        #[arg(long, conflicts_with = "md")]
        json: bool,
        /// Print a table of Markdown
        #[arg(long)]
        md: bool,
    },
    /// Compare the metrics that the stages made, between two runs, git revisions or the workspace
    Diff {
        #[command(flatten)]
        form: Form,
        /// Decimals of a fraction in a table, at most [default: 6 for changes, all for values]
        #[arg(long, value_name = "N")]
        precision: Option<usize>,
    },
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    if let Args::Names { json, md } = args {
        names(session, *json, *md);
        return Ok(ExitCode::SUCCESS);
    }
    let workspace = session.workspace()?;
    match args {
        Args::Names { .. } => Ok(ExitCode::SUCCESS),
        Args::Show {
            side,
            json,
            md,
            precision,
        } => {
            let side = Side::find(&workspace, side)?;
            let found = side.metrics(&workspace)?;
            if *json {
                // Plain data always serialises.
                let text = serde_json::to_string_pretty(&found).unwrap_or_default();
                session.terminal.data(text);
            } else {
                show(session, &found, *md, *precision);
            }
            Ok(match side {
                Side::Workspace => tell_unreadable(session, &workspace, &found),
                Side::Run(_) | Side::Revision(_) => ExitCode::SUCCESS,
            })
        }
        Args::Diff { form, precision } => {
            let Some((a, b)) = Side::pair(&workspace, form.a.as_deref(), form.b.as_deref())? else {
                form.nothing(session.terminal);
                return Ok(ExitCode::SUCCESS);
            };
            let (old, new) = (a.metrics(&workspace)?, b.metrics(&workspace)?);
            let diff = Diff::new(&old, &new, (a.title(), b.title()));
            diff.show(session.terminal, form, Some(Decimals(*precision)));
            Ok(match b {
                Side::Workspace => tell_unreadable(session, &workspace, &new),
                Side::Run(_) | Side::Revision(_) => ExitCode::SUCCESS,
            })
        }
    }
}

fn names(session: &Session, json: bool, md: bool) {
    if json {
        let text = serde_json::to_string_pretty(METRIC_NAMES).unwrap_or_default();
        session.terminal.data(text);
        return;
    }
    let mut table = Table::new(&["Metric", "Meaning", "Original", "TensorBoard", "Prometheus"]);
    let cell = |name: Option<&str>| name.unwrap_or("—").to_owned();
    for name in METRIC_NAMES {
        table.row([
            name.kaslite.to_owned(),
            name.meaning.to_owned(),
            cell(name.original),
            cell(name.tensorboard),
            cell(name.prometheus),
        ]);
    }
    session
        .terminal
        .data(if md { table.markdown() } else { table.text() });
}

fn show(session: &Session, found: &Metrics, md: bool, precision: Option<usize>) {
    let mut table = Table::new(&["File", "Key", "Value>"]);
    let mut rows = 0;
    for (file, values) in found {
        for (key, value) in values {
            table.row([file.clone(), key.clone(), rounded(value, precision)]);
            rows += 1;
        }
    }
    if rows == 0 {
        session.terminal.note("no metrics yet");
    } else {
        session
            .terminal
            .data(if md { table.markdown() } else { table.text() });
    }
}

/// Names the metrics files that are there and cannot be read.
fn tell_unreadable(session: &Session, workspace: &Workspace, found: &Metrics) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for path in metrics::paths(&workspace.pipeline.stages) {
        let bytes = std::fs::read(workspace.project.root.join(&path)).ok();
        let reason = bytes.and_then(|bytes| metrics::parse(&path, &bytes).err());
        if let Some(reason) = reason.filter(|_| !found.contains_key(&path)) {
            let message = format!("`{path}` cannot be read as metrics: {reason}");
            session.terminal.warning(&message);
            code = Exit::Usage.into();
        }
    }
    code
}
