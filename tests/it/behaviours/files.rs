//! Several pipeline files in one project: behaviour 106.

use crate::support::{Ran, Space, kaslite};

/// `data/dvc.yaml` makes what the root's `pipeline.yaml` reads, which makes what `deep/er/` reads.
fn several() -> Space {
    let space = Space::empty();
    space.git("init -q");
    space.write(
        "pipeline.yaml",
        "stages:\n  sum: {cmd: tick && cat data/a.txt > sum.txt, deps: [data/a.txt], outs: [sum.txt]}\n",
    );
    space.write(
        "data/dvc.yaml",
        "stages:
  get: {cmd: tick && cat ../raw.txt > a.txt, deps: [../raw.txt], outs: [a.txt], params: [n]}
",
    );
    space.write("data/params.yaml", "n: 1\n");
    space.write("raw.txt", "one\n");
    space.write(
        "deep/er/pipeline.yaml",
        "stages:\n  end: {cmd: tick && cp ../../sum.txt end.txt, deps: [../../sum.txt], outs: [end.txt]}\n",
    );
    space
}

/// Runs kaslite in a folder of the project.
fn within(space: &Space, folder: &str, line: &str) -> Ran {
    let mut command = space.program(kaslite());
    command.args(line.split_whitespace());
    space.finish(command.current_dir(space.path(folder)))
}

