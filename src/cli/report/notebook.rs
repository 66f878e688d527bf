//! [`text`]: cells as a notebook, version 4.5 of its format.

use serde_json::{Value, json};
use std::path::{Component, Path, PathBuf};

/// A cell.
pub(crate) enum Cell {
    Text(String),
    Code(String),
}

/// The notebook.
pub(crate) fn text(cells: &[Cell]) -> String {
    let cells: Vec<Value> = cells
        .iter()
        .enumerate()
        .map(|(index, cell)| of_cell(index, cell))
        .collect();
    let notebook = json!({
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    });
    serde_json::to_string_pretty(&notebook).unwrap_or_default() + "\n"
}

fn of_cell(index: usize, cell: &Cell) -> Value {
    let lines = |text: &str| {
        text.split_inclusive('\n')
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let id = format!("cell-{index}");
    match cell {
        Cell::Text(text) => {
            json!({"cell_type": "markdown", "id": id, "metadata": {}, "source": lines(text)})
        }
        Cell::Code(text) => json!({
            "cell_type": "code", "id": id, "metadata": {}, "source": lines(text),
            "execution_count": null, "outputs": [],
        }),
    }
}

/// What every notebook begins with.
pub(crate) fn beginning(title: &str, about: &str) -> Vec<Cell> {
    vec![
        Cell::Text(format!("# {title}\n\n{about}")),
        Cell::Code("import matplotlib.pyplot as plt\nimport pandas as pd".to_owned()),
    ]
}

/// A notebook that reads these tables: the name of each, and where it lies as seen from the notebook.
pub(crate) fn of_tables(title: &str, tables: &[(PathBuf, String)]) -> Vec<Cell> {
    let about = "It reads the tables that the pipeline made, as they lie there when it is run (`pip install pandas pyarrow matplotlib`).";
    let mut cells = beginning(title, about);
    for (shown, path) in tables {
        let name = variable(shown);
        cells.push(Cell::Text(format!("## `{}`", shown.display())));
        cells.push(Cell::Code(format!(
            "{name} = pd.read_parquet({})\n{name}.describe(include=\"all\")",
            python(path)
        )));
        if shown
            .file_name()
            .is_some_and(|name| name == "epochs.parquet")
        {
            let drawn = "losses = {name}.plot(x=\"epoch\", y=[\"train_loss\", \"val_loss\"], ylabel=\"loss\")\naccuracy = {name}.plot(x=\"epoch\", y=\"val_accuracy\", ylabel=\"accuracy\")\nplt.show()";
            cells.push(Cell::Code(drawn.replace("{name}", &name)));
        }
        if shown
            .file_name()
            .is_some_and(|name| name == "slots.parquet")
        {
            let drawn = "alpha = {name}.pivot(index=\"epoch\", columns=\"seed\", values=\"alpha\").plot(ylabel=\"alpha\")\nplt.show()";
            cells.push(Cell::Code(drawn.replace("{name}", &name)));
        }
    }
    cells
}

/// A name in Python for a file.
pub(crate) fn variable(path: &Path) -> String {
    let stem = path.with_extension("");
    let text = stem.to_string_lossy();
    let text = text.strip_prefix("results/").unwrap_or(&text);
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    let name: String = text.chars().map(plain).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("table_{name}")
    } else {
        name
    }
}

/// A text as Python has it.
pub(crate) fn python(text: &str) -> String {
    // A string of JSON is one of Python.
    serde_json::to_string(text).unwrap_or_default()
}

/// A file as seen from the folder of the notebook.
pub(crate) fn seen_from(notebook: &Path, file: &Path) -> String {
    let folder = notebook.parent().unwrap_or(Path::new(""));
    let (from, to): (Vec<Component<'_>>, Vec<Component<'_>>) =
        (folder.components().collect(), file.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - shared);
    let down = to[shared..]
        .iter()
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}
