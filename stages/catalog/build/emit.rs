//! [`Table`]: the descriptions as Rust constants.

use crate::describe::{Description, Kind, Param, Slot};
use crate::reach::Code;
use std::collections::BTreeMap;

#[derive(Default)]
pub(crate) struct Table {
    specs: String,
}

impl Table {
    pub(crate) fn stage(&mut self, stage: &Description, code: &Code) {
        let program = if stage.folder.starts_with("src") {
            "Kaslite"
        } else {
            "KasliteTorch"
        };
        let params = stage.params.0.iter().flat_map(|(section, keys)| {
            keys.0
                .iter()
                .map(move |(key, param)| param_spec(&format!("{section}.{key}"), param))
        });
        let files = code
            .files
            .iter()
            .map(|(path, digest)| format!("({path:?}, {:?})", digest.to_hex().as_str()));
        let spec = format!(
            "&StageSpec {{ name: {:?}, summary: {:?}, program: Program::{program}, deps: {}, outs: {}, \
             params: {}, code: CodeSpec {{ digest: {:?}, files: {} }} }},\n",
            stage.name,
            stage.summary,
            array(stage.deps.iter().map(slot)),
            array(stage.outs.iter().map(slot)),
            array(params),
            code.digest.to_hex().as_str(),
            array(files),
        );
        self.specs.push_str(&spec);
    }

    pub(crate) fn finish(self, raw: &BTreeMap<String, blake3::Hash>) -> String {
        let raw = raw
            .iter()
            .map(|(path, digest)| format!("({path:?}, {:?})", digest.to_hex().as_str()));
        format!(
            "/// The built-in stages, in the order of a pipeline.\n\
             pub static SPECS: &[&StageSpec] = &[\n{}];\n\
             /// Each source file that a stage can reach, with the digest of its bytes when this was built.\n\
             pub static RAW_FILES: &[(&str, &str)] = {};\n",
            self.specs,
            array(raw)
        )
    }
}

/// `&[a, b]`.
fn array(items: impl Iterator<Item = String>) -> String {
    format!("&[{}]", items.collect::<Vec<_>>().join(",\n"))
}

fn slot(slot: &Slot) -> String {
    let Slot { name, kind, doc } = slot;
    format!("SlotSpec {{ name: {name:?}, kind: SlotKind::{kind:?}, doc: {doc:?} }}")
}

fn param_spec(key: &str, param: &Param) -> String {
    let default = match &param.default {
        None => "None".to_owned(),
        Some(serde_yaml::Value::String(text)) => format!("Some({text:?})"),
        Some(value) => format!(
            "Some({:?})",
            serde_yaml::to_string(value).unwrap_or_default().trim()
        ),
    };
    let doc = &param.doc;
    format!(
        "ParamSpec {{ key: {key:?}, kind: {}, default: {default}, doc: {doc:?} }}",
        kind(param)
    )
}

fn kind(param: &Param) -> String {
    match param.kind {
        Kind::Int => format!(
            "ParamKind::Int {{ min: {}, max: {} }}",
            param
                .min
                .map_or("i64::MIN".to_owned(), |min| format!("{min}")),
            param
                .max
                .map_or("i64::MAX".to_owned(), |max| format!("{max}")),
        ),
        Kind::Float => format!(
            "ParamKind::Float {{ min: {}, max: {}, above: {}, below: {} }}",
            param
                .min
                .or(param.above)
                .map_or("f64::NEG_INFINITY".to_owned(), |min| format!("{min:?}")),
            param
                .max
                .or(param.below)
                .map_or("f64::INFINITY".to_owned(), |max| format!("{max:?}")),
            param.above.is_some(),
            param.below.is_some(),
        ),
        Kind::Bool => "ParamKind::Bool".to_owned(),
        Kind::Text => "ParamKind::Text".to_owned(),
        Kind::Choice => format!("ParamKind::Choice(&{:?})", param.of),
        Kind::Floats => "ParamKind::Floats".to_owned(),
        Kind::Map => "ParamKind::Map".to_owned(),
    }
}
