//! `kaslite params diff` and `kaslite metrics diff`.

use crate::support::{Ran, Space, has_git};
use serde_json::json;

const PIPELINE: &str = "\
stages:
  train:
    cmd: |
      tick
      printf '{\"acc\": %s, \"loss\": 1.5}' \"$(cat in.txt)\" > metrics.json
    deps: [in.txt]
    params: [train, {more.yaml: [k]}]
    metrics: [{metrics.json: {cache: false}}]
";

fn first() -> Space {
    let space = Space::new(PIPELINE);
    space.write("in.txt", "0.5");
    space.write("params.yaml", "train: {lr: 0.001, epochs: 10}\nunread: 1\n");
    space.write("more.yaml", "k: same\n");
    space
}

fn second(space: &Space) {
    space.write("in.txt", "0.75");
    space.write(
        "params.yaml",
        "train: {lr: 0.01, seed: 3, epochs: 10}\nunread: 2\n",
    );
}

/// Two runs.
fn twice() -> Space {
    let space = first();
    space.repro();
    second(&space);
    space.repro();
    space
}

/// The text with equal widths for the redacted names.
fn text(ran: Ran) -> String {
    let text = ran.ok().text();
    text.lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n")
        .collect()
}

#[test]
fn b157_params_between_two_runs() {
    let space = twice();
    insta::assert_snapshot!(text(space.kaslite("params diff latest~1 latest")));
}

#[test]
fn b155_params_with_what_is_equal() {
    let space = twice();
    insta::assert_snapshot!(text(space.kaslite("params diff latest~1 latest --all")));
}

#[test]
fn b155_files_can_be_chosen_and_left_unnamed() {
    let space = twice();
    space.write("more.yaml", "k: [1, 2]\n");
    let ran = space.kaslite("params diff latest").ok();
    assert!(ran.stdout.contains("more.yaml") || !ran.stdout.contains("File"));
    let ran = space
        .kaslite("params diff latest~1 --targets more.yaml")
        .ok();
    let ran = ran.prints("[1, 2]");
    assert!(!ran.stdout.contains("train.lr"), "{}", ran.text());
    let ran = space
        .kaslite("params diff latest~1")
        .ok()
        .prints("params.yaml");
    assert!(ran.stdout.contains("File"), "{}", ran.text());
    let ran = space.kaslite("params diff latest~1 --no-path").ok();
    let ran = ran.prints("train.lr");
    assert!(!ran.stdout.contains("params.yaml"), "{}", ran.text());
}

#[test]
fn b158_decimals_can_be_limited() {
    let space = twice();
    space.write("metrics.json", "{\"acc\": 0.123456789}");
    space
        .kaslite("metrics diff latest --precision 3")
        .ok()
        .prints("0.123")
        .prints("-0.627");
}

#[test]
fn b155_params_as_json() {
    let space = twice();
    let rows = space
        .kaslite("params diff latest~1 latest --json")
        .ok()
        .json();
    let row = |key: &str, old: serde_json::Value, new: serde_json::Value| {
        let row = rows
            .as_array()
            .expect("rows")
            .iter()
            .find(|row| row["key"] == key)
            .expect(key);
        assert_eq!(
            (&row["file"], &row["old"], &row["new"]),
            (&json!("params.yaml"), &old, &new)
        );
    };
    row("train.lr", json!(0.001), json!(0.01));
    row("train.seed", json!(null), json!(3));
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
}

#[test]
fn b155_params_as_markdown() {
    let space = twice();
    let ran = space.kaslite("params diff latest~1 latest --md").ok();
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert!(
        lines
            .iter()
            .all(|line| line.starts_with('|') && line.ends_with('|')),
        "{}",
        ran.text()
    );
    assert!(
        lines[2].contains("train.lr") && lines[2].contains("0.001"),
        "{}",
        ran.text()
    );
    assert_eq!(lines.len(), 4);
}

#[test]
fn params_against_the_workspace() {
    let space = twice();
    space
        .kaslite("params diff latest workspace")
        .ok()
        .says("no difference");
    space.edit("params.yaml", "0.01", "0.5");
    space
        .kaslite("params diff latest")
        .ok()
        .prints("train.lr")
        .prints("0.5");
    space
        .kaslite("params diff")
        .ok()
        .prints("train.lr")
        .prints("0.5");
}

#[test]
fn b158_metrics_between_two_runs() {
    let space = twice();
    insta::assert_snapshot!(text(space.kaslite("metrics diff latest~1 latest --all")));
}

