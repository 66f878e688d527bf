//! [`Drawn`]: a plot with the data of its files, of every side.

use crate::cli::error::CliError;
use crate::cli::plots::picture::is_template;
use crate::cli::plots::records::{can_be_shown, picture_kind, records};
use crate::cli::side::Side;
use kaslite_engine::plot::{Plot, PlotColumn};
use kaslite_engine::value::Value;
use kaslite_engine::workspace::Workspace;
use serde::Serialize;

/// A plot with the data of its files, of every side.
#[derive(Serialize)]
pub(crate) struct Drawn {
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) template: String,
    pub(crate) x_label: String,
    pub(crate) y_label: String,
    pub(crate) lines: Vec<DrawnLine>,
    #[serde(skip)]
    pub(crate) pictures: Vec<Picture>,
}

/// One column of one file of one side.
#[derive(Serialize)]
pub(crate) struct DrawnLine {
    pub(crate) side: String,
    pub(crate) file: String,
    pub(crate) column: String,
    pub(crate) points: Vec<(Value, Value)>,
}

/// A picture that a stage made.
pub(crate) struct Picture {
    pub(crate) side: String,
    pub(crate) file: String,
    pub(crate) kind: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// What cannot be shown, and why.
pub(crate) type Lacking = Vec<String>;

/// Reads what a plot shows; what is not there or cannot be read is added to `lacking`.
pub(crate) fn draw(
    workspace: &Workspace,
    plot: &Plot,
    sides: &[Side],
    lacking: &mut Lacking,
) -> Result<Drawn, CliError> {
    let mut drawn = Drawn {
        name: plot.name.clone(),
        title: plot.title.clone(),
        template: plot.template.clone().unwrap_or_else(|| "linear".to_owned()),
        x_label: String::new(),
        y_label: String::new(),
        lines: Vec::new(),
        pictures: Vec::new(),
    };
    if !is_template(&drawn.template) {
        let why = match template_file(workspace, &drawn.template) {
            Some(file) => format!("`{file}` is a Vega-Lite template, which kaslite does not draw"),
            None => format!("no template `{}`", drawn.template),
        };
        lacking.push(format!("`{}`: {why}: drawn as lines", drawn.name));
    }
    for side in sides {
        for column in &plot.columns {
            let files = side.files(workspace, column.file.as_str())?;
            if files.is_empty() {
                let title = side.title();
                lacking.push(format!("`{}` is not there ({title})", column.file));
            }
            for (file, bytes) in files {
                drawn.add(plot, column, side, (file, bytes), lacking);
            }
        }
    }
    let first = drawn.lines.first();
    let column = first.map_or_else(String::new, |line| line.column.clone());
    let is_shared = drawn.lines.iter().all(|line| line.column == column);
    let y = plot.y_label.clone();
    drawn.y_label = y.unwrap_or_else(|| if is_shared { column } else { String::new() });
    let own = plot.columns.iter().find_map(|column| column.x.clone());
    let x = plot.x_label.clone().or_else(|| plot.x.clone()).or(own);
    drawn.x_label = x.unwrap_or_else(|| "step".to_owned());
    Ok(drawn)
}

/// The file of a template that somebody made for DVC.
fn template_file(workspace: &Workspace, template: &str) -> Option<String> {
    let own = [
        template.to_owned(),
        format!(".dvc/plots/{template}"),
        format!(".dvc/plots/{template}.json"),
    ];
    let root = &workspace.project.root;
    own.into_iter().find(|name| root.join(name).is_file())
}

impl Drawn {
    /// Whether there is nothing to see.
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.pictures.is_empty()
    }

    fn add(
        &mut self,
        plot: &Plot,
        column: &PlotColumn,
        side: &Side,
        (file, bytes): (String, Vec<u8>),
        lacking: &mut Lacking,
    ) {
        if let Some(kind) = picture_kind(&file) {
            let side = side.title();
            self.pictures.push(Picture {
                side,
                file,
                kind,
                bytes,
            });
            return;
        }
        let is_own = file == column.file.as_str();
        if !is_own && !can_be_shown(&file) {
            return;
        }
        match line(plot, column, &file, &bytes) {
            Ok((name, points)) => self.lines.push(DrawnLine {
                side: side.title(),
                file,
                column: name,
                points,
            }),
            Err(reason) => lacking.push(format!("`{file}` ({}): {reason}", side.title())),
        }
    }
}

type Column = (String, Vec<(Value, Value)>);

/// The name of a column and its values, with those of the horizontal axis.
fn line(plot: &Plot, column: &PlotColumn, file: &str, bytes: &[u8]) -> Result<Column, String> {
    let records = records(file, bytes, plot.header)?;
    let Some(first) = records.first() else {
        return Err("it holds no records".to_owned());
    };
    let last = || first.keys().last().cloned();
    let name = column.column.clone().or_else(last).unwrap_or_default();
    let x = column.x.as_ref().or(plot.x.as_ref());
    for wanted in [Some(&name), x].into_iter().flatten() {
        if !records.iter().any(|record| record.contains_key(wanted)) {
            let names: Vec<&str> = first.keys().map(String::as_str).collect();
            return Err(format!(
                "no column `{wanted}`; there are {}",
                names.join(", ")
            ));
        }
    }
    let steps = 0_i64..;
    let points = records.iter().zip(steps).map(|(record, step)| {
        let place = match x {
            Some(x) => record.get(x).cloned().unwrap_or_default(),
            None => Value::Int(step),
        };
        (place, record.get(&name).cloned().unwrap_or_default())
    });
    let points = points.collect();
    Ok((name, points))
}

/// How many lines and pictures a plot of the workspace has.
///
/// # Errors
/// It has none: why.
pub(crate) fn read_plot(workspace: &Workspace, plot: &Plot) -> Result<usize, String> {
    let mut lacking = Lacking::new();
    let drawn = draw(workspace, plot, &[Side::Workspace], &mut lacking);
    let drawn = drawn.map_err(|error| error.to_string())?;
    match drawn.lines.len() + drawn.pictures.len() {
        0 => Err(lacking.join("; ")),
        count => Ok(count),
    }
}
