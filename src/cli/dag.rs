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
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that can be typed"
)]
#[command(group(ArgGroup::new("form").args(["dot", "mermaid", "md"])))]
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
    /// Print a Mermaid flowchart as a block of Markdown
    #[arg(long)]
    md: bool,
    /// Show the paths that stages make, instead of the stages
    #[arg(long)]
    outs: bool,
    /// Show the stages of one `foreach` or `matrix` as one
    #[arg(long, conflicts_with = "outs")]
    collapse: bool,
}

/// What is drawn: names in the order they run, and who reads what whom makes.
#[derive(Default)]
struct Drawing {
    nodes: Vec<String>,
    edges: Vec<(String, String)>,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let workspace = session.workspace()?;
    let selection = Selection {
        targets: args.targets.clone(),
        ..Selection::default()
    };
    let stages = workspace.select(&selection)?;
    let drawing = if args.outs {
        Drawing::of_outs(&workspace.pipeline, &stages)
    } else {
        Drawing::of_stages(&workspace.pipeline, &stages, args.collapse)
    };
    let text = if args.dot {
        drawing.dot()
    } else if args.mermaid {
        drawing.mermaid()
    } else if args.md {
        format!("```mermaid\n{}```\n", drawing.mermaid())
    } else {
        drawing.plain()
    };
    session.terminal.data(text.trim_end());
    Ok(ExitCode::SUCCESS)
}

impl Drawing {
    fn of_stages(pipeline: &Pipeline, stages: &[usize], collapse: bool) -> Self {
        let name = |index: usize| {
            let name = pipeline.stages[index].name.as_str();
            match name.split_once('@') {
                Some((whole, _)) if collapse => whole.to_owned(),
                Some(_) | None => name.to_owned(),
            }
        };
        let mut drawing = Self::default();
        for &reader in stages {
            drawing.node(name(reader));
            for maker in pipeline.graph.upstream(reader) {
                if stages.contains(&maker) {
                    drawing.edge(name(maker), name(reader));
                }
            }
        }
        drawing
    }

    fn of_outs(pipeline: &Pipeline, stages: &[usize]) -> Self {
        let mut drawing = Self::default();
        for &reader in stages {
            let stage = &pipeline.stages[reader];
            for out in &stage.outs {
                drawing.node(out.path.to_string());
                for dep in &stage.deps {
                    let makers = pipeline.makers.of(&dep.path);
                    let makers = makers.iter().filter(|maker| stages.contains(maker));
                    let outs = makers.flat_map(|&maker| &pipeline.stages[maker].outs);
                    for made in outs {
                        if made.path.contains(&dep.path) || dep.path.contains(&made.path) {
                            drawing.edge(made.path.to_string(), out.path.to_string());
                        }
                    }
                }
            }
        }
        drawing
    }

    fn node(&mut self, name: String) {
        if !self.nodes.contains(&name) {
            self.nodes.push(name);
        }
    }

    fn edge(&mut self, maker: String, reader: String) {
        let edge = (maker, reader);
        if edge.0 != edge.1 && !self.edges.contains(&edge) {
            self.edges.push(edge);
        }
    }

    /// One line a node, in the order they run: `train  ← generate_data`.
    fn plain(&self) -> String {
        let widths = self.nodes.iter().map(|name| name.chars().count());
        let width = widths.max().unwrap_or(0);
        let mut text = String::new();
        for name in &self.nodes {
            let edges = self.edges.iter().filter(|(_, reader)| reader == name);
            let makers: Vec<&str> = edges.map(|(maker, _)| maker.as_str()).collect();
            // A String takes any text.
            let _ = if makers.is_empty() {
                writeln!(text, "{name}")
            } else {
                writeln!(text, "{name:<width$}  ← {}", makers.join(", "))
            };
        }
        text
    }

    fn dot(&self) -> String {
        let mut text = "digraph pipeline {\n  rankdir=LR;\n  node [shape=box];\n".to_owned();
        for name in &self.nodes {
            let _ = writeln!(text, "  {name:?};");
        }
        for (maker, reader) in &self.edges {
            let _ = writeln!(text, "  {maker:?} -> {reader:?};");
        }
        text + "}\n"
    }

    fn mermaid(&self) -> String {
        let id = |name: &String| self.nodes.iter().position(|node| node == name).unwrap_or(0);
        let mut text = "flowchart LR\n".to_owned();
        for (position, name) in self.nodes.iter().enumerate() {
            let _ = writeln!(text, "  s{position}[\"{name}\"]");
        }
        for (maker, reader) in &self.edges {
            let _ = writeln!(text, "  s{} --> s{}", id(maker), id(reader));
        }
        text
    }
}
