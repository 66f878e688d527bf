//! Small projects from end to end.

use kaslite_track::table::Table;
use serde_json::Value;

use crate::shared::tests::{PIPELINE, TestProject};

const FOLDER: &str = "results/size_curve";

fn project(section: &str, changes: &[(&str, &str)]) -> TestProject {
    let section = format!("size_curve: {section}\nsweep:");
    let changes = [&[("sweep:", section.as_str())], changes].concat();
    let project = TestProject::new(&changes);
    let stage = "
  size_curve:
    uses: size_curve
    deps: [data/samples.parquet]
    params: [size_curve, train, seeds, telemetry]
    outs: [results/size_curve/]
  control:
    uses: control
    deps: [data/samples.parquet]
    params: [control, train, seeds, telemetry]
    outs: [results/control/]
";
    project.write("pipeline.yaml", &(PIPELINE.to_owned() + stage));
    project
}

fn metrics(project: &TestProject) -> Value {
    project.json(&format!("{FOLDER}/metrics.json"))
}

fn table(project: &TestProject, name: &str) -> Table {
    project.table(&format!("{FOLDER}/{name}.parquet"))
}

#[test]
fn every_width_is_trained_for_as_long_as_the_network_that_grows() {
    let project = project("{widths: [4, 16], rng_seeds: 3}", &[]);
    project.repro("size_curve").assert_done("size_curve");
    let runs = table(&project, "size_curve");
    assert_eq!(runs.rows(), 3 * 4, "the network's own width, 8, is one");
    let widths = runs.cells::<i64>("width").unwrap();
    let sizes = runs.values::<i64>("parameters").unwrap();
    // Input and bias, two hidden layers, two classes.
    let host = |width: i64| 3 * width + 2 * (width + 1) * width + 2 * (width + 1);
    let mut grown = Vec::new();
    for (width, size) in widths.iter().zip(sizes) {
        match width {
            Some(width) => assert_eq!(size, host(*width)),
            None => grown.push(size),
        }
    }
    assert!(grown.iter().any(|size| *size > host(8)), "{grown:?}");
    let rates = |name: &str| {
        let epochs = project.table(&format!("{FOLDER}/trials/{name}/epochs.parquet"));
        assert_eq!(epochs.rows(), 12);
        epochs.cells::<f64>("learning_rate").unwrap().to_vec()
    };
    for rng_seed in 7..10 {
        let grown = rates(&format!("grown_{rng_seed}"));
        for width in [4, 8, 16] {
            assert_eq!(rates(&format!("host{width}_{rng_seed}")), grown);
        }
    }
    let by_width = table(&project, "sizes");
    assert_eq!(by_width.values::<i64>("width").unwrap(), [4, 8, 16]);
    assert_eq!(by_width.values::<i64>("n").unwrap(), [3, 3, 3]);
    let fitted = by_width.values::<f64>("fitted").unwrap();
    assert!(fitted.windows(2).all(|pair| pair[0] <= pair[1]));
    let metrics = metrics(&project);
    assert_eq!(metrics["runs"]["done"], 12);
    let equivalent = &metrics["equivalent_traditional_params"];
    assert_eq!(equivalent["smallest"], host(4) as f64);
    assert_eq!(equivalent["largest"], host(16) as f64);
    // Each with as much as it was measured from.
    let accuracies = by_width.values::<f64>("accuracy").unwrap();
    assert_eq!(metrics["baseline"]["accuracy"], accuracies[1]);
    let delta = &metrics["worth"]["accuracy_delta"]["mean"];
    let grown = metrics["grown"]["accuracy"].as_f64().unwrap();
    assert!((delta.as_f64().unwrap() - (grown - accuracies[1])).abs() < 1e-12);
}

/// What `control` has trained is not trained again: its network that grows, and the host of that width.
#[test]
fn runs_of_control_come_from_the_cache() {
    let project = project("{widths: '4', rng_seeds: 2}", &[]);
    project.write("params.yaml", &{
        let text = std::fs::read_to_string(project.path("params.yaml")).unwrap();
        text + "control: {rng_seeds: 2, lesions: false}\n"
    });
    project.repro("control").assert_done("control");
    let ran = project.repro("size_curve");
    ran.assert_done("size_curve");
    let log = ran.log("size_curve");
    let counts = [
        "2 runs: 0 trained, 2 from the cache",
        "4 runs: 2 trained, 2 from the cache",
    ];
    assert_eq!(log[..2], counts, "{log:?}");
}

#[test]
fn a_width_that_train_does_not_take_is_refused() {
    for (widths, reason) in [
        ("[4.5]", "each must be an int from 1"),
        ("'0,4'", "each must be an int from 1"),
        (
            "[8]",
            "names no width but 8, that of `train.hidden_dim`: a curve needs another",
        ),
    ] {
        let project = project(&format!("{{widths: {widths}, rng_seeds: 1}}"), &[]);
        let ran = project.repro("size_curve");
        let failure = ran.failure("size_curve");
        assert!(failure.starts_with("`size_curve.widths`"), "{failure}");
        assert!(failure.contains(reason), "{failure}");
        assert!(!project.path(FOLDER).join("metrics.json").exists());
    }
}

/// With a learning rate at which nothing but failure is to be had, the reason is that of the first run.
#[test]
fn where_all_fail_the_stage_does() {
    let project = project(
        "{widths: [4], rng_seeds: 1}",
        &[("lr: 0.01", "lr: 1.0e+30")],
    );
    let ran = project.repro("size_curve");
    let failure = ran.failure("size_curve");
    assert!(failure.starts_with("all 1 runs failed"), "{failure}");
}
