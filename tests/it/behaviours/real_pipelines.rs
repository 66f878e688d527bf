//! Pipelines of real projects: the stages and edges that DVC sees in them are those that kaslite sees.
//! They lie in `shared/real_pipelines` beside the checkout; where that folder is absent nothing is
//! checked.

use crate::support::Space;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

pub(crate) fn projects() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real_pipelines");
    let entries = fs::read_dir(folder).into_iter().flatten();
    let folders = entries.map(|entry| entry.expect("a folder").path());
    let mut folders: Vec<PathBuf> = folders.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// The lines of a file.
fn lines(path: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(path).expect("what is expected");
    let lines = text.lines().map(|line| line.trim_end_matches(';').trim());
    let lines = lines.filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

/// A copy of a project, as a clone of it is: DVC's folder is there.
pub(crate) fn copy(project: &Path) -> Space {
    let space = Space::empty();
    let mut copy = space.program("cp");
    space
        .finish(copy.arg("-rT").arg(project).arg(space.root()))
        .ok();
    fs::create_dir_all(space.path(".dvc")).expect("a folder");
    space
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
        let space = copy(&project);
        let ran = space.kaslite("dag --dot").ok();
        let statements = ran.stdout.lines();
        let statements = statements.filter_map(|line| line.trim().strip_suffix(';'));
        let quoted = statements.filter(|line| line.starts_with('"'));
        let (edges, stages): (BTreeSet<_>, BTreeSet<_>) = quoted
            .map(str::to_owned)
            .partition(|line| line.contains("->"));
        let stages: BTreeSet<String> = stages
            .iter()
            .map(|line| line.trim_matches('"').to_owned())
            .collect();
        let name = project.display();
        assert_eq!(
            stages,
            lines(&project.join("EXPECTED_STAGES.txt")),
            "{name}"
        );
        assert_eq!(edges, lines(&project.join("EXPECTED_EDGES.txt")), "{name}");
    }
}
