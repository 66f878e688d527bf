//! Where a project is: `-C`, `--file`, sub-folders.

use crate::freshness::{CHAIN, chain};
use crate::support::{Space, kaslite};

#[test]
fn another_pipeline_file_has_a_lock_of_its_own() {
    let space = chain();
    space.repro();
    let lock = space.lock();
    space.write("other.yaml", CHAIN.replace("c.txt", "other.txt"));
    space.kaslite("--file other.yaml repro").ok();
    assert_eq!(space.ran(), ["c"], "a and b are in the run cache");
    assert!(space.read("other.lock").contains("other.txt"));
    assert_eq!(space.lock(), lock);
    space.kaslite("status --check").ok();
    space.kaslite("repro --file other.yaml").ok();
    assert!(space.ran().is_empty());
}

#[test]
fn a_dvc_pipeline_runs_unchanged() {
    let space = Space::empty();
    space.write("dvc.yaml", CHAIN);
    space.write("in.txt", "one\n");
    space.kaslite("--file dvc.yaml repro").ok();
    assert_eq!(space.ran(), ["a", "b", "c"]);
}

#[test]
fn a_crash_of_one_pipeline_says_nothing_about_another() {
    let space = crate::schedule::waiting();
    space.write("other.yaml", CHAIN);
    let running = space.start("repro");
    space.wait_for("started");
    running.kill_all();
    running.wait();
    space.kaslite("--file other.yaml repro a").ok();
    assert!(
        !space.read("other.lock").contains("first"),
        "{}",
        space.read("other.lock")
    );
    space.write("go", "");
    space.ran();
    assert_eq!(space.repro(), ["slow", "last"]);
}

#[test]
fn a_project_is_found_from_its_sub_folders() {
    let space = chain();
    space.write("deep/er/x", "");
    let mut command = space.program(kaslite());
    space
        .finish(command.arg("repro").current_dir(space.path("deep/er")))
        .ok();
    assert_eq!(space.ran(), ["a", "b", "c"]);
    assert!(space.has("pipeline.lock") && !space.has("deep/er/pipeline.lock"));
}

#[test]
fn a_project_in_another_folder_is_named_by_c() {
    let space = chain();
    let root = space.root().to_str().expect("UTF-8").to_owned();
    let mut command = space.program(kaslite());
    space
        .finish(command.args(["-C", &root, "repro"]).current_dir("/"))
        .ok();
    assert_eq!(space.ran(), ["a", "b", "c"]);
    let mut command = space.program(kaslite());
    space
        .finish(
            command
                .args(["status", "--check", "-C", "project"])
                .current_dir(space.beside(".")),
        )
        .ok();
    space
        .kaslite("-C nowhere status")
        .exits(2)
        .says("is not a folder");
}

#[test]
fn a_pipeline_file_in_another_folder_makes_that_the_project() {
    let space = Space::empty();
    space.write("sub/pipeline.yaml", CHAIN);
    space.write("sub/in.txt", "one\n");
    space.kaslite("--file sub/pipeline.yaml repro").ok();
    assert_eq!(space.ran(), ["a", "b", "c"]);
    assert!(space.has("sub/pipeline.lock") && space.has("sub/c.txt") && space.has("sub/.kaslite"));
    space.kaslite("-C sub status --check").ok();
}

#[test]
fn outside_of_a_project_the_way_to_one_is_said() {
    let space = Space::empty();
    insta::assert_snapshot!(space.kaslite("repro").text());
    for line in [
        "status",
        "dag",
        "why a",
        "params diff",
        "metrics diff",
        "runs list",
        "report",
    ] {
        space.kaslite(line).exits(2).says("kaslite init");
    }
    space
        .kaslite("--file nowhere.yaml status")
        .exits(2)
        .says("nowhere.yaml");
    assert!(space.files().is_empty() && !space.has(".kaslite"));
}

#[test]
fn a_project_in_a_folder_with_odd_letters_works() {
    let space = Space::empty();
    space.write(
        "a b's \"ö\"/pipeline.yaml",
        "stages:\n  Übung: {cmd: tick && cp 'in put' 'out put', deps: [in put], outs: [out put]}\n",
    );
    space.write("a b's \"ö\"/in put", "one\n");
    space.run(&["-C", "a b's \"ö\"", "repro"]).ok();
    assert_eq!(space.ran(), ["Übung"]);
    space.run(&["-C", "a b's \"ö\"", "status", "--check"]).ok();
}
