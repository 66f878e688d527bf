//! Reports of runs: in the record, as a page, a notebook, PDF and CSV, by templates of the user.

use crate::support::Space;
use std::process::Command;

/// A stage that scores, and one that may be left out.
fn project() -> Space {
    let space = Space::new(
        "stages:
  train:
    cmd: grep lr $KASLITE_PARAMS > model && cp scores model.json
    deps: [scores]
    params: [train]
    outs: [model]
    metrics: [model.json]
    plots: [curve.csv]
",
    );
    space.edit(
        "pipeline.yaml",
        "cp scores model.json",
        "cp scores model.json && cp points curve.csv",
    );
    space.edit("pipeline.yaml", "deps: [scores]", "deps: [scores, points]");
    space.write("params.yaml", "train:\n  lr: 0.5\n  name: <b>&\n");
    space.write("scores", "{\"metric\": {\"accuracy\": 0.75}}\n");
    space.write("points", "epoch,loss\n1,3\n2,1\n");
    space
}

fn record(space: &Space, name: &str) -> String {
    let run = space.kaslite("runs show latest --json").ok().json();
    let run = run["run_id"].as_str().expect("a name").to_owned();
    format!("results/runs/{run}/{name}")
}

fn summary(space: &Space) -> serde_json::Value {
    serde_json::from_str(&space.read(&record(space, "summary.json"))).expect("JSON")
}

#[test]
fn every_record_has_a_report_that_tells_it_all() {
    let space = project();
    space.kaslite("repro --tag first --description a|b").ok();
    let report = space.read(&record(&space, "REPORT.md"));
    for part in [
        "| outcome | done |",
        "| tags | first |",
        "| about | a\\|b |",
        "| `train` | done |",
        "| `params.yaml` | `train.name` | `<b>&` |",
        "| `model.json` | `metric.accuracy` | 0.75 |",
        "| `metrics.model.json` | success |",
        "| `report` | disabled | no stage uses `report` |",
    ] {
        assert!(report.contains(part), "no `{part}` in:\n{report}");
    }
    space.kaslite("repro --set train.lr=0.25").ok();
    let report = space.read(&record(&space, "REPORT.md"));
    assert!(report.contains("| `train.lr` | 0.5 | 0.25 |"), "{report}");
    assert!(report.contains("No metric differs."), "{report}");
}

#[test]
fn each_component_says_that_it_is_there_is_not_asked_for_or_failed() {
    let space = project();
    let state = |name: &str| {
        space.kaslite("repro -f");
        let component = summary(&space)["components"][name].clone();
        let text = |key: &str| component[key].as_str().unwrap_or_default().to_owned();
        (text("status"), text("reason"), text("to_enable"))
    };
    let success = ("success".to_owned(), String::new(), String::new());
    assert_eq!(state("metrics.model.json"), success);
    assert_eq!(state("plots.curve.csv"), success);
    // Damaged.
    space.write("scores", "{\"metric\": ");
    space.write("points", "");
    let (status, reason, _) = state("metrics.model.json");
    assert_eq!(status, "failed");
    assert!(
        reason.starts_with("`model.json` cannot be read as metrics: line 1"),
        "{reason}"
    );
    let (status, reason, _) = state("plots.curve.csv");
    assert_eq!(
        (status.as_str(), reason.contains("no records")),
        ("failed", true),
        "{reason}"
    );
    // Of a stage that fails.
    space.write("scores", "{}");
    space.edit("pipeline.yaml", "cp points", "false && cp points");
    let (status, reason, _) = state("metrics.model.json");
    assert_eq!(
        (status.as_str(), reason.as_str()),
        ("failed", "the stage `train` failed")
    );
    // Not asked for.
    space.edit(
        "pipeline.yaml",
        "    metrics: [model.json]\n    plots: [curve.csv]\n",
        "",
    );
    let (status, reason, to_enable) = state("metrics");
    assert_eq!(
        (status.as_str(), reason.as_str()),
        ("disabled", "no stage declares metrics")
    );
    assert!(to_enable.contains("metrics: [FILE]"));
    assert_eq!(state("plots").0, "disabled");
    let (status, reason, to_enable) = state("report");
    assert_eq!(
        (status.as_str(), reason.as_str()),
        ("disabled", "no stage uses `report`")
    );
    assert!(to_enable.contains("uses: report"));
}

