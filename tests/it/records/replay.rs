//! A run is given back, and built again, from its record.

use crate::support::{Ran, Space, has_git};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

/// Three stages of shell: code in a file, data that git does not have, a helper no stage declares.
fn project() -> Space {
    let space = Space::new(
        "stages:
  train:
    cmd: sh train.sh $KASLITE_PARAMS
    deps: [train.sh, data/raw.csv]
    params: [train]
    outs: [model]
    metrics: [scores.json]
  test: {cmd: 'cat model data/raw.csv > tested', deps: [model, data/raw.csv], outs: [tested]}
",
    );
    space.write(
        "params.yaml",
        "train:\n  lr: 0.5\n  steps: 3\n  name: net\n",
    );
    space.write(
        "train.sh",
        ". ./helper.sh\ncat $1 data/raw.csv > model\nprintf '{\"score\": %s}' $(helped) > scores.json\n",
    );
    space.write("helper.sh", "helped() { echo 1; }\n");
    space.write("data/raw.csv", "1,2\n3,4\n");
    space.write(
        ".gitignore",
        ".kaslite/\nresults/\ndata/\nmodel\ntested\nscores.json\n",
    );
    space.git("init -q -b main");
    space.git("add .");
    space.git("commit -q -m one");
    // Dirty: code, a helper, and data that was never in git.
    space.edit("train.sh", "data/raw.csv >", "data/raw.csv train.sh >");
    space.edit("helper.sh", "echo 1", "echo 2");
    space
}

/// The overrides of [`run`], and what they are.
const SETS: [&str; 3] = ["train.lr=0.25", "train.steps=7", "train.name=wide"];

/// A run of it with three values given; its name.
fn run(space: &Space) -> String {
    let sets = SETS.map(|set| format!("--set={set}"));
    let line: Vec<&str> = ["repro"]
        .into_iter()
        .chain(sets.iter().map(String::as_str))
        .collect();
    space.run(&line).ok();
    space.records().pop().expect("a run")
}

/// A clone of the repository with nothing of the project but the record of the run.
fn elsewhere(space: &Space, run: &str) -> Space {
    let other = Space::empty();
    fs::remove_dir(other.root()).expect("an empty folder");
    let mut clone = other.program("git");
    clone
        .current_dir(other.beside(""))
        .args(["clone", "-q"])
        .args([space.root(), other.root()]);
    other.finish(&mut clone).ok();
    let record = format!("results/runs/{run}");
    let to = other.path(&record);
    fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
    let copied = Command::new("cp")
        .arg("-r")
        .arg(space.path(&record))
        .arg(&to)
        .status();
    assert!(copied.expect("cp").success());
    other
}

fn part(ran: &Ran, name: &str) -> Vec<String> {
    let parts = ran.json()["parts"][name]["differ"].clone();
    let differ = parts.as_array().expect("a list").clone();
    let name = |one: &serde_json::Value| one["name"].as_str().expect("a name").to_owned();
    differ.iter().map(name).collect()
}

#[test]
fn a_dirty_run_with_overrides_is_built_again_from_its_record_alone() {
    if !has_git() {
        return;
    }
    let space = project();
    let run = run(&space);
    let other = elsewhere(&space, &run);
    assert!(
        other.read("train.sh").contains("data/raw.csv > model"),
        "the clone is clean"
    );
    let replayed = other
        .run(&["runs", "replay", &run, "--into", "../again"])
        .ok();
    for out in ["model", "tested", "scores.json"] {
        let again = fs::read(other.beside("again").join(out)).expect("an out");
        assert_eq!(again, fs::read(space.path(out)).expect("an out"), "{out}");
    }
    for line in [
        "environment  equal",
        "params       equal",
        "code         equal",
        "data         equal (1)",
        "outs         equal (3)",
        "metrics      equal (1)",
    ] {
        assert!(
            replayed.stdout.contains(line),
            "no `{line}` in {}",
            replayed.text()
        );
    }
    // Nothing of it touched the project.
    assert_eq!(other.git("status --porcelain"), "");
}

