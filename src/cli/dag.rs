//! `kaslite dag`: the stages and what they read from one another.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use clap::ArgGroup;
use kaslite_engine::manifest::Pipeline;
use kaslite_engine::workspace::Selection;
use std::fmt::Write;
use std::process::ExitCode;

/// Arguments of `dag`.
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("form").args(["dot", "mermaid"])))]
pub(crate) struct Args {
    /// Stages, or paths of outs, with all they need; none is the whole pipeline
    #[arg(value_name = "STAGE")]
    targets: Vec<String>,
    /// Print Graphviz DOT
    #[arg(long)]
    dot: bool,
    /// Print a Mermaid flowchart
    #[arg(long)]
    mermaid: bool,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let workspace = session.workspace()?;
    let selection = Selection {
        targets: args.targets.clone(),
        ..Selection::default()
    };
    let stages = workspace.select(&selection)?;
    let pipeline = &workspace.pipeline;
    let text = if args.dot {
        dot(pipeline, &stages)
    } else if args.mermaid {
        mermaid(pipeline, &stages)
    } else {
        plain(pipeline, &stages)
    };
    session.terminal.data(text.trim_end());
    Ok(ExitCode::SUCCESS)
}

/// The edges between the chosen stages, as names.
fn edges<'a>(
    pipeline: &'a Pipeline,
    stages: &'a [usize],
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let name = |index: usize| pipeline.stages[index].name.as_str();
    stages.iter().flat_map(move |&reader| {
        let makers = pipeline.graph.upstream(reader);
        makers
            .into_iter()
            .filter(|maker| stages.contains(maker))
            .map(move |maker| (name(maker), name(reader)))
    })
}

/// One line a stage, in the order they run: `train <- generate_data`.
fn plain(pipeline: &Pipeline, stages: &[usize]) -> String {
    let width = stages
        .iter()
        .map(|&index| pipeline.stages[index].name.chars().count())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for &index in stages {
        let name = &pipeline.stages[index].name;
        let makers: Vec<&str> = edges(pipeline, stages)
            .filter(|(_, reader)| reader == name)
            .map(|(maker, _)| maker)
            .collect();
        // A String takes any text.
        let _ = if makers.is_empty() {
            writeln!(text, "{name}")
        } else {
            writeln!(text, "{name:<width$}  ← {}", makers.join(", "))
        };
    }
    text
}

fn dot(pipeline: &Pipeline, stages: &[usize]) -> String {
    let mut text = "digraph pipeline {\n  rankdir=LR;\n  node [shape=box];\n".to_owned();
    for &index in stages {
        let _ = writeln!(text, "  {:?};", pipeline.stages[index].name);
    }
    for (maker, reader) in edges(pipeline, stages) {
        let _ = writeln!(text, "  {maker:?} -> {reader:?};");
    }
    text + "}\n"
}

fn mermaid(pipeline: &Pipeline, stages: &[usize]) -> String {
    let id = |name: &str| {
        stages
            .iter()
            .position(|&index| pipeline.stages[index].name == name)
            .unwrap_or(0)
    };
    let mut text = "flowchart LR\n".to_owned();
    for (position, &index) in stages.iter().enumerate() {
        let _ = writeln!(text, "  s{position}[\"{}\"]", pipeline.stages[index].name);
    }
    for (maker, reader) in edges(pipeline, stages) {
        let _ = writeln!(text, "  s{} --> s{}", id(maker), id(reader));
    }
    text
}
