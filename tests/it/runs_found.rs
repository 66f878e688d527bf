//! Runs found again: filters, order, columns, and what is said of them afterwards.

use crate::support::{Ran, Space};

/// Three runs: lr 0.5, 0.25 and 0.125, whose score is the same; the last one failed and measured nothing.
fn three() -> Space {
    let space = Space::new(
        "stages:
  train:
    cmd: '${end} && echo \"{acc: {val: ${train.lr}}}\" > score.yaml'
    params: [end]
    metrics: [score.yaml]
  note: {cmd: echo x > y, params: [train], outs: [y]}
",
    );
    space.write("params.yaml", "train: {lr: 0.5, name: a}\nend: 'true'\n");
    space.kaslite("repro --name one --tag first").ok();
    space.write("params.yaml", "train: {lr: 0.25, name: b}\nend: 'true'\n");
    space
        .kaslite("repro --name two --tag second --status keep")
        .ok();
    space.write("params.yaml", "train: {lr: 0.125, name: c}\nend: 'false'\n");
    space.remove("score.yaml");
    space.kaslite("repro --name three -k").exits(1);
    space
}

/// The names of the runs that a table or list of one column has.
fn names(ran: &Ran) -> Vec<String> {
    let name = |line: &str| line.split('_').next().expect("a name").to_owned();
    ran.stdout.lines().skip(1).map(name).collect()
}

#[track_caller]
fn list(space: &Space, rest: &[&str]) -> Vec<String> {
    let line = [&["runs", "list", "--columns", "run"], rest].concat();
    names(&space.run(&line).ok())
}

#[test]
fn an_expression_finds_runs_by_params_metrics_and_what_is_said() {
    let space = three();
    for (expression, found) in [
        ("train.lr < 0.3", &["two", "three"][..]),
        ("train.lr < 0.5 and metric.acc.val >= 0.25", &["two"]),
        ("metric.acc.val > 0", &["one", "two"]),
        ("metric.acc.val is defined", &["one", "two"]),
        ("metric.acc.val is not defined", &["three"]),
        ("'first' in tags or train.name == 'b'", &["one", "two"]),
        // What was not measured is neither more nor less.
        ("metric.acc.val < 9", &["one", "two"]),
        ("not (metric.acc.val < 0.3)", &["one"]),
        ("train.name == 'c' or metric.acc.val > 9", &["three"]),
        ("status == 'keep'", &["two"]),
        ("status == 'failed' and outcome == 'failed'", &["three"]),
        ("not (ran > 1)", &["three"]),
        ("name == 'one'", &["one"]),
    ] {
        let chosen = list(&space, &["--where", expression]);
        assert_eq!(chosen, found, "{expression}");
    }
    for (expression, message) in [
        ("train.lrr < 1", "did you mean `train.lr`?"),
        ("acc.val < 1", "did you mean `metric.acc.val`?"),
        ("train.lr <", "`--where train.lr <`: "),
    ] {
        space
            .run(&["runs", "list", "--where", expression])
            .exits(2)
            .says(message);
    }
    space
        .run(&["runs", "list", "--where", "ran > 9"])
        .ok()
        .says("no run is like that");
}

#[test]
fn runs_are_sorted_by_any_value_and_those_without_it_come_last() {
    let space = three();
    assert_eq!(
        list(&space, &["--sort", "train.lr"]),
        ["three", "two", "one"]
    );
    assert_eq!(
        list(&space, &["--sort", "metric.acc.val"]),
        ["two", "one", "three"]
    );
    assert_eq!(
        list(&space, &["--sort", "metric.acc.val", "--reverse"]),
        ["one", "two", "three"]
    );
    assert_eq!(
        list(&space, &["--sort", "train.name", "--reverse", "-n2"]),
        ["two", "one"]
    );
    space
        .kaslite("runs list --sort train.x")
        .exits(2)
        .says("no run has a value `train.x`");
}

#[test]
fn columns_as_text_json_csv_and_markdown() {
    let space = three();
    let line = "runs list --columns name,train.lr,metric.acc.val,tags";
    let csv = space.kaslite(&format!("{line} --csv")).ok().stdout;
    assert_eq!(
        csv,
        "name,train.lr,metric.acc.val,tags\none,0.5,0.5,first\ntwo,0.25,0.25,second\nthree,0.125,,\n"
    );
    let json = space.kaslite(&format!("{line} --json")).ok().json();
    assert_eq!(
        json[2],
        serde_json::json!({"name": "three", "train.lr": 0.125, "metric.acc.val": null, "tags": []})
    );
    space
        .kaslite(&format!("{line} --md"))
        .ok()
        .prints("| three |    0.125 |              — |");
    let changed = space.kaslite("runs list --changed").ok();
    let header: Vec<&str> = changed
        .stdout
        .lines()
        .next()
        .expect("a header")
        .split_whitespace()
        .collect();
    assert_eq!(
        header,
        [
            "run",
            "status",
            "end",
            "train.lr",
            "train.name",
            "metric.acc.val"
        ]
    );
    let all = space.kaslite("runs list --csv").ok().stdout;
    assert!(all.starts_with("run,name,status,outcome,started,"), "{all}");
    assert_eq!(all.lines().count(), 4);
}

#[test]
fn what_is_said_of_a_run_can_be_changed() {
    let space = three();
    space
        .kaslite("runs tag one good best")
        .ok()
        .says("tags: first good best");
    space.kaslite("runs tag one first --remove").ok();
    space
        .kaslite("runs tag one first --remove")
        .exits(2)
        .says("has no tag `first`");
    space.kaslite("runs status one baseline").ok();
    space.run(&["runs", "note", "one", "the one: to beat"]).ok();
    space
        .kaslite("runs show one")
        .ok()
        .prints("status   baseline")
        .prints("tags     good best")
        .prints("note     the one: to beat");
    space
        .kaslite("runs list")
        .ok()
        .prints("good best")
        .prints("baseline");
    let config = space
        .records()
        .into_iter()
        .find(|run| run.starts_with("one"))
        .expect("a run");
    let config = space.read(&format!("results/runs/{config}/config.yaml"));
    assert!(config.contains("\ntrain:\n  lr: 0.5\n"), "{config}");
    space.run(&["runs", "note", "one", ""]).ok();
    let shown = space.kaslite("runs show one --json").ok().json();
    assert_eq!(shown["experiment"]["note"], serde_json::Value::Null);
    assert_eq!(shown["experiment"]["status"], "baseline");
    space
        .kaslite("runs status one fine")
        .exits(2)
        .says("exploratory, keep, baseline, failed");
    space
        .kaslite("runs note none x")
        .exits(2)
        .says("no run is called `none`");
}

#[test]
fn records_are_removed_by_name_or_expression_and_what_is_kept_stays() {
    let space = three();
    space
        .kaslite("runs rm two")
        .exits(2)
        .says("has the status keep");
    space
        .run(&["runs", "rm", "--where", "train.lr > 0", "--dry"])
        .ok()
        .says("would remove 2 runs");
    assert_eq!(space.records().len(), 3);
    space
        .run(&["runs", "rm", "--where", "train.lr > 0"])
        .ok()
        .says("removed 2 runs");
    assert_eq!(list(&space, &[]), ["two"]);
    space.kaslite("runs rm two --force").ok();
    space.kaslite("runs list").ok().says("no runs yet");
    space.kaslite("runs rm").exits(2);
    assert!(space.has("score.yaml") || space.has("y"), "outs stay");
}
