//! What experiment management must do, criterion by criterion. The first is in `components`.

use crate::support::has_git;
use crate::training::project::small;

#[test]
fn criterion_2_all_losses_are_seen_while_it_trains_and_in_the_end() {
    let space = small();
    let said = space.kaslite("repro train -q").ok();
    assert_eq!(said.stderr, "", "the log does not depend on the terminal");
    let run = space.records().pop().expect("a run");
    let record = |name: &str| space.read(&format!("results/runs/{run}/{name}"));
    let log = record("logs/train.log");
    let shape = r"^\S+ \S+ INFO    train: Epoch +\d+/42 \| loss.train: +(-|\d\.\d{4}) \| loss.val: +\d\.\d{4} \| metric.accuracy.val: +\d\.\d{4} ";
    let shape = regex::Regex::new(shape).expect("a sound pattern");
    let epochs = log.lines().filter(|line| shape.is_match(line));
    assert_eq!(epochs.count(), 42, "{log}");
    let titles = record("logs/metrics.csv");
    let titles = titles.lines().next().expect("titles").to_owned();
    let summary: serde_json::Value = serde_json::from_str(&record("summary.json")).expect("JSON");
    let metrics = &summary["metrics"]["results/train/metrics.json"];
    for loss in ["loss.train", "loss.val"] {
        assert!(titles.contains(&format!(",{loss},")), "{titles}");
        assert!(metrics[format!("{loss}.final")].is_f64(), "{metrics}");
        assert!(record("REPORT.md").contains(&format!("`{loss}.final`")));
    }
    // While it trains: on a terminal that is no terminal, every tenth part.
    let said = space.kaslite("repro train -f --no-run-cache").ok();
    let lines = said
        .stderr
        .lines()
        .filter(|line| line.contains("| loss.train: "));
    assert!(lines.filter(|line| line.contains("| loss.val: ")).count() >= 10);
}

#[test]
fn criterion_3_a_record_holds_all_that_it_takes_to_make_the_run_again() {
    if !has_git() {
        return;
    }
    let space = small();
    space.git("init -q");
    space.git("add -A");
    space.git("commit -q -m first");
    space.edit("params.yaml", "hidden_dim: 16", "hidden_dim: 12");
    let line = "repro train --set train.lr=0.004 --name again --tag a --description why";
    space.kaslite(line).ok();
    let run = space.records().pop().expect("a run");
    let config = space.read(&format!("results/runs/{run}/config.yaml"));
    for part in [
        "name: again",
        "description: why",
        "- a\n",
        "status: exploratory",
        &format!("run_id: {run}"),
        "git_dirty: true",
        "base_config: params.yaml",
        "cli_overrides:\n    train.lr: 0.004",
        "config_changes:\n    train.lr: 0.003",
        "resumed_from: null",
        "resumed_epoch: null",
        "hidden_dim: 12",
    ] {
        assert!(config.contains(part), "no `{part}` in:\n{config}");
    }
    let commit = space.git("rev-parse HEAD");
    assert!(config.contains(&format!("git_commit: {}", commit.trim())));
    space.edit("params.yaml", "hidden_dim: 12", "hidden_dim: 8");
    let replayed = space.kaslite(&format!("runs replay {run} --into ../again --json"));
    let json = replayed.ok().json();
    assert_eq!(json["equal"], true, "{json}");
}

#[test]
fn criterion_4_a_quick_override_edits_no_file() {
    let space = small();
    let before = (space.read("params.yaml"), space.read("pipeline.yaml"));
    space
        .kaslite("repro train --set train.warm_up_epochs=2 --set train.adaptation_epochs=3")
        .ok();
    assert_eq!(
        (space.read("params.yaml"), space.read("pipeline.yaml")),
        before
    );
    let shown = space.kaslite("runs show --json").ok().json();
    assert_eq!(
        shown["experiment"]["cli_overrides"]["train.warm_up_epochs"],
        2
    );
    assert_eq!(
        shown["experiment"]["config_changes"]["train.warm_up_epochs"],
        12
    );
    space
        .kaslite("repro train --set train.warm_up_epoch=2")
        .exits(2)
        .says("train.warm_up_epochs");
}

#[test]
fn criterion_5_the_log_says_why_something_is_missing() {
    let space = small();
    space.edit(
        "pipeline.yaml",
        "      - results/sweep/\n    params: [report]",
        "    params: [report]",
    );
    space.kaslite("repro report -q").ok();
    space
        .kaslite("repro -q train sweep --set train.lr=1e30 -k")
        .exits(1);
    let [first, second] = [0, 1].map(|run| {
        let run = &space.records()[run];
        space.read(&format!("results/runs/{run}/logs/train.log"))
    });
    for (log, part) in [
        (&first, "INFO    train: runs: it has not run yet"),
        (
            &first,
            "INFO    component report.sweep: disabled: The stage of this report reads no out of a stage that uses `sweep`.; to enable: Add a stage with `uses: sweep`",
        ),
        (
            &first,
            "INFO    component plots: disabled: the pipeline declares no plots; to enable: ",
        ),
        (
            &first,
            "INFO    component metrics.results/sweep/metrics.json: disabled: the stage `sweep` was no part of the run",
        ),
        (
            &second,
            "INFO    train: runs: param train.lr 0.003 → 1.0e30",
        ),
        (&second, "ERROR   train: failed: "),
        (
            &second,
            "ERROR   component metrics.results/train/metrics.json: failed: the stage `train` failed",
        ),
        (&second, "the run is failed after "),
    ] {
        assert!(log.contains(part), "no `{part}` in:\n{log}");
    }
}