#[test]
fn the_parts_of_the_report_have_their_state_too() {
    let space = Space::new(
        "stages:
  report: {uses: report, deps: [notes], params: [report], outs: [REPORT.md, figures/]}
",
    );
    space.write("notes", "x\n");
    space.repro();
    let components = summary(&space)["components"].clone();
    for (name, status) in [
        ("report.provenance", "success"),
        ("report.files", "success"),
        ("report.data", "disabled"),
        ("report.params", "disabled"),
        ("report.training", "disabled"),
        ("report.training.learning_curve", "disabled"),
        ("report.training.seed_timeline", "disabled"),
        ("report.counterfactual", "disabled"),
        ("report.counterfactual.configurations", "disabled"),
        ("report.counterfactual.contributions", "disabled"),
        ("report.sweep", "disabled"),
        ("report.sweep.trials", "disabled"),
    ] {
        assert_eq!(components[name]["status"], status, "{name}");
        let hint = components[name]["to_enable"].as_str().unwrap_or_default();
        assert_eq!(status == "disabled", !hint.is_empty(), "{name}");
    }
    let report = space.read("REPORT.md");
    assert!(
        report.contains("| `training.learning_curve` | disabled |"),
        "{report}"
    );
}

#[test]
fn a_page_needs_nothing_else_and_shows_what_it_is_given() {
    let space = project();
    space.kaslite("repro").ok();
    space.kaslite("repro --set train.lr=0.25").ok();
    let printed = space.kaslite("report latest --html").ok();
    assert_eq!(
        printed.stdout.trim(),
        space
            .path(&record(&space, "REPORT.html"))
            .display()
            .to_string()
    );
    let page = space.read(&record(&space, "REPORT.html"));
    assert!(page.contains("<code>&lt;b&gt;&amp;</code>"), "{page}");
    space
        .kaslite("report latest~1 latest --html -o both.html")
        .ok();
    for name in [&record(&space, "REPORT.html"), "both.html"] {
        let page = space.read(name);
        assert!(page.starts_with("<!doctype html>"), "{page}");
        for outside in [
            "http://",
            "https://",
            "src=",
            "<link rel=\"stylesheet",
            "@import",
            "url(",
        ] {
            let own = page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
            assert!(!own.contains(outside), "{outside} in {name}");
        }
    }
}

#[test]
fn numbers_come_as_csv_and_a_notebook_is_one() {
    let space = project();
    space.kaslite("repro").ok();
    space.kaslite("repro --set train.lr=0.25").ok();
    let csv = space.kaslite("report latest~1 latest --csv").ok();
    assert!(
        csv.stdout.contains("\nmetric.accuracy,0.75,0.75\n"),
        "{}",
        csv.stdout
    );
    assert!(
        csv.stdout.contains("\ntrain.lr,0.5,0.25\n"),
        "{}",
        csv.stdout
    );
    space.kaslite("report latest --ipynb -o n.ipynb").ok();
    let notebook: serde_json::Value = serde_json::from_str(&space.read("n.ipynb")).expect("JSON");
    assert_eq!(notebook["nbformat"], 4);
    for cell in notebook["cells"].as_array().expect("cells") {
        assert!(
            cell["id"].is_string() && cell["source"].is_array(),
            "{cell}"
        );
    }
}

