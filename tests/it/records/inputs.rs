//! Bad input to what finds, names and renders runs: one clear message each, and nothing is changed.

use crate::support::Space;

/// A project with one run.
fn project() -> Space {
    let space = Space::new(
        "stages:\n  train: {cmd: 'cp $KASLITE_PARAMS model', params: [train], outs: [model]}\n",
    );
    space.write(
        "params.yaml",
        "train: {lr: 0.5, layers: [8, 4], fast: false, name: net}\n",
    );
    space.repro();
    space
}

/// What is said to each of these, one after the other.
fn said(space: &Space, lines: &[&[&str]]) -> String {
    let before = (space.files(), space.records());
    let one = |line: &&[&str]| {
        let ran = space.run(line).exits(2);
        assert_eq!(ran.stdout, "", "{line:?}");
        format!("$ kaslite {}\n{}\n", line.join(" "), ran.stderr)
    };
    let text: String = lines.iter().map(one).collect();
    assert_eq!((space.files(), space.records()), before);
    crate::support::redact(&text, space.root())
}

#[test]
fn to_set() {
    let space = project();
    insta::assert_snapshot!(said(
        &space,
        &[
            &["repro", "--set", "train.lr"],
            &["repro", "--set", "=1"],
            &["repro", "--set", "train..lr=1"],
            &["repro", "--set", "train.lrr=1"],
            &["repro", "--set", "train.lr=fast"],
            &["repro", "--set", "train.fast=1"],
            &["repro", "--set", "train.layers=8"],
            &["repro", "--set", "train.layers=[8,"],
            &["repro", "--set", "train.layers.7=1"],
            &["repro", "--set", "other.yaml:a=1"],
            &["repro", "--params", "gone.yaml"],
        ]
    ));
}

#[test]
fn to_where() {
    let space = project();
    insta::assert_snapshot!(said(
        &space,
        &[
            &["runs", "list", "--where", ""],
            &["runs", "list", "--where", "train.lr <"],
            &["runs", "list", "--where", "train.lr = 0.5"],
            &["runs", "list", "--where", "train.lrr > 0"],
            &["runs", "list", "--where", "(train.lr > 0"],
            &["runs", "list", "--where", "status == 'keep"],
            &["runs", "list", "--where", "train.lr > 'a' + 1"],
            &["runs", "list", "--where", "nothing(train.lr)"],
            &["runs", "list", "--where", "train.lr | nothing"],
            &["runs", "list", "--sort", "train.lrr"],
        ]
    ));
}

#[test]
fn to_names_of_runs() {
    let space = project();
    insta::assert_snapshot!(said(
        &space,
        &[
            &["repro", "-f", "--name", "a/b"],
            &["repro", "-f", "--name", ""],
            &["repro", "-f", "--name", ".."],
            &["repro", "-f", "--status", "good"],
            &["runs", "show", "latest~5"],
            &["runs", "show", "reproo"],
            &["runs", "show", "../.."],
            &["runs", "show", ""],
            &["runs", "status", "latest", "good"],
            &["runs", "replay", "latest~x"],
        ]
    ));
}
