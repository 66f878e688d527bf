//! Built-in stages of the tests: they mix what they read, as the oracle does.

use crate::model::disk::{Held, held, sums};
use kaslite_engine::context::StageContext;
use kaslite_engine::registry::{Registry, RunFn, StageError};
use kaslite_engine::spec::{
    CodeSpec, ParamKind, ParamSpec, Program, SlotKind, SlotSpec, StageSpec,
};
use std::fmt::Write as _;
use std::fs;

const DEPS: &[SlotSpec] = &[slot("deps", SlotKind::Rest)];
const FILE: &[SlotSpec] = &[slot("out", SlotKind::File)];
const FOLDER: &[SlotSpec] = &[slot("out", SlotKind::Folder)];
const PARAMS: &[ParamSpec] = &[ParamSpec {
    key: "mix.level",
    kind: ParamKind::Int { min: 0, max: 255 },
    default: None,
    doc: "a number",
}];

static OLD: [StageSpec; 3] = [
    spec("mix", FILE, "0"),
    spec("mix_folder", FOLDER, "0"),
    spec("fail", FILE, "0"),
];
static NEW: [StageSpec; 3] = [
    spec("mix", FILE, "1"),
    spec("mix_folder", FOLDER, "1"),
    spec("fail", FILE, "1"),
];

const fn slot(name: &'static str, kind: SlotKind) -> SlotSpec {
    SlotSpec {
        name,
        kind,
        doc: "any",
    }
}

const fn spec(name: &'static str, outs: &'static [SlotSpec], digest: &'static str) -> StageSpec {
    StageSpec {
        name,
        summary: "mixes",
        program: Program::Kaslite,
        deps: DEPS,
        outs,
        params: PARAMS,
        code: CodeSpec { digest, files: &[] },
    }
}

/// The built-in stages, with older or newer code.
pub(super) fn registry(new: bool) -> Registry {
    let specs = if new { &NEW } else { &OLD };
    let code: RunFn = if new {
        |context| mix(context, true)
    } else {
        |context| mix(context, false)
    };
    Registry::new(
        specs,
        [
            ("mix", code),
            ("mix_folder", code),
            ("fail", |context| {
                let out = context.out("out")?;
                write(&out.file, "half\n")?;
                Err(StageError::new("it is made to fail"))
            }),
        ],
    )
}

fn mix(context: &StageContext<'_>, new: bool) -> Result<(), StageError> {
    let level = context
        .arguments()
        .get("mix.level")
        .map(ToString::to_string);
    let level = level.unwrap_or_default();
    let out = context.out("out")?;
    let deps = context.deps().iter();
    let deps: Vec<Held> = deps
        .map(|dep| held(context.root(), dep.path.as_str()))
        .collect();
    let mut text = format!("{level} {new} {}\n", out.path);
    context.log("half way");
    for (path, sum, size) in sums(&deps) {
        let _ = writeln!(text, "{sum} {size} {path}");
    }
    if out.file.is_dir() {
        write(&out.file.join("a"), &text)?;
        context.log("one of two");
        return write(&out.file.join("b"), &format!("{level} b\n"));
    }
    write(&out.file, &text)
}

fn write(path: &std::path::Path, text: &str) -> Result<(), StageError> {
    fs::write(path, text).map_err(|error| StageError::from_error(&error))
}
