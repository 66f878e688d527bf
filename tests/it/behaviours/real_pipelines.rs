//! Pipelines of real projects: the stages and edges that DVC sees in them are those that kaslite sees.
//! They lie in `shared/real_pipelines` beside the checkout; where that folder is absent nothing is
//! checked.

use crate::support::Space;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
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
];

/// Where the pipeline file of a project lies, if not at its root.
const FOLDERS: &[(&str, &str)] = &[("m-ahmed-elbeskeri__puffin-finetune-studio", "pipelines/")];

fn projects() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real_pipelines");
    let entries = fs::read_dir(folder).into_iter().flatten();
    let folders = entries.map(|entry| entry.expect("a folder").path());
    let mut folders: Vec<PathBuf> = folders.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// The lines of a file, `without` the folder and the name before each stage.
fn lines(path: &Path, without: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(path).expect("what is expected");
    let lines = text
        .lines()
        .map(|line| line.trim_end_matches(';').trim().replace(without, ""));
    lines.filter(|line| !line.is_empty()).collect()
}

#[test]
fn stages_and_edges_are_those_that_dvc_sees() {
    let projects = projects();
    if projects.is_empty() {
        let _ = writeln!(
            std::io::stderr(),
            "skipped: no real pipelines beside the checkout"
        );
    }
    for project in projects {
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
        let folder = FOLDERS.iter().find(|(project, _)| *project == name);
        let file = format!("{}dvc.yaml", folder.map_or("", |(_, folder)| folder));
        let ran = space.run(&["--file", &file, "dag", "--dot"]).ok();
        let prefix = format!("{file}:");
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
            lines(&project.join("EXPECTED_STAGES.txt"), &prefix),
            "{name}"
        );
        let edges = lines_of(&|line| line.contains("->"));
        assert_eq!(
            edges,
            lines(&project.join("EXPECTED_EDGES.txt"), &prefix),
            "{name}"
        );
    }
}
