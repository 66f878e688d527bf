//! The size curve as users meet it: report, verdict, refusals.

use crate::training::project::thorough;

#[test]
fn report_and_verdict_say_how_large_a_host_is_as_accurate() {
    let space = thorough();
    space.kaslite("repro").ok();
    let report = space.read("results/REPORT.md");
    for part in [
        "## Size: how large a network without growth would have to be",
        "figures/size_curve.svg",
        "| `params_efficiency_ratio` |",
        "What the ratio does not say",
        "| `size_curve.size_curve` | success |",
    ] {
        assert!(
            report.contains(part),
            "no `{part}` in the report:\n{report}"
        );
    }
    let metrics = space.read("results/size_curve/metrics.json");
    let metrics: serde_json::Value = serde_json::from_str(&metrics).expect("JSON");
    let said = space.kaslite("verdict --json").ok().json();
    let winning = said["answers"][0]["text"].as_str().expect("a text");
    let (_, size) = winning.rsplit_once(". ").expect("two sentences");
    assert!(
        size.ends_with("(`results/size_curve/metrics.json`)"),
        "{winning}"
    );
    let equivalent = &metrics["equivalent_traditional_params"];
    let status = equivalent["status"].as_str().expect("a status");
    let number = equivalent["size"].as_f64();
    assert_eq!(number.is_some(), status == "within_range", "{equivalent}");
    if let Some(number) = number {
        assert!(
            winning.contains(&format!("needs {number:.0} weights")),
            "{winning}"
        );
    }
    // Taken out of the pipeline, it is told as disabled, and how to have it.
    space.edit("pipeline.yaml", "      - results/size_curve/\n", "");
    space.kaslite("repro report").ok();
    let report = space.read("results/REPORT.md");
    let row = report
        .lines()
        .find(|line| line.starts_with("| `size_curve` |"));
    let row = row.expect("a component");
    assert!(
        row.contains("| disabled |") && row.contains("`uses: size_curve`"),
        "{row}"
    );
}

#[test]
fn widths_that_are_none_are_refused() {
    let space = thorough();
    space
        .kaslite("repro size_curve --set size_curve.widths=wide")
        .exits(2)
        .says("`size_curve.widths` must be");
    space
        .kaslite("repro size_curve --set size_curve.rng_seeds=0")
        .exits(2)
        .says("`size_curve.rng_seeds` must be");
    space
        .kaslite("repro size_curve --set size_curve.widths=4.5")
        .exits(1)
        .says("`size_curve.widths`: each must be an int from 1 to 65536, not `4.5`");
    space
        .kaslite("repro size_curve --set size_curve.widths=16")
        .exits(1)
        .says("names no width but 16, that of `train.hidden_dim`: a curve needs another");
    assert!(!space.has("results/size_curve/metrics.json"));
}
