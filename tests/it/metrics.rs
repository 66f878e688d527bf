//! Metrics and plots: views on outs.

use crate::support::Space;

const VIEWS: &str = "\
stages:
  train:
    cmd: |
      tick
      mkdir -p out
      printf '{\"acc\": %s, \"deep\": {\"loss\": 0.25}}' \"$(cat in.txt)\" > out/metrics.json
      echo 'score: 7' > own.yaml
      echo 'x,y' > curve.csv
    deps: [in.txt]
    outs: [out]
    metrics: [out/metrics.json, {own.yaml: {cache: false}}]
    plots: [{curve.csv: {x: x, y: y}}]
";

fn views() -> Space {
    let space = Space::new(VIEWS);
    space.write("in.txt", "0.5");
    assert_eq!(space.repro(), ["train"]);
    space
}

#[test]
fn metrics_and_plots_are_outs_too() {
    let space = views();
    space.remove("curve.csv");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("curve.csv"), "x,y\n");
    space.remove("own.yaml");
    assert_eq!(space.repro(), ["train"], "it is not cached");
}

#[test]
fn a_metrics_file_inside_an_out_is_no_out_of_its_own() {
    let space = views();
    let lock = space.lock();
    assert!(lock.contains("      own.yaml:"));
    assert!(!lock.contains("      out/metrics.json:"));
}

#[test]
fn a_new_view_inside_an_out_makes_nothing_stale() {
    let space = views();
    space.edit(
        "pipeline.yaml",
        "    plots: [",
        "    plots: [out/metrics.json, ",
    );
    assert!(space.repro().is_empty());
}

#[test]
fn metrics_of_json_and_yaml_stand_in_the_run_record() {
    let space = views();
    let shown = space.kaslite("runs show --json").ok().json();
    assert_eq!(shown["metrics"]["out/metrics.json"]["acc"], 0.5);
    assert_eq!(shown["metrics"]["out/metrics.json"]["deep.loss"], 0.25);
    assert_eq!(shown["metrics"]["own.yaml"]["score"], 7);
}

#[test]
fn b158_metrics_are_shown_and_a_file_that_cannot_be_read_is_named() {
    let space = views();
    space
        .kaslite("metrics show")
        .ok()
        .prints("own.yaml")
        .prints("deep.loss   0.25");
    let shown = space.kaslite("metrics show --precision 1 --md").ok();
    let shown = shown.prints("| deep.loss |   0.2 |");
    assert!(shown.stdout.contains("|   0.5 |"), "{}", shown.text());
    space.write("own.yaml", "[broken");
    let ran = space.kaslite("metrics show --json").exits(2);
    assert_eq!(
        ran.json(),
        serde_json::json!({"out/metrics.json": {"acc": 0.5, "deep.loss": 0.25}})
    );
    let ran = ran.says("`own.yaml` cannot be read as metrics: line 1: ");
    assert!(!ran.stdout.contains("own.yaml"));
    let diff = space.kaslite("metrics diff latest --all").exits(2);
    diff.says("`own.yaml` cannot be read").prints("deep.loss");
    let first = space.kaslite("metrics show latest --json").ok().json();
    assert_eq!(first["own.yaml"]["score"], 7);
}

#[test]
fn metrics_that_cannot_be_read_are_left_out() {
    let space = views();
    space.edit("pipeline.yaml", "'score: 7'", "'[broken'");
    space.kaslite("repro").ok();
    let shown = space.kaslite("runs show --json").ok().json();
    assert!(shown["metrics"].get("own.yaml").is_none(), "{shown}");
}

#[test]
fn b158_metrics_in_toml() {
    let space = Space::new(
        "stages:
  train: {cmd: cp in.toml out.toml, deps: [in.toml], metrics: [out.toml]}
",
    );
    space.write("in.toml", "acc = 0.5\n[deep]\nloss = 1\n");
    space.kaslite("repro").ok();
    let shown = space.kaslite("metrics show --json").ok().json();
    let wanted = serde_json::json!({"out.toml": {"acc": 0.5, "deep.loss": 1}});
    assert_eq!(shown, wanted);
    space.write("in.toml", "acc = 0.75\n[deep]\nloss = 1\n");
    space.kaslite("repro").ok();
    let changed = space
        .kaslite("metrics diff latest~1 latest --json")
        .ok()
        .json();
    assert_eq!(changed[0]["change"], 0.25);
    space.write("out.toml", "acc = \n");
    space
        .kaslite("metrics show")
        .exits(2)
        .says("`out.toml` cannot be read as metrics: line 1: not TOML");
}
