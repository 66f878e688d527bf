//! Changes of the pipeline file itself.

use crate::support::Space;

const TWO: &str = "\
stages:
  join:
    cmd: tick && cat x y > join && cp x copy
    deps: [x, y]
    params: [p, q]
    outs: [join, copy]
";

fn two() -> Space {
    let space = Space::new(TWO);
    for (name, text) in [
        ("x", "x\n"),
        ("y", "y\n"),
        ("z", "z\n"),
        ("params.yaml", "p: 1\nq: 2\n"),
    ] {
        space.write(name, text);
    }
    assert_eq!(space.repro(), ["join"]);
    space
}

#[track_caller]
fn stays_fresh(old: &str, new: &str) {
    let space = two();
    let lock = space.lock();
    space.edit("pipeline.yaml", old, new);
    space.kaslite("status --check").ok();
    assert!(space.repro().is_empty());
    assert_eq!(space.lock(), lock);
}

#[track_caller]
fn runs_again(old: &str, new: &str, reason: &str) {
    let space = two();
    space.edit("pipeline.yaml", old, new);
    space.kaslite("status --check").exits(3).prints(reason);
    assert_eq!(space.repro(), ["join"]);
    space.kaslite("status --check").ok();
}

#[test]
fn b012_another_command_is_run() {
    runs_again("cat x y", "cat y x", "command");
}

#[test]
fn b014_the_order_of_deps_does_not_count() {
    stays_fresh("[x, y]", "[y, x]");
}

#[test]
fn b014_the_order_of_outs_does_not_count() {
    stays_fresh("[join, copy]", "[copy, join]");
}

#[test]
fn b014_the_order_of_params_does_not_count() {
    stays_fresh("[p, q]", "[q, p]");
}

#[test]
fn the_order_of_keys_does_not_count() {
    stays_fresh(
        "    deps: [x, y]\n    params: [p, q]\n",
        "    params: [p, q]\n    deps: [x, y]\n",
    );
}

#[test]
fn b015_a_description_and_a_comment_do_not_count() {
    stays_fresh(
        "    deps",
        "    desc: joins two # with cat\n    # and a comment\n    deps",
    );
}

#[test]
fn b027_a_path_spelled_with_dots_is_the_same_path() {
    stays_fresh("[x, y]", "[./x, sub/../y]");
    stays_fresh("[join, copy]", "[./join, copy/]");
}

#[test]
fn quotes_and_style_of_the_yaml_do_not_count() {
    stays_fresh("[x, y]", "\n      - \"x\"\n      - 'y'");
}

#[test]
fn b016_an_added_dep_is_a_reason() {
    runs_again("[x, y]", "[x, y, z]", "added");
}

#[test]
fn a_removed_dep_is_a_reason() {
    runs_again("[x, y]", "[x]", "removed");
}

#[test]
fn b018_an_added_out_is_a_reason() {
    let space = two();
    space.edit("pipeline.yaml", "cp x copy\n", "cp x copy\n");
    space.edit("pipeline.yaml", "[join, copy]", "[join, copy, more]");
    space.edit("pipeline.yaml", "cp x copy", "cp x copy && cp x more");
    space.kaslite("status").ok().prints("outs     more");
    assert_eq!(space.repro(), ["join"]);
    assert_eq!(space.read("more"), "x\n");
}

#[test]
fn a_removed_out_is_a_reason() {
    runs_again("[join, copy]", "[join]", "outs     copy");
}

#[test]
fn a_declaration_put_back_is_restored_from_the_run_cache() {
    let space = two();
    let lock = space.lock();
    space.edit("pipeline.yaml", "cat x y", "cat y x");
    assert_eq!(space.repro(), ["join"]);
    assert_eq!(space.read("join"), "y\nx\n");
    space.edit("pipeline.yaml", "cat y x", "cat x y");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("join"), "x\ny\n");
    assert_eq!(space.lock(), lock);
}

#[test]
fn a_renamed_stage_is_restored_and_its_old_name_leaves_the_lock() {
    let space = two();
    space.edit("pipeline.yaml", "join:\n", "unite:\n");
    assert!(space.repro().is_empty());
    assert!(space.lock().contains("unite:"));
    assert!(!space.lock().contains("  join:\n    cmd"));
}

#[test]
fn a_stage_taken_out_of_the_pipeline_leaves_the_lock_and_its_outs_stay() {
    let space = two();
    space.write(
        "pipeline.yaml",
        format!("{TWO}  more: {{cmd: tick && cp z more, deps: [z], outs: [more]}}\n"),
    );
    assert_eq!(space.repro(), ["more"]);
    space.write("pipeline.yaml", TWO);
    assert!(space.repro().is_empty());
    assert!(!space.lock().contains("more"));
    assert!(space.has("more"));
}
