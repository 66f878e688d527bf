//! `kaslite stages`: the built-in stages.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::ui::Table;
use kaslite_engine::problem::closest;
use kaslite_engine::spec::{SlotKind, SlotSpec, StageSpec};
use std::process::ExitCode;

/// Arguments of `stages`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// One built-in stage; none lists them all
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<ExitCode, CliError> {
    let specs = session.registry.specs();
    let chosen: Vec<&StageSpec> = match &args.name {
        None => specs.to_vec(),
        Some(name) => {
            let Some(spec) = session.registry.spec(name) else {
                let error = CliError::usage(format!("no built-in stage `{name}`"));
                return Err(match closest(name, specs.iter().map(|spec| spec.name)) {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error.hint("`kaslite stages` lists them"),
                });
            };
            vec![spec]
        }
    };
    if args.json {
        let list: Vec<serde_json::Value> = chosen.iter().map(|spec| json(spec)).collect();
        session
            .terminal
            .data(serde_json::to_string_pretty(&list).unwrap_or_default());
    } else if args.name.is_some() {
        for spec in chosen {
            describe(session, spec);
        }
    } else {
        let mut table = Table::new(&["Stage", "What it does", "Sections"]);
        for spec in chosen {
            table.row([
                spec.name.to_owned(),
                spec.summary.to_owned(),
                spec.sections().join(", "),
            ]);
        }
        session.terminal.data(table.text());
        session
            .terminal
            .note("`kaslite stages NAME` describes one with all its params");
    }
    Ok(ExitCode::SUCCESS)
}

fn describe(session: &Session, spec: &StageSpec) {
    let terminal = session.terminal;
    terminal.data(format_args!("{}: {}\n", spec.name, spec.summary));
    for (word, slots) in [("deps", spec.deps), ("outs", spec.outs)] {
        for slot in slots {
            terminal.data(format_args!(
                "{word}: {} ({}): {}",
                slot.name,
                kind(slot),
                slot.doc
            ));
        }
    }
    terminal.data("");
    let mut table = Table::new(&["Param", "Default", "Type", "Meaning"]);
    for param in spec.params {
        let default = param
            .default_value()
            .map_or_else(|| "(required)".to_owned(), |value| value.to_string());
        table.row([
            param.key.to_owned(),
            default,
            param.kind.to_string(),
            param.doc.to_owned(),
        ]);
    }
    terminal.data(table.text());
}

fn kind(slot: &SlotSpec) -> &'static str {
    match slot.kind {
        SlotKind::File => "file",
        SlotKind::Folder => "folder",
        SlotKind::Rest => "any number",
    }
}

fn json(spec: &StageSpec) -> serde_json::Value {
    let slots = |slots: &[SlotSpec]| -> Vec<serde_json::Value> {
        slots
            .iter()
            .map(|slot| serde_json::json!({"name": slot.name, "kind": kind(slot), "doc": slot.doc}))
            .collect()
    };
    let params: Vec<serde_json::Value> = spec
        .params
        .iter()
        .map(|param| {
            serde_json::json!({
                "key": param.key,
                "type": param.kind.to_string(),
                "default": param.default_value(),
                "doc": param.doc,
            })
        })
        .collect();
    serde_json::json!({
        "name": spec.name,
        "summary": spec.summary,
        "deps": slots(spec.deps),
        "outs": slots(spec.outs),
        "params": params,
        "code": spec.code.digest,
        "code_files": spec.code.files.iter().map(|(path, _)| *path).collect::<Vec<_>>(),
    })
}
