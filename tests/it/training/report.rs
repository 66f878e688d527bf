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
    space.kaslite("report --html -o page.html").ok();
    let page = space.read("page.html");
    assert!(page.matches("<svg ").count() >= 3, "its pictures are in it");
    assert!(!page.contains("Could not be made"), "{page}");
    space.kaslite("report --ipynb -o n.ipynb").ok();
    let notebook = space.read("n.ipynb");
    assert!(notebook.contains("pd.read_parquet(\\\"results/train/epochs.parquet\\\")"));
}

#[test]
fn each_epoch_tells_its_losses_by_names_that_are_in_the_table() {
    let space = small();
    let ran = space.kaslite("repro train").ok();
    let line = ran.stderr.lines().find(|line| line.contains("Epoch "));
    let line = line.expect("a line for an epoch");
    let shape = r"^train: Epoch +\d+/42 \| loss.train: +(-|\d\.\d{4}) \| loss.val: +\d\.\d{4} \| metric.accuracy.val: +\d\.\d{4} ";
    let shape = regex::Regex::new(shape).expect("a sound pattern");
    assert!(shape.is_match(line), "{line}");
    let run = space.records().pop().expect("a run");
    let table = space.read(&format!("results/runs/{run}/logs/metrics.csv"));
    let titles = table.lines().next().expect("titles").to_owned();
    assert_eq!(table.lines().count(), 43, "one line an epoch");
    let names = space.kaslite("metrics names --json").ok().json();
    let name = |name: &serde_json::Value| {
        let name = name["kaslite"].as_str().expect("a name");
        name.replace("{id}", "*")
    };
    let names: Vec<String> = names.as_array().expect("names").iter().map(name).collect();
    for title in titles.split(',').skip(2) {
        let parts: Vec<&str> = title.split('.').collect();
        let general = match parts.as_slice() {
            ["seed", _, last] => format!("seed.*.{last}"),
            _ => title.to_owned(),
        };
        assert!(
            names.contains(&general),
            "{title} is not in the table of names"
        );
    }
}

#[test]
fn a_single_stage_is_reported_on_alone() {
    let space = small();
    space
        .kaslite("report sweep")
        .exits(2)
        .says("the stage `sweep` has made nothing yet")
        .says("`kaslite repro sweep` runs it");
    space.kaslite("repro sweep").ok();
    let printed = space.kaslite("report sweep").ok().stdout;
    let place = space.path("results/sweep-report.md").display().to_string();
    assert_eq!(printed.trim(), place);
    let report = space.read("results/sweep-report.md");
    assert!(report.starts_with("# sweep\n"), "{report}");
    for figure in ["trials", "parameter_space"] {
        let path = format!("sweep-report-figures/{figure}.svg");
        assert!(report.contains(&format!("](<{path}>)")), "{report}");
        assert!(space.has(&format!("results/{path}")));
    }
    assert!(report.contains("## Sweep") && report.contains("## Data"));
    for other in [
        "## Training",
        "## Control",
        "Not part of this report",
        "## Verdict",
    ] {
        assert!(!report.contains(other), "{other} in:\n{report}");
    }
    space.kaslite("report sweep --html -o page.html").ok();
    let page = space.read("page.html");
    assert!(page.contains("<h2>Sweep</h2>") && !page.contains("<h2>Training</h2>"));
    space
        .kaslite("report sweep --csv")
        .ok()
        .prints("results/sweep/metrics.json,best.accuracy,");
    // What the stage made is as it was.
    assert!(space.kaslite("status sweep").ok().stdout.contains("fresh"));
    space.write(
        "own.md.j2",
        "{% extends \"kaslite/REPORT.md.j2\" %}\n{% block sweep %}own words{% endblock %}\n",
    );
    space
        .kaslite("report sweep --template own.md.j2 -o own.md")
        .ok();
    let own = space.read("own.md");
    assert!(
        own.contains("own words") && !own.contains("## Sweep"),
        "{own}"
    );
}

/// With a thousand times the learning rate.
#[test]
fn the_report_tells_what_went_wrong_and_an_older_one_is_named() {
    let space = small();
    space.kaslite("repro report").ok();
    assert!(!space.read("results/REPORT.md").contains("What went wrong"));
    space.kaslite("repro report --set train.lr=3.0").ok();
    let report = space.read("results/REPORT.md");
    for part in [
        "### What went wrong",
        "It began in epoch 1: the validation loss is ",
        "| 1 | `loss_spike` |",
        "`results/train/dense_batches.parquet`",
        "There is no last\ngood checkpoint",
    ] {
        assert!(report.contains(part), "no `{part}` in:\n{report}");
    }
    space.kaslite("report --html -o page.html").ok();
    assert!(space.read("page.html").contains("<h3>What went wrong</h3>"));
    let run = space.records().pop().expect("a run");
    let own = space.read(&format!("results/runs/{run}/REPORT.md"));
    assert!(
        own.contains("it began with `loss_spike` in epoch 1"),
        "{own}"
    );
    space
        .kaslite("repro report --set train.lr=1e30")
        .exits(1)
        .says("hint: `results/REPORT.md` is of an earlier run");
}

#[test]
fn one_class_to_validate_on_is_told_where_no_seed_grew() {
    let space = small();
    space.edit("params.yaml", "n_samples: 200", "n_samples: 20");
    space.edit(
        "params.yaml",
        "  patience: 3",
        "  patience: 100\n  train_frac: 0.95",
    );
    let ran = space.kaslite("repro report").ok();
    ran.says("their accuracy tells no classes apart");
    let report = space.read("results/REPORT.md");
    let row = report
        .lines()
        .find(|line| line.starts_with("| `training.validation` | failed |"));
    assert!(
        row.is_some_and(|row| row.contains("All validation samples have the class")),
        "{report}"
    );
}
