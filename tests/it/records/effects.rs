//! What happened to the metrics, beside the params that changed; and which metrics are a run's own.

use crate::support::Space;

/// A stage whose score is a sum of its params, and one that is made from it.
fn project() -> Space {
    let space = Space::new(
        "stages:
  train:
    cmd: sh train.sh $KASLITE_PARAMS
    deps: [train.sh]
    params: [train]
    metrics: [metrics.json]
  judge:
    cmd: 'cp metrics.json judged.json'
    deps: [metrics.json]
    metrics: [judged.json]
",
    );
    space.write(
        "train.sh",
        "lr=$(awk '/lr:/ {print $2}' $1)\nwidth=$(awk '/width:/ {print $2}' $1)\n\
         score=$(awk -v lr=$lr -v width=$width 'BEGIN {print lr + width / 8}')\n\
         echo \"{\\\"metric\\\": {\\\"accuracy\\\": $score}, \\\"loss\\\": {\\\"val\\\": 2}}\" > metrics.json\n",
    );
    space.write(
        "params.yaml",
        "train:\n  lr: 0.5\n  width: 1\n  layers: [8, 4]\n",
    );
    space
}

fn run(space: &Space, sets: &[&str]) {
    let mut line = vec!["repro", "train"];
    line.extend(sets.iter().flat_map(|set| ["--set", set]));
    space.run(&line).ok();
}

#[test]
fn each_param_has_what_runs_show_that_differ_in_it_alone() {
    let space = project();
    run(&space, &[]);
    run(&space, &["train.lr=0.25"]);
    run(&space, &["train.width=3"]);
    run(&space, &["train.width=3", "train.lr=0.25"]);
    run(
        &space,
        &["train.width=3", "train.lr=0.25", "train.layers=[8]"],
    );
    let json = space
        .kaslite("params diff latest~4 latest --metrics --json")
        .ok()
        .json();
    let row = |key: &str| {
        let rows = json["params"].as_array().expect("rows");
        rows.iter()
            .find(|row| row["key"] == key)
            .expect(key)
            .clone()
    };
    assert_eq!(row("train.lr")["alone"]["pairs"], 2);
    assert_eq!(
        row("train.lr")["alone"]["metrics"]["metric.accuracy"],
        -0.25
    );
    assert_eq!(row("train.width")["alone"]["pairs"], 2);
    assert_eq!(
        row("train.width")["alone"]["metrics"]["metric.accuracy"],
        0.25
    );
    assert_eq!(row("train.layers")["alone"]["pairs"], 1);
    assert_eq!(row("train.layers")["old"], serde_json::json!([8, 4]));
    assert_eq!(json["metrics"][0]["change"], 0.0, "they even out");
    let text = space
        .kaslite("params diff latest~4 latest --metrics=metric.accuracy")
        .ok()
        .prints("Δ metric.accuracy")
        .prints("2 pairs of runs")
        .prints("all together");
    assert!(!text.stdout.contains("loss.val"), "{}", text.text());
    space
        .kaslite("params diff latest~1 latest --metrics --md")
        .ok()
        .prints("| train.layers |");
    space
        .kaslite("params diff latest~1 latest --metrics=loss.va")
        .exits(2)
        .says("did you mean `loss.val`?");
    space
        .kaslite("params diff latest latest --metrics")
        .ok()
        .says("no difference between");
}

#[test]
fn numbers_have_their_relative_change() {
    let space = project();
    run(&space, &[]);
    run(&space, &["train.width=3"]);
    space
        .kaslite("metrics diff latest~1 latest")
        .ok()
        .prints("Relative")
        .prints("+40 %");
    let rows = space
        .kaslite("metrics diff latest~1 latest --json --all")
        .ok()
        .json();
    let row = |key: &str| {
        let rows = rows.as_array().expect("rows");
        rows.iter()
            .find(|row| row["key"] == key)
            .expect(key)
            .clone()
    };
    assert_eq!(row("metric.accuracy")["change"], 0.25);
    assert_eq!(row("metric.accuracy")["relative"], 0.4);
    assert_eq!(
        (&row("loss.val")["change"], &row("loss.val")["relative"]),
        (&0.0.into(), &0.0.into())
    );
    space.write(
        "metrics.json",
        "{\"metric\": {\"accuracy\": 0}, \"loss\": {\"val\": null}}",
    );
    let rows = space
        .kaslite("metrics diff workspace latest --json")
        .ok()
        .json();
    let of_zero = rows
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["key"] == "metric.accuracy");
    let of_zero = of_zero.expect("accuracy");
    assert_eq!(
        (&of_zero["change"], &of_zero["relative"]),
        (&0.875.into(), &serde_json::Value::Null)
    );
}

#[test]
fn a_tag_means_the_last_run_that_has_it() {
    let space = project();
    run(&space, &["train.lr=0.25"]);
    space.kaslite("runs tag latest first").ok();
    run(&space, &["train.lr=0.75"]);
    space
        .kaslite("params diff first latest")
        .ok()
        .prints("0.25")
        .prints("0.75");
    space
        .kaslite("params diff second latest")
        .exits(2)
        .says("no run is called `second`, and it is no git revision");
}

#[test]
fn metrics_of_a_stage_that_did_not_run_are_not_those_of_the_run() {
    let space = project();
    space.kaslite("repro").ok();
    run(&space, &["train.lr=0.25"]);
    let shown = space.kaslite("runs show latest --json").ok().json();
    assert_eq!(shown["metrics"]["metrics.json"]["metric.accuracy"], 0.375);
    assert_eq!(
        shown["metrics"]["judged.json"],
        serde_json::Value::Null,
        "it judged another run"
    );
    let state = &shown["components"]["metrics.judged.json"];
    assert_eq!(state["status"], "disabled");
    // Of one that failed, what lies there is not its own either.
    space.edit("train.sh", "echo", "false; echo");
    space.edit("train.sh", "> metrics.json", "> metrics.json; exit 3");
    space.kaslite("repro train").exits(1);
    let shown = space.kaslite("runs show latest --json").ok().json();
    assert_eq!(shown["metrics"], serde_json::json!({}));
}