#[test]
fn a_template_of_the_user_extends_ours_and_its_mistakes_have_a_line() {
    let space = project();
    space.kaslite("repro").ok();
    space.write(
        "mine/run.html.j2",
        "{% extends \"kaslite/RUNS.html.j2\" %}\n{% block figures %}<p>{% include \"words.j2\" %}</p>{% endblock %}\n",
    );
    space.write("mine/words.j2", "of {{ runs[0].run_id }} alone");
    space
        .kaslite("report latest --html --template mine/run.html.j2 -o out.html")
        .ok();
    let page = space.read("out.html");
    assert!(
        page.contains("<p>of repro_") && page.contains("<h2>Stages</h2>"),
        "{page}"
    );
    assert!(!page.contains("<h2>Curves</h2>"));
    let mut said = String::new();
    for (text, file) in [
        ("{{ titel }}", "run.html.j2"),
        ("a\n{% if %}", "run.html.j2"),
        ("{{ title", "run.html.j2"),
        ("a\n\n{{ title|nothing }}", "run.html.j2"),
        ("{% extends \"kaslite/none.j2\" %}", "run.html.j2"),
        ("{% include \"words.j2\" %}\n", "words.j2"),
        ("{{ runs[0].run_id|num(2) }}", "run.html.j2"),
        ("{% for run in runs %}", "run.html.j2"),
    ] {
        space.write("mine/run.html.j2", text);
        space.write("mine/words.j2", "one\n{{ nothing.at.all }}");
        let ran = space
            .kaslite("report latest --html --template mine/run.html.j2 -o bad.html")
            .exits(2);
        assert!(ran.stderr.contains(file), "{}", ran.stderr);
        said += &ran.stderr;
    }
    insta::assert_snapshot!(crate::support::redact(&said, space.root()));
    assert!(!space.has("bad.html"));
    space
        .kaslite("report latest --html --template gone.j2")
        .exits(2)
        .says("gone.j2");
}

#[test]
fn what_cannot_be_reported_on_is_refused() {
    let space = project();
    space
        .kaslite("report")
        .exits(2)
        .says("`kaslite report latest`");
    space
        .kaslite("report train")
        .exits(2)
        .says("the stage `train` does not use `report`");
    space
        .kaslite("report latest")
        .exits(2)
        .says("no run is called `latest`");
    space.kaslite("report latest --html --csv").exits(2);
}

#[test]
fn without_a_browser_pdf_says_what_to_do() {
    let mut space = project();
    space.kaslite("repro").ok();
    let path = std::env::var("PATH").unwrap_or_default();
    space.set("KASLITE_BROWSER", "no-such-browser");
    space
        .kaslite("report latest --pdf -o r.pdf")
        .exits(2)
        .says("cannot start `no-such-browser`");
    assert!(!space.has("r.pdf"));
    let there =
        |name: &&str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    let Some(browser) = ["chromium", "google-chrome"]
        .into_iter()
        .find(|name| there(name))
    else {
        return eprintln!("skipped: no browser on the PATH");
    };
    space.set("KASLITE_BROWSER", browser);
    space.kaslite("report latest --pdf -o r.pdf").ok();
    let pdf = std::fs::read(space.path("r.pdf")).expect("a PDF");
    assert!(pdf.starts_with(b"%PDF-"));
}

#[test]
fn the_notebook_runs_where_jupyter_is() {
    let space = project();
    space.kaslite("repro").ok();
    space.kaslite("report latest --ipynb -o n.ipynb").ok();
    let script = "import nbformat, nbclient; n = nbformat.read('n.ipynb', 4); nbformat.validate(n); nbclient.NotebookClient(n, timeout=300).execute()";
    let python = std::env::var("KASLITE_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let can = Command::new(&python)
        .args([
            "-c",
            "import nbclient, nbformat, ipykernel, pandas, matplotlib",
        ])
        .output();
    if !can.is_ok_and(|ran| ran.status.success()) {
        return eprintln!("skipped: no Python with nbclient, pandas and matplotlib");
    }
    space
        .finish(space.program(&python).args(["-c", script]))
        .ok();
}