#[test]
fn a_replay_names_each_param_byte_of_data_and_line_of_code_that_differs() {
    if !has_git() {
        return;
    }
    let space = project();
    let run = run(&space);
    space.kaslite("runs replay latest --here").ok();
    space.edit("train.sh", "printf", "true\nprintf");
    space.edit("data/raw.csv", "3,4", "3,5");
    space.edit("params.yaml", "  name: net", "  name: net\n  depth: 2");
    let ran = space.kaslite("runs replay latest --here --json").exits(3);
    assert_eq!(part(&ran, "params"), ["train.depth"]);
    assert_eq!(part(&ran, "code"), ["train.sh:3"]);
    assert_eq!(part(&ran, "data"), ["data/raw.csv"]);
    assert_eq!(part(&ran, "outs"), ["model", "tested"]);
    assert_eq!(part(&ran, "environment"), [""; 0]);
    assert_eq!(part(&ran, "metrics"), [""; 0]);
    space.edit("helper.sh", "echo 2", "echo 3");
    let ran = space.kaslite("runs replay latest --here --json").exits(3);
    assert_eq!(part(&ran, "metrics"), ["scores.json: score"]);
    assert_eq!(part(&ran, "code"), ["helper.sh:1", "train.sh:3"]);
    // The record alone is still good.
    space.run(&["runs", "replay", &run]).ok();
}

#[test]
fn a_record_that_was_tampered_with_is_found_out() {
    if !has_git() {
        return;
    }
    let space = project();
    let run = run(&space);
    let record = format!("results/runs/{run}");
    space.edit(
        &format!("{record}/sources/files/data/raw.csv"),
        "3,4",
        "3,5",
    );
    space.edit(
        &format!("{record}/sources/files/train.sh"),
        "printf",
        "true\nprintf",
    );
    space.edit(
        &format!("{record}/config.yaml"),
        "train.lr: 0.25",
        "train.lr: 0.125",
    );
    let ran = space.kaslite("runs replay latest --json").exits(3);
    assert_eq!(part(&ran, "params"), ["train.lr"]);
    assert_eq!(part(&ran, "code"), ["train.sh is not what the run read"]);
    assert_eq!(
        part(&ran, "data"),
        ["data/raw.csv is not what the run read"]
    );
    assert_eq!(part(&ran, "outs"), ["model", "tested"]);
}

#[test]
fn the_diff_is_kept_and_has_no_secrets() {
    if !has_git() {
        return;
    }
    let space = project();
    space.write(
        "helper.sh",
        "password='hunter2hunter2'\nhelped() { echo 1; }\n",
    );
    let run = run(&space);
    let sources = format!("results/runs/{run}/sources");
    let patch = space.read(&format!("{sources}/changes.patch"));
    assert!(
        patch.contains("+cat $1 data/raw.csv train.sh > model"),
        "{patch}"
    );
    assert!(patch.contains("+password='********'"), "{patch}");
    assert!(
        !space
            .read(&format!("{sources}/files/helper.sh"))
            .contains("hunter2")
    );
    // Here it is still as it was; in another folder nobody knows the secret.
    space.run(&["runs", "replay", &run]).ok();
    let other = elsewhere(&space, &run);
    other
        .run(&["runs", "replay", &run])
        .exits(3)
        .prints("helper.sh had secrets, which the record does not hold");
}

#[test]
fn what_is_too_large_for_a_record_must_lie_there() {
    if !has_git() {
        return;
    }
    let space = project();
    space.write("data/raw.csv", "x".repeat(2 << 20));
    let run = run(&space);
    assert!(!space.has(&format!("results/runs/{run}/sources/files/data")));
    space.run(&["runs", "replay", &run]).ok();
    let other = elsewhere(&space, &run);
    other
        .run(&["runs", "replay", &run])
        .exits(2)
        .says("`data/raw.csv` is too large for the record, and not here");
    other.write("data/raw.csv", "x".repeat(2 << 20));
    other.run(&["runs", "replay", &run]).ok();
}

