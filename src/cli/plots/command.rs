//! [`Args`]: what to draw.

use crate::cli::error::{CliError, Exit};
use crate::cli::plots::drawn::{Drawn, draw};
use crate::cli::plots::page::page;
use crate::cli::plots::picture::{is_template, templates};
use crate::cli::session::Session;
use crate::cli::side::Side;
use crate::ui::plural;
use kaslite_engine::fs;
use kaslite_engine::plot::{Plot, PlotColumn};
use kaslite_engine::problem::closest;
use kaslite_engine::rel_path::RelPath;
use kaslite_engine::workspace::Workspace;
use std::process::ExitCode;

/// What to do with plots.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Args {
    /// Draw the plots of the workspace on one page
    Show {
        /// Plots of the pipeline, or any files; none is all of the pipeline's
        #[arg(value_name = "PLOT")]
        targets: Vec<String>,
        #[command(flatten)]
        form: Form,
    },
    /// Draw the plots of runs, git revisions and the workspace over one another
    Diff {
        /// Runs, git revisions or `workspace` [default: HEAD, or the latest run, and the workspace]
        #[arg(value_name = "SIDE")]
        sides: Vec<String>,
        /// Only these plots
        #[arg(long, value_name = "PLOT", num_args = 1..)]
        targets: Vec<String>,
        #[command(flatten)]
        form: Form,
    },
}

/// How plots are drawn.
#[derive(Debug, clap::Args)]
pub(crate) struct Form {
    /// The page that is written [default: results/plots.html of the project]
    #[arg(short, long, value_name = "FILE")]
    out: Option<String>,
    /// Print the data as JSON instead
    #[arg(long)]
    json: bool,
    /// The column of the horizontal axis
    #[arg(short, value_name = "COLUMN")]
    x: Option<String>,
    /// The columns that are drawn
    #[arg(short, value_name = "COLUMN")]
    y: Vec<String>,
    /// `linear`, `scatter`, `bar_horizontal`, `bar_horizontal_sorted`, `confusion`,
    /// `confusion_normalized`
    #[arg(short, long, value_name = "NAME")]
    template: Option<String>,
    /// What stands above it
    #[arg(long)]
    title: Option<String>,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let workspace = session.workspace()?;
    let (sides, targets, form) = match args {
        Args::Show { targets, form } => (vec![Side::Workspace], targets, form),
        Args::Diff {
            sides,
            targets,
            form,
        } => {
            let Some(sides) = several(&workspace, sides)? else {
                if form.json {
                    session.terminal.data("[]");
                }
                let note = "nothing to compare with yet: there is no commit and no run";
                session.terminal.note(note);
                return Ok(ExitCode::SUCCESS);
            };
            (sides, targets, form)
        }
    };
    let plots = chosen(&workspace, targets, form)?;
    let mut lacking = Vec::new();
    let drawn = plots
        .iter()
        .map(|plot| draw(&workspace, plot, &sides, &mut lacking))
        .collect::<Result<Vec<_>, _>>()?;
    if form.json {
        let text = serde_json::to_string_pretty(&drawn).unwrap_or_default();
        session.terminal.data(text);
    } else if plots.is_empty() {
        let note = "the pipeline has no plots; `kaslite plots show FILE` draws any file";
        session.terminal.note(note);
    } else {
        let default = || workspace.project.root.join("results/plots.html");
        let path = form
            .out
            .as_ref()
            .map_or_else(default, |out| session.folder.join(out));
        let titles: Vec<String> = sides.iter().map(Side::title).collect();
        let text = page(
            &drawn,
            &format!("Plots: {}", titles.join(", ")),
            &mut lacking,
        )?;
        fs::write_atomic(&path, text.as_bytes())?;
        session.terminal.note(format_args!(
            "{} in {}",
            plural(drawn.iter().filter(|plot| !plot.is_empty()).count(), "plot"),
            path.display()
        ));
    }
    for reason in &lacking {
        session.terminal.warning(reason);
    }
    let nothing = !drawn.is_empty() && drawn.iter().all(Drawn::is_empty);
    Ok(if nothing {
        Exit::Usage.into()
    } else {
        ExitCode::SUCCESS
    })
}

fn several(workspace: &Workspace, names: &[String]) -> Result<Option<Vec<Side>>, CliError> {
    if let [] | [_] = names {
        let pair = Side::pair(workspace, names.first().map(String::as_str), None)?;
        return Ok(pair.map(|(a, b)| vec![a, b]));
    }
    let sides = names.iter().map(|name| Side::find(workspace, name));
    Ok(Some(sides.collect::<Result<_, _>>()?))
}

/// The plots that are meant, drawn as was typed where something was.
fn chosen(workspace: &Workspace, targets: &[String], form: &Form) -> Result<Vec<Plot>, CliError> {
    let known = &workspace.pipeline.plots;
    let mut plots = Vec::new();
    for target in targets {
        let path = RelPath::root().join(target);
        let is_meant = |plot: &&Plot| plot.name == *target || plot.name == path.as_str();
        if let Some(plot) = known.iter().find(is_meant) {
            plots.push(plot.clone());
        } else if path.under(&workspace.project.root).exists() {
            plots.push(Plot {
                name: path.to_string(),
                columns: vec![column(&path, None)],
                header: true,
                ..Plot::default()
            });
        } else {
            let error = CliError::usage(format!("no plot and no file `{target}`"));
            let near = closest(target, known.iter().map(|plot| plot.name.as_str()));
            return Err(match near {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error,
            });
        }
    }
    if targets.is_empty() {
        plots.clone_from(known);
    }
    for plot in &mut plots {
        with_form(plot, form)?;
    }
    Ok(plots)
}

fn with_form(plot: &mut Plot, form: &Form) -> Result<(), CliError> {
    if let Some(x) = &form.x {
        plot.x = Some(x.clone());
        plot.columns.iter_mut().for_each(|column| column.x = None);
    }
    if !form.y.is_empty() {
        let mut files: Vec<RelPath> = plot.columns.iter().map(|it| it.file.clone()).collect();
        files.dedup();
        let of_file = |file: RelPath| form.y.iter().map(move |y| column(&file, Some(y)));
        plot.columns = files.into_iter().flat_map(of_file).collect();
    }
    plot.template = form.template.clone().or_else(|| plot.template.take());
    plot.title = form.title.clone().or_else(|| plot.title.take());
    match form.template.as_deref().filter(|name| !is_template(name)) {
        None => Ok(()),
        Some(name) => Err(CliError::usage(format!("no template `{name}`"))
            .hint(format!("there are {}", templates().join(", ")))),
    }
}

fn column(file: &RelPath, column: Option<&String>) -> PlotColumn {
    PlotColumn {
        file: file.clone(),
        column: column.cloned(),
        x: None,
    }
}
