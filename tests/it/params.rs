//! Params: which keys count, and what a changed value is.

use crate::support::Space;

const PARAMS: &str = "\
train:
  lr: 0.001
  layers: [1, 2]
  note: hello
other:
  depth: 3
";

fn reads(params: &str) -> Space {
    let space = Space::new(&format!(
        "stages:
  a:
    cmd: tick && cp in.txt a.txt
    deps: [in.txt]
    params: {params}
    outs: [a.txt]
"
    ));
    space.write("in.txt", "one\n");
    space.write("params.yaml", PARAMS);
    space.write("more.yaml", "depth: 1\nwidth: 2\n");
    assert_eq!(space.repro(), ["a"]);
    space
}

#[track_caller]
fn counts(params: &str, old: &str, new: &str) {
    let space = reads(params);
    space.edit("params.yaml", old, new);
    space.kaslite("status --check").exits(3).prints("param");
    assert_eq!(space.repro(), ["a"], "{params}: {old} → {new}");
}

#[track_caller]
fn does_not_count(params: &str, old: &str, new: &str) {
    let space = reads(params);
    let lock = space.lock();
    space.edit("params.yaml", old, new);
    space.kaslite("status --check").ok();
    assert!(space.repro().is_empty(), "{params}: {old} → {new}");
    assert_eq!(space.lock(), lock);
}

#[test]
fn a_changed_value_of_a_key_that_is_read_counts() {
    counts("[train.lr]", "0.001", "0.002");
    counts("[train.note]", "hello", "goodbye");
    counts("[train.layers]", "[1, 2]", "[2, 1]");
}

#[test]
fn a_changed_value_of_a_key_that_is_not_read_does_not_count() {
    does_not_count("[train.lr]", "hello", "goodbye");
    does_not_count("[train.lr]", "depth: 3", "depth: 4");
    does_not_count(
        "[train.lr]",
        "  note: hello\n",
        "  note: hello\n  new: key\n",
    );
}

#[test]
fn a_section_counts_with_all_its_keys() {
    counts("[train]", "hello", "goodbye");
    counts("[train]", "  note: hello\n", "");
    counts("[train]", "  note: hello\n", "  note: hello\n  new: key\n");
    does_not_count("[train]", "depth: 3", "depth: 4");
}

#[test]
fn a_number_written_otherwise_is_the_same_number() {
    does_not_count("[train.lr]", "0.001", "1e-3");
    does_not_count("[train.lr]", "0.001", "1.0e-3");
    does_not_count("[train]", "0.001", "0.0010");
}

#[test]
fn the_order_of_keys_and_comments_do_not_count() {
    does_not_count(
        "[train]",
        "  lr: 0.001\n",
        "  # the learning rate\n  lr: 0.001 # small\n",
    );
    does_not_count(
        "[train]",
        "  lr: 0.001\n  layers: [1, 2]\n",
        "  layers: [1, 2]\n  lr: 0.001\n",
    );
}

#[test]
fn a_number_and_its_text_are_not_the_same() {
    counts("[train.lr]", "0.001", "'0.001'");
    counts("[other.depth]", "depth: 3", "depth: '3'");
}

#[test]
fn keys_of_another_params_file_count() {
    let space = reads("[{more.yaml: [depth]}]");
    space.edit("more.yaml", "width: 2", "width: 3");
    assert!(space.repro().is_empty());
    space.edit("more.yaml", "depth: 1", "depth: 9");
    space.kaslite("status").ok().prints("depth").prints("1 → 9");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn a_whole_other_params_file_counts() {
    let space = reads("[{more.yaml: }]");
    space.edit("more.yaml", "width: 2", "width: 3");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn a_value_put_back_is_restored() {
    let space = reads("[train.lr]");
    space.edit("params.yaml", "0.001", "0.5");
    assert_eq!(space.repro(), ["a"]);
    space.edit("params.yaml", "0.5", "0.001");
    assert!(space.repro().is_empty());
}

#[test]
fn a_missing_param_is_an_error_with_its_line() {
    let space = reads("[train.lr]");
    space.edit("params.yaml", "  lr: 0.001\n", "");
    insta::assert_snapshot!(space.kaslite("repro").text());
    space.edit("pipeline.yaml", "train.lr", "train.layer");
    space
        .kaslite("status")
        .exits(2)
        .says("did you mean `train.layers`?");
}

#[test]
fn a_missing_params_file_is_an_error_with_the_line_that_reads_it() {
    let space = reads("[train.lr]");
    space.remove("params.yaml");
    insta::assert_snapshot!(space.kaslite("repro").text());
}
