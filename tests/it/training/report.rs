//! What the report says of a real run.

use crate::training::project::small;

#[test]
fn the_report_tells_the_whole_run_and_names_what_is_missing() {
    let space = small();
    space.kaslite("repro").ok();
    let report = space.read("results/REPORT.md");
    for part in [
        "moons",
        "train.lr",
        "seed",
        "results/train/model.safetensors",
        "figures/learning_curve.svg",
    ] {
        let part = part.strip_prefix("train.").unwrap_or(part);
        assert!(
            report.contains(part),
            "no `{part}` in the report:\n{report}"
        );
    }
    for figure in report.lines().filter_map(|line| line.split("](<").nth(1)) {
        let path = figure.split(">)").next().expect("the end of a link");
        assert!(
            space.read(&format!("results/{path}")).contains("</svg>"),
            "{path}"
        );
    }
    assert!(!report.contains("Could not be made"), "{report}");
    // Without the sweep the report says so, and how to have it.
    space.edit(
        "pipeline.yaml",
        "      - results/counterfactual/\n      - results/sweep/\n",
        "      - results/counterfactual/\n",
    );
    space.kaslite("repro report").ok();
    let report = space.read("results/REPORT.md");
    assert!(
        report.contains("Not part of this report") && report.contains("uses: sweep"),
        "{report}"
    );
    space.kaslite("report -o other/REPORT.md").ok();
    assert!(space.has("other/figures/learning_curve.svg"));
}
