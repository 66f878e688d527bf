//! Pipelines with random mistakes: no panic, and each problem points into its file.

use crate::support::{cases, source};
use crate::yaml::is_in_its_file;
use kaslite_engine::error::EngineError;
use kaslite_engine::manifest::Pipeline;
use kaslite_engine::project::Project;
use kaslite_engine::spec::{
    CodeSpec, ParamKind, ParamSpec, Program, SlotKind, SlotSpec, StageSpec,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;

static FIT: StageSpec = StageSpec {
    name: "fit",
    summary: "fits a line",
    program: Program::Kaslite,
    deps: &[SlotSpec {
        name: "dataset",
        kind: SlotKind::File,
        doc: "the points",
    }],
    outs: &[SlotSpec {
        name: "line",
        kind: SlotKind::File,
        doc: "the line",
    }],
    params: &[
        ParamSpec {
            key: "fit.degree",
            kind: ParamKind::Int { min: 1, max: 9 },
            default: Some("1"),
            doc: "of the polynomial",
        },
        ParamSpec {
            key: "fit.noise",
            kind: ParamKind::Float {
                min: 0.0,
                max: f64::INFINITY,
                above: false,
                below: false,
            },
            default: None,
            doc: "of the points",
        },
    ],
    code: CodeSpec {
        digest: "0",
        files: &[],
    },
};

const PIPELINE: &str = "stages:
  points:
    cmd: python points.py --out data/${name}.csv
    params: [points.count, 'points.seed', other.yaml: [x]]
    outs: ['data/${name}.csv': {cache: false}]
  fit:
    uses: fit
    deps: ['data/${name}.csv']
    params: [fit]
    outs: [results/line.json]
  plot:
    cmd:
      - mkdir -p results
      - 'python plot.py \"a: b\"'
    wdir: .
    env: {COLOUR: red}
    deps: [results/line.json, plot.py]
    plots: [results/plot.svg]
    metrics:
      - results/metrics.json:
          cache: false
    frozen: false
";
const PARAMS: &str = "name: spirals
points: {count: 3, seed: 7}
fit:
  degree: 2
  noise: 0.5
";

/// Bits that a slip of the hand brings in.
fn slip() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "",
        " ",
        "  ",
        "\t",
        "\n",
        ":",
        ": ",
        ",",
        "-",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "'",
        "\"",
        "#",
        "*",
        "&a ",
        "<<: ",
        "${",
        "}",
        "${name}",
        "${points}",
        "..",
        "/",
        "../",
        "cmd",
        "uses",
        "outs",
        "~",
        "null",
        "yes",
        "3",
        ".nan",
        "-1",
        "\u{feff}",
        "\u{0}",
        "é",
        "foreach: ",
        "---\n",
        "|\n",
    ]);
    prop_oneof![
        words.prop_map(str::to_owned),
        any::<char>().prop_map(String::from)
    ]
}

/// Replaces a few pieces of a text.
fn mutated(text: &'static str) -> impl Strategy<Value = String> {
    let edit = (any::<prop::sample::Index>(), 0usize..6, slip());
    prop::collection::vec(edit, 0..4).prop_map(move |edits| {
        let mut characters: Vec<char> = text.chars().collect();
        for (at, gone, new) in edits {
            let from = at.index(characters.len() + 1);
            let to = (from + gone).min(characters.len());
            characters.splice(from..to, new.chars());
        }
        characters.into_iter().collect()
    })
}

fn load(pipeline: &str, params: &str) -> Result<Pipeline, EngineError> {
    let folder = tempfile::tempdir().expect("a temp folder");
    let file = folder.path().join("pipeline.yaml");
    fs::write(&file, pipeline).expect("a file");
    fs::write(folder.path().join("params.yaml"), params).expect("a file");
    fs::write(folder.path().join("other.yaml"), "x: 1\n").expect("a file");
    Pipeline::load(&Project::of_file(&file, BTreeMap::new()), &[&FIT])
}

#[test]
fn the_pipeline_without_mistakes_is_sound() {
    let pipeline = load(PIPELINE, PARAMS).expect("no mistakes");
    assert_eq!(pipeline.graph.order(), [0, 1, 2]);
    assert_eq!(
        pipeline.stages[1].arguments.to_string(),
        "{fit: {degree: 2, noise: 0.5}}"
    );
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn each_problem_points_into_its_file(pipeline in mutated(PIPELINE), params in mutated(PARAMS)) {
        let (found, texts) = (load(&pipeline, &params), [
            ("pipeline.yaml", &pipeline),
            ("params.yaml", &params),
        ]);
        match found {
            Ok(pipeline) => {
                let mut names: Vec<&str> = pipeline.stages.iter().map(|s| s.name.as_str()).collect();
                names.sort_unstable();
                names.dedup();
                prop_assert_eq!(names.len(), pipeline.stages.len());
            }
            Err(EngineError::Problems(problems)) => {
                prop_assert!(!problems.is_empty());
                prop_assert!(problems.is_sorted());
                for problem in &problems {
                    let text = texts.iter().find(|(name, _)| *name == problem.file());
                    if let Some((_, text)) = text.filter(|_| problem.place().line > 0) {
                        prop_assert!(is_in_its_file(problem, &source(text)), "{}", problem);
                    }
                    let shown = problem.to_string();
                    prop_assert!(!shown.contains(['\u{1b}', '\u{0}', '\t']), "{}", shown);
                }
            }
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }
}
