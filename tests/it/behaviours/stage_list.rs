//! The stages of a pipeline, listed.

use crate::support::Space;

const PIPELINE: &str = "\
stages:
  second: {cmd: cp a.txt b.txt, deps: [a.txt], outs: [b.txt]}
  first: {cmd: echo > a.txt, desc: \"Makes the  data\\n for all\", outs: [a.txt]}
  look: {cmd: cat b.txt, deps: [b.txt]}
  each: {foreach: [x, y], do: {cmd: 'echo ${item}'}}
";

#[test]
fn b161_stages_are_listed_with_what_they_are_for() {
    let space = Space::new(PIPELINE);
    let listed = space.kaslite("stage list").ok().stdout;
    let lines: Vec<String> = listed
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        lines,
        [
            "Stage Description",
            "second makes b.txt",
            "first Makes the data for all",
            "look reads b.txt",
            "each@x",
            "each@y"
        ]
    );
    let names = space
        .kaslite("stage list --name-only each first")
        .ok()
        .stdout;
    assert_eq!(names, "first\neach@x\neach@y\n");
    let json = space.kaslite("stage list b.txt --json").ok().json();
    assert_eq!(json[0]["cmd"][0], "cp a.txt b.txt");
    assert_eq!(json[0]["deps"][0], "a.txt");
    assert_eq!(json[0]["desc"], serde_json::Value::Null);
    assert!(space.ran().is_empty() && !space.has(".kaslite"));
}

#[test]
fn b161_a_broken_file_fails_with_and_without_the_flag() {
    let space = Space::new("stages:\n  a: {cmd: x, dep: [y]}\n");
    for line in ["stage list", "stage list --fail"] {
        space.kaslite(line).exits(2).says("pipeline.yaml:2");
    }
}