#[test]
fn b158_metrics_as_json_and_markdown() {
    let space = twice();
    let rows = space
        .kaslite("metrics diff latest~1 latest --json")
        .ok()
        .json();
    let row = json!({
        "file": "metrics.json", "key": "acc", "old": 0.5, "new": 0.75, "change": 0.25, "relative": 0.5
    });
    assert_eq!(rows, json!([row]));
    space
        .kaslite("metrics diff latest~1 latest --md")
        .ok()
        .prints("| acc ")
        .prints("+0.25");
    space.kaslite("metrics diff --json --md latest").exits(2);
}

#[test]
fn a_run_can_be_named_by_its_beginning() {
    let space = twice();
    let records = space.records();
    space
        .run(&["params", "diff", &records[0], "workspace"])
        .ok()
        .prints("train.lr");
    space
        .kaslite("params diff repro_ workspace")
        .exits(2)
        .says("could be any of");
}

#[test]
fn an_unknown_side_says_what_a_side_can_be() {
    let space = twice();
    insta::assert_snapshot!(space.kaslite("params diff nothing").text());
    space.kaslite("params diff latest~7").exits(2);
}

/// Two commits; the second one's lock and params are in place.
fn committed() -> Space {
    let space = first();
    space.git("init -q -b main");
    space.write(".gitignore", ".kaslite/\nresults/\nmetrics.json\n");
    space.repro();
    space.git("add .");
    space.git("commit -q -m one");
    second(&space);
    space.repro();
    space.git("add .");
    space.git("commit -q -m two");
    space
}

#[test]
fn b155_params_between_two_revisions() {
    if !has_git() {
        return;
    }
    let space = committed();
    space
        .kaslite("params diff HEAD~1 HEAD")
        .ok()
        .prints("train.lr")
        .prints("train.seed");
    space
        .kaslite("params diff")
        .ok()
        .says("no difference between HEAD and workspace");
    space.edit("params.yaml", "0.01", "0.5");
    space
        .kaslite("params diff")
        .ok()
        .prints("train.lr")
        .prints("0.5");
    space.git("tag first HEAD~1");
    space
        .kaslite("params diff first latest")
        .ok()
        .prints("0.001")
        .prints("0.01");
}

#[test]
fn metrics_between_two_revisions_that_git_keeps() {
    if !has_git() {
        return;
    }
    let space = first();
    space.git("init -q -b main");
    space.repro();
    space.git("add -f metrics.json in.txt params.yaml pipeline.yaml more.yaml pipeline.lock");
    space.git("commit -q -m one");
    second(&space);
    space.repro();
    space
        .kaslite("metrics diff HEAD")
        .ok()
        .prints("acc")
        .prints("+0.25");
}

#[test]
fn metrics_of_a_revision_that_git_does_not_keep_come_from_the_cache() {
    if !has_git() {
        return;
    }
    let space = first();
    space.edit(
        "pipeline.yaml",
        "{metrics.json: {cache: false}}",
        "metrics.json",
    );
    space.git("init -q -b main");
    space.write(".gitignore", ".kaslite/\nresults/\nmetrics.json\n");
    space.repro();
    space.git("add .");
    space.git("commit -q -m one");
    second(&space);
    space.repro();
    space
        .kaslite("metrics diff HEAD")
        .ok()
        .prints("acc")
        .prints("+0.25");
}

#[test]
fn b155_lists_are_compared_whole_nested_keys_are_dotted_and_what_is_gone_is_null() {
    let space = first();
    space.write(
        "params.yaml",
        "train: {layers: [1, 2], deep: {lr: 0.5}, old: 1}\n",
    );
    space.repro();
    space.write("params.yaml", "train: {layers: [1, 3], deep: {lr: 0.25}}\n");
    let rows = space.kaslite("params diff latest --json").ok().json();
    let row = |key: &str, old, new, change: serde_json::Value| json!({"file": "params.yaml", "key": key, "old": old, "new": new, "change": change[0], "relative": change[1]});
    let expected = [
        row(
            "train.deep.lr",
            json!(0.5),
            json!(0.25),
            json!([-0.25, -0.5]),
        ),
        row(
            "train.layers",
            json!([1, 2]),
            json!([1, 3]),
            json!([null, null]),
        ),
        row("train.old", json!(1), json!(null), json!([null, null])),
    ];
    assert_eq!(rows, json!(expected));
}