#[test]
fn outs_and_params_of_a_run_come_back_and_nothing_is_lost() {
    if !has_git() {
        return;
    }
    let space = project();
    space.git("checkout -q .");
    let first = run(&space);
    space.repro();
    space
        .run(&["runs", "checkout", &first])
        .ok()
        .prints("M params.yaml");
    assert!(space.read("params.yaml").contains("lr: 0.25"));
    space.kaslite("status").ok().prints("all fresh");
    // What the run was given stands in params.yaml now, and neither git nor a run has that.
    let before = space.files();
    space
        .kaslite("runs checkout latest")
        .exits(2)
        .says("neither git nor a run has it: `params.yaml`")
        .says("`--into DIR`");
    assert_eq!(space.files(), before);
    space.kaslite("repro -f").ok();
    space.kaslite("runs checkout latest~1").ok();
    assert!(space.read("params.yaml").contains("lr: 0.5"));
}

#[test]
fn the_very_sources_come_back_and_uncommitted_work_is_never_overwritten() {
    if !has_git() {
        return;
    }
    let space = project();
    fs::set_permissions(space.path("helper.sh"), fs::Permissions::from_mode(0o755))
        .expect("a file");
    let run = run(&space);
    let (train, helper) = (space.read("train.sh"), space.read("helper.sh"));
    space.git("checkout -q .");
    space.write("new.sh", "later\n");
    space.git("add new.sh");
    space.git("commit -q -m two");
    space.edit("train.sh", "printf", "true\nprintf");
    let before = space.files();
    space
        .run(&["runs", "checkout", &run, "--sources"])
        .exits(2)
        .says("`train.sh`");
    assert_eq!(space.files(), before);
    space.git("checkout -q .");
    space
        .run(&["runs", "checkout", &run, "--sources"])
        .ok()
        .prints("D new.sh");
    assert_eq!(
        (space.read("train.sh"), space.read("helper.sh")),
        (train.clone(), helper.clone())
    );
    assert!(!space.has("new.sh"));
    space.kaslite("status").ok().prints("all fresh");
    let into = space
        .run(&["runs", "checkout", &run, "--into", "../back"])
        .ok();
    assert!(into.stdout.contains("back"));
    let back = |name: &str| {
        fs::read_to_string(Path::new(&space.beside("back")).join(name)).expect("a file")
    };
    assert_eq!((back("train.sh"), back("helper.sh")), (train, helper));
    assert_eq!(back("model"), space.read("model"));
    let mode = space
        .beside("back/helper.sh")
        .metadata()
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o100, 0o100);
    let mut status = space.program(crate::support::kaslite());
    let status = space.finish(status.args(["status"]).current_dir(space.beside("back")));
    status.ok().prints("all fresh");
    space
        .run(&["runs", "checkout", &run, "--into", "../back"])
        .exits(2)
        .says("is there, and not empty");
}

#[test]
fn outside_of_git_the_files_that_stages_read_are_kept() {
    let space = Space::new("stages:\n  a: {cmd: sh a.sh, deps: [a.sh, in], outs: [out]}\n");
    space.write("a.sh", "cat in a.sh > out\n");
    space.write("in", "1\n");
    space.repro();
    space.remove("a.sh");
    space.write("in", "2\n");
    space.write("a.sh", "cat in > out\n");
    space
        .kaslite("runs replay latest")
        .ok()
        .prints("outs         equal (1)");
    let ran = space.kaslite("runs replay latest --here --json").exits(3);
    assert_eq!(
        (part(&ran, "code"), part(&ran, "data")),
        (vec!["a.sh:1".to_owned()], vec!["in".to_owned()])
    );
}

#[test]
fn a_stage_that_fails_when_it_is_run_again_is_no_difference_but_a_failure() {
    let space = Space::new("stages:\n  a: {cmd: test -e ../there && echo 1 > out, outs: [out]}\n");
    fs::write(space.beside("there"), "").expect("a file");
    space.repro();
    space
        .kaslite("runs replay latest")
        .exits(1)
        .says("a: failed");
    space.kaslite("runs replay nothing").exits(2);
}

#[test]
fn a_run_is_not_built_inside_of_a_project() {
    if !has_git() {
        return;
    }
    let space = Space::new("stages:\n  a: {cmd: echo 1 > out, outs: [out]}\n");
    space.git("init -q");
    space.repro();
    space
        .kaslite("runs replay latest --into sub")
        .exits(2)
        .says("lies in the project")
        .says("hint: name a folder outside of it");
    let left = fs::read_dir(space.path("sub")).expect("a folder").count();
    assert_eq!(left, 0);
}