#[test]
fn b106_pipeline_files_of_sub_folders_are_one_graph() {
    let space = several();
    insta::assert_snapshot!(space.kaslite("dag").ok().stdout, @r"
    data/dvc.yaml:get
    sum                        ← data/dvc.yaml:get
    deep/er/pipeline.yaml:end  ← sum
    ");
    assert_eq!(
        space.repro(),
        ["data/dvc.yaml:get", "sum", "deep/er/pipeline.yaml:end"]
    );
    assert_eq!(space.read("deep/er/end.txt"), "one\n");
    space.write("data/params.yaml", "n: 2\n");
    insta::assert_snapshot!(space.kaslite("status --check").exits(3).stdout, @r"
    data/dvc.yaml:get: stale
      param    data/params.yaml:n       1 → 2
    sum: may become stale
      waits    data/dvc.yaml:get        may make something else
    deep/er/pipeline.yaml:end: may become stale
      waits    sum                      may make something else
    ");
    assert_eq!(space.repro(), ["data/dvc.yaml:get"]);
    assert!(space.repro().is_empty());
}

#[test]
fn b106_names_are_seen_from_the_folder_they_are_typed_in() {
    let space = several();
    for (folder, target, ran) in [
        ("data", "get", vec!["data/dvc.yaml:get"]),
        ("data", "dvc.yaml", vec!["data/dvc.yaml:get"]),
        ("data", "dvc.yaml:get", vec!["data/dvc.yaml:get"]),
        ("data", "a.txt", vec!["data/dvc.yaml:get"]),
        ("deep", "../data/dvc.yaml:get", vec!["data/dvc.yaml:get"]),
        ("", "data/dvc.yaml:g*", vec!["data/dvc.yaml:get"]),
        ("data", "../pipeline.yaml:sum", vec!["sum"]),
        ("data", ":get", vec!["data/dvc.yaml:get"]),
        // As they are printed, from anywhere.
        ("deep/er", "data/dvc.yaml:get", vec!["data/dvc.yaml:get"]),
        ("deep/er", "sum", vec!["sum"]),
        ("deep/er", "data/a.txt", vec!["data/dvc.yaml:get"]),
    ] {
        within(&space, folder, &format!("repro -s -f {target}")).ok();
        assert_eq!(space.ran(), ran, "{target} in {folder}");
    }
    space
        .kaslite("repro get")
        .exits(2)
        .says("data/dvc.yaml:get");
    space
        .kaslite("why data/dvc.yaml:nothing")
        .exits(2)
        .says("no stage");
}

#[test]
fn b106_a_folder_below_the_root_stands_for_its_own_file() {
    let space = several();
    within(&space, "data", "repro").ok();
    assert_eq!(space.ran(), ["data/dvc.yaml:get"]);
    within(&space, "data", "status --check").ok();
    within(&space, "data", "status --check -P").exits(3);
    // No pipeline file here: the whole project.
    within(&space, "deep", "repro").ok();
    assert_eq!(space.ran(), ["sum", "deep/er/pipeline.yaml:end"]);
    within(&space, "deep/er", "repro -P").ok();
    assert!(space.ran().is_empty());
}

#[test]
fn b106_each_file_has_its_lock_beside_it_and_a_folder_can_move() {
    let space = several();
    space.repro();
    let lock = space.read("data/dvc.kaslite.lock");
    assert!(
        lock.contains("  get:\n") && lock.contains("../raw.txt"),
        "{lock}"
    );
    assert!(!lock.contains("data/"), "{lock}");
    assert!(
        space
            .read("deep/er/pipeline.lock")
            .contains("../../sum.txt")
    );
    assert!(!space.lock().contains("end"));
    let before = space.files();
    space.write("raw.txt", "two\n");
    space.repro();
    space.write("raw.txt", "one\n");
    assert!(space.repro().is_empty(), "all is restored");
    assert_eq!(space.files(), before);
    // The folder as it is in another place.
    space.git("mv -k nothing nothing");
    let mut command = space.program("mv");
    space.finish(command.args(["deep/er", "deep/moved"])).ok();
    space.kaslite("status --check").ok();
}

#[test]
fn b106_a_new_file_and_a_removed_one_are_noticed_by_a_run_with_nothing_to_do() {
    let space = several();
    space.repro();
    assert!(space.repro().is_empty());
    assert!(space.repro().is_empty());
    space.write(
        "deep/pipeline.yaml",
        "stages:\n  new: {cmd: tick && touch new.txt, deps: [../raw.txt], outs: [new.txt]}\n",
    );
    space.kaslite("status --check").exits(3);
    assert_eq!(space.repro(), ["deep/pipeline.yaml:new"]);
    assert!(space.repro().is_empty());
    assert!(space.repro().is_empty());
    space.remove("deep/pipeline.yaml");
    space.kaslite("status").ok().says("").prints("3 stages");
    space.kaslite("status").ok().prints("3 stages");
    space.write(".gitignore", "/deep/\n");
    space.kaslite("status").ok().prints("2 stages");
    space.kaslite("status").ok().prints("2 stages");
    space.write(".gitignore", "");
    space.kaslite("status").ok().prints("3 stages");
}

#[test]
fn folders_that_are_left_out_are_not_searched() {
    let space = several();
    let broken = "stages: [";
    for folder in [
        ".hidden",
        "ignored/by/git",
        "ignored/by/dvc",
        "ignored/by/us",
        "other",
        "sub",
    ] {
        space.write(&format!("{folder}/pipeline.yaml"), broken);
    }
    space.write("results/runs/x/pipeline.yaml", broken);
    space.write("other/.git", "gitdir: elsewhere\n");
    space.write("sub/.dvc/config", "");
    space.write(".gitignore", "/ignored/by/git\n");
    space.write("ignored/.dvcignore", "by/dvc\n");
    space.write(".kasliteignore", "us/\n");
    space.kaslite("dag").ok();
    space.write(".kasliteignore", "");
    space
        .kaslite("dag")
        .exits(2)
        .says("ignored/by/us/pipeline.yaml:1");
}

#[test]
fn what_is_wrong_is_told_with_the_file_it_is_in() {
    let space = several();
    space.write(
        "deep/er/pipeline.yaml",
        "stages:
  end: {cmd: 'echo ${n}', dep: [a]}
  twice: {cmd: a, deps: [x.txt], outs: [../../sum.txt]}
",
    );
    insta::assert_snapshot!(space.kaslite("status").exits(2).stderr);
    space.write(
        "deep/er/pipeline.yaml",
        "stages:\n  end: {cmd: a, deps: [end.csv], outs: [end.txt]}\n",
    );
    insta::assert_snapshot!(space.kaslite("repro").exits(2).stderr);
}

#[test]
fn one_file_alone_is_taken_by_its_name() {
    let space = several();
    space.kaslite("--file data/dvc.yaml repro").ok();
    assert_eq!(space.ran(), ["data/dvc.yaml:get"]);
    space.kaslite("--file data/dvc.yaml repro get").ok();
    assert!(space.ran().is_empty());
    assert!(space.has("data/dvc.kaslite.lock") && !space.has("data/.kaslite"));
    space.repro();
    // The entries of other files stay.
    let before = space.files();
    space.kaslite("--file pipeline.yaml repro").ok();
    space.kaslite("--file data/dvc.yaml status --check").ok();
    assert_eq!(space.files(), before);
    space.kaslite("status --check").ok();
}

#[test]
fn the_root_is_that_of_dvc_or_of_the_topmost_file_in_git() {
    // Outside of git each folder is by itself, until kaslite ran above it.
    let space = several();
    space.remove(".git");
    within(&space, "deep/er", "dag").ok().prints("end\n");
    space.kaslite("repro").ok();
    within(&space, "deep/er", "dag")
        .ok()
        .prints("deep/er/pipeline.yaml:end");
    // DVC's folder is the root, whether a pipeline file is beside it or not.
    let space = Space::empty();
    space.write(".dvc/config", "");
    space.write(
        "pipelines/dvc.yaml",
        "stages:\n  a: {cmd: tick && cp in.txt out.txt, wdir: .., deps: [in.txt], outs: [out.txt]}\n",
    );
    space.write("in.txt", "one\n");
    assert_eq!(space.repro(), ["pipelines/dvc.yaml:a"]);
    within(&space, "pipelines", "status --check").ok();
    assert!(
        space
            .read("pipelines/dvc.kaslite.lock")
            .contains("wdir: ..")
    );
    assert!(space.has(".kaslite") && !space.has("pipelines/.kaslite"));
}

#[test]
fn a_revision_and_a_run_bring_back_what_all_files_made() {
    let space = several();
    space.write(".gitignore", ".kaslite/\nresults/\n*.txt\n!raw.txt\n");
    space.repro();
    space.git("add .");
    space.git("commit -q -m one");
    space.write("raw.txt", "two\n");
    space.repro();
    assert_eq!(space.read("deep/er/end.txt"), "two\n");
    space.kaslite("checkout HEAD").ok();
    assert_eq!(space.read("deep/er/end.txt"), "one\n");
    assert_eq!(space.read("data/a.txt"), "one\n");
    space.kaslite("checkout latest").ok();
    assert_eq!(space.read("data/a.txt"), "two\n");
    space.write("raw.txt", "one\n");
    assert!(space.repro().is_empty());
    // What another branch needs stays, though its file is not here now.
    space.git("checkout -q -b other");
    space.git("rm -q --cached data/dvc.yaml data/dvc.kaslite.lock");
    space.remove("data/dvc.yaml");
    space.remove("data/dvc.kaslite.lock");
    space.write(
        "pipeline.yaml",
        "stages:\n  x: {cmd: 'true', deps: [raw.txt]}\n",
    );
    space.remove("deep");
    space.kaslite("repro").ok();
    space.git("add -A");
    space.git("commit -q -m other");
    space.kaslite("gc -a").ok();
    space.git("checkout -q -f -");
    for name in ["data/a.txt", "sum.txt"] {
        if space.has(name) {
            space.remove(name);
        }
    }
    space.kaslite("checkout").ok();
    assert_eq!(space.read("data/a.txt"), "one\n");
}

#[test]
fn conflicts_in_several_locks_are_resolved_at_once() {
    let space = several();
    space.repro();
    for name in ["data/dvc.kaslite.lock", "pipeline.lock"] {
        let lock = space.read(name);
        space.write(
            name,
            format!("<<<<<<< ours\n{lock}=======\n{lock}>>>>>>> theirs\n"),
        );
    }
    space
        .kaslite("status")
        .exits(2)
        .says("kaslite git-merge-lock");
    space
        .kaslite("git-merge-lock")
        .ok()
        .says("git add pipeline.lock data/dvc.kaslite.lock");
    space.kaslite("status --check").ok();
    space.kaslite("init --git").ok();
    let attributes = space.read(".gitattributes");
    assert!(
        attributes.contains("dvc.kaslite.lock merge=")
            && attributes.contains("pipeline.lock merge=")
    );
}
