//! Pipelines of real projects: the stages and edges that DVC sees in them are those that kaslite sees.
//! They lie in `shared/real_pipelines` beside the checkout; where that folder is absent nothing is
//! checked.

use crate::support::Space;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Projects that are not one pipeline file at their root, or none that can run; with the reason.
const LEFT_OUT: &[(&str, &str)] = &[
    (
        "Boehringer-Ingelheim__dso",
        "templates whose stages are called `{{ name }}`",
    ),
    (
        "lenskit__lenskit-codex",
        "nineteen pipeline files that read from one another",
    ),
    (
        "data42lana__end-to-end-cv-mlops-project",
        "stages of a pipeline file in a sub-folder with `wdir: ..`",
    ),
    (
        "iterative__evidently-dvc",
        "three pipeline files that read from one another",
    ),
    (
        "open-innovations__constituencies",
        "four pipeline files with outs above their folders",
    ),
    (
        "m-ahmed-elbeskeri__puffin-finetune-studio",
        "a pipeline file in a sub-folder alone",
    ),
];

fn projects() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real_pipelines");
    let entries = fs::read_dir(folder).into_iter().flatten();
    let folders = entries.map(|entry| entry.expect("a folder").path());
    let mut folders: Vec<PathBuf> = folders.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn lines(path: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(path).expect("what is expected");
    let lines = text.lines().map(|line| line.trim_end_matches(';').trim());
    lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn stages_and_edges_are_those_that_dvc_sees() {
    for project in projects() {
        let name = project
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if LEFT_OUT.iter().any(|(left_out, _)| *left_out == name) {
            continue;
        }
        let space = Space::empty();
        let mut copy = space.program("cp");
        space
            .finish(copy.arg("-rT").arg(&project).arg(space.root()))
            .ok();
        let ran = space.kaslite("dag --dot").ok();
        let lines_of = |wanted: &dyn Fn(&str) -> bool| -> BTreeSet<String> {
            let lines = ran
                .stdout
                .lines()
                .filter_map(|line| line.trim().strip_suffix(';'));
            lines
                .filter(|line| line.starts_with('"') && wanted(line))
                .map(str::to_owned)
                .collect()
        };
        let stages = lines_of(&|line| !line.contains("->"));
        let stages: BTreeSet<String> = stages
            .iter()
            .map(|line| line.trim_matches('"').to_owned())
            .collect();
        assert_eq!(
            stages,
            lines(&project.join("EXPECTED_STAGES.txt")),
            "{name}"
        );
        let edges = lines_of(&|line| line.contains("->"));
        assert_eq!(edges, lines(&project.join("EXPECTED_EDGES.txt")), "{name}");
    }
}
