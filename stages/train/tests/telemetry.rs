//! Every column of every table is filled, and says what is the case.

use std::collections::BTreeSet;

use kaslite_track::table::{Column, Table};

use crate::shared::tests::TestProject;

/// Seeds that tamiyo leads through gates that ask for little, and that join through gates of their own.
const LED: &str = "seeds: {controller: tamiyo, lesson: task, operator: gate, min_training_epochs: 2, tempo: fast, prune_epochs: 2, seeds_per_layer: 2";

/// A run with them.
fn led() -> TestProject {
    let project = TestProject::new(&[
        ("seeds: {seeds_per_layer: 2", LED),
        ("adaptation_epochs: 9", "adaptation_epochs: 60"),
    ]);
    project.repro("train").assert_done("train");
    project
}

fn filled(table: &Table) -> BTreeSet<&str> {
    let columns = table.columns().iter();
    let some = |column: &Column| match column {
        Column::F64(cells) => cells.iter().any(Option::is_some),
        Column::F32(cells) => cells.iter().any(Option::is_some),
        Column::I64(cells) => cells.iter().any(Option::is_some),
        Column::Bool(cells) => cells.iter().any(Option::is_some),
        Column::Text(cells) => cells.iter().any(Option::is_some),
    };
    columns
        .filter(|(_, column)| some(column))
        .map(|(name, _)| name.as_str())
        .collect()
}

#[test]
fn every_column_is_filled() {
    let project = led();
    for file in ["epochs", "slots", "policy", "gates", "matrix"] {
        let table = project.table(&format!("results/train/{file}.parquet"));
        let empty: Vec<&str> = table
            .columns()
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| *name != "not_finite" && !filled(&table).contains(name))
            .collect();
        assert_eq!(empty, [""; 0], "{file}");
    }
}

#[test]
fn every_slot_stands_in_every_epoch_and_stages_follow_each_other() {
    let project = led();
    let slots = project.table("results/train/slots.parquet");
    assert_eq!(slots.rows(), 63 * 4);
    let stages = slots.values::<String>("stage").unwrap();
    let reached: BTreeSet<&str> = stages.iter().map(String::as_str).collect();
    for stage in ["dormant", "germinated", "training", "blending"] {
        assert!(reached.contains(stage), "{stage}: {reached:?}");
    }
    let in_stage = slots.values::<i64>("epochs_in_stage").unwrap();
    for slot in 0..4 {
        for epoch in 1..63 {
            let (now, before) = (epoch * 4 + slot, (epoch - 1) * 4 + slot);
            if stages[now] == stages[before] && in_stage[now] > 0 {
                assert_eq!(in_stage[now], in_stage[before] + 1, "row {now}");
            }
        }
    }
}

#[test]
fn decisions_and_gates_say_why() {
    let project = led();
    let policy = project.table("results/train/policy.parquet");
    assert_eq!(
        policy.values::<i64>("epoch").unwrap(),
        (4..=63).collect::<Vec<_>>()
    );
    let actions = policy.values::<String>("action").unwrap();
    let about = policy.cells::<String>("seed").unwrap();
    for (action, seed) in actions.iter().zip(about) {
        assert_eq!(action == "wait", seed.is_none());
    }
    let seen: serde_json::Value =
        serde_json::from_str(&policy.values::<String>("observation").unwrap()[0]).unwrap();
    assert_eq!(seen["slots"].as_array().unwrap().len(), 4);
    let gates = project.table("results/train/gates.parquet");
    let (values, passed) = (
        gates.cells::<f64>("value").unwrap(),
        gates.values::<bool>("passed").unwrap(),
    );
    for (value, passed) in values.iter().zip(&passed) {
        assert!(value.is_some() || !passed);
    }
    let opened = gates.values::<bool>("opened").unwrap();
    assert!(opened.contains(&true) && opened.contains(&false));
}

/// The rows of `matrix.parquet`: epoch, moments, seed.
fn moments(matrix: &Table) -> Vec<(i64, String, String)> {
    let epochs = matrix.values::<i64>("epoch").unwrap();
    let moments = matrix.values::<String>("moment").unwrap();
    let seeds = matrix.values::<String>("seed").unwrap();
    let rows = epochs.into_iter().zip(moments).zip(seeds);
    rows.map(|((epoch, moment), seed)| (epoch, moment, seed))
        .collect()
}

fn is_of(row: &(i64, String, String), moment: &str) -> bool {
    row.1.split('+').any(|found| found == moment)
}

#[test]
fn g5_goes_by_what_the_matrix_measured_before_it() {
    let project = led();
    let gates = project.table("results/train/gates.parquet");
    let matrix = project.table("results/train/matrix.parquet");
    let costs = matrix.values::<f64>("removal_cost").unwrap();
    let rows = moments(&matrix);
    let texts = |name: &str| gates.values::<String>(name).unwrap();
    let (gate, check, seed) = (texts("gate"), texts("check"), texts("seed"));
    let epochs = gates.values::<i64>("epoch").unwrap();
    let values = gates.cells::<f64>("value").unwrap();
    let mut asked = 0;
    for row in (0..gates.rows()).filter(|row| gate[*row] == "G5" && check[*row] == "contribution") {
        let key = (epochs[row], "gate".to_owned(), seed[row].clone());
        let at = rows.iter().position(|found| *found == key);
        let cost = costs[at.unwrap_or_else(|| panic!("no row {key:?}"))];
        assert!((values[row].unwrap() - cost).abs() < 1e-9, "{key:?}");
        asked += 1;
    }
    assert!(asked > 0, "G5 was never asked");
}

#[test]
fn the_matrix_follows_growth() {
    let research = TestProject::new(&[("train:\n", "telemetry: {mode: research}\ntrain:\n")]);
    research
        .repro("counterfactual")
        .assert_done("counterfactual");
    let matrix = research.table("results/train/matrix.parquet");
    let rows = moments(&matrix);
    for moment in ["germination", "blended", "end"] {
        assert!(
            rows.iter().any(|row| is_of(row, moment)),
            "{moment}: {rows:?}"
        );
    }
    // At the end it says what the counterfactual finds in the network that is kept.
    let seeds = research.table("results/counterfactual/seeds.parquet");
    let found = seeds.values::<String>("seed").unwrap();
    let expected = seeds.values::<f64>("removal_cost_accuracy").unwrap();
    let costs = matrix.values::<f64>("removal_cost").unwrap();
    let end = (0..matrix.rows()).filter(|row| is_of(&rows[*row], "end"));
    for row in end {
        let at = found.iter().position(|seed| *seed == rows[row].2).unwrap();
        let (cost, expected) = (costs[row], 100.0 * expected[at]);
        assert!(
            (cost - expected).abs() < 1e-9,
            "{:?}: {cost}, not {expected}",
            rows[row]
        );
    }
    // The default run has the same; how closely it is looked at changes nothing of what it computes.
    let standard = TestProject::new(&[]);
    standard.repro("train").assert_done("train");
    assert_eq!(
        moments(&standard.table("results/train/matrix.parquet")),
        rows
    );
    let model = |project: &TestProject| {
        std::fs::read(project.path("results/train/model.safetensors")).unwrap()
    };
    assert_eq!(model(&standard), model(&research));
}

#[test]
fn the_episode_says_what_the_run_started_from() {
    let project = led();
    let episode = project.json("results/train/episode.json");
    let epochs = project.table("results/train/epochs.parquet");
    let warmed_up = epochs.values::<f64>("val_accuracy").unwrap()[2];
    assert_eq!(episode["baseline"]["host_only_accuracy"], warmed_up);
    assert_eq!(episode["baseline"]["frozen_after"], 3);
    assert_eq!(episode["slots"][3], "seed2_2");
    let config = project.json("results/train/config.json");
    assert_eq!(episode["dataset"], config["dataset.digest"]);
    assert_eq!(episode["rng_seed"], 7);
    let initial = episode["baseline"]["initial_loss"].as_f64().unwrap();
    assert!(initial > epochs.values::<f64>("val_loss").unwrap()[2]);
}

/// A run that is looked at closely throughout, in which something goes wrong, fills every column.
#[test]
fn every_column_of_the_close_looks_is_filled() {
    let project = TestProject::new(&[
        ("seeds: {seeds_per_layer: 2", LED),
        ("adaptation_epochs: 9", "adaptation_epochs: 40"),
        (
            "train:\n",
            "telemetry: {mode: research, accuracy_drop: 0.1}\ntrain:\n",
        ),
    ]);
    project.repro("train").assert_done("train");
    let tables = ["windows", "batches", "gradients", "activations", "openness"];
    for table in tables {
        let table = project.table(&format!("results/train/dense_{table}.parquet"));
        let columns = table.columns().iter().map(|(name, _)| name.as_str());
        let filled = filled(&table);
        let empty: Vec<&str> = columns
            .filter(|name| *name != "not_finite" && !filled.contains(name))
            .collect();
        assert_eq!(empty, [""; 0]);
    }
    let epochs = project.table("results/train/epochs.parquet");
    let fidelity = epochs.values::<String>("fidelity").unwrap();
    assert!(fidelity.iter().all(|fidelity| fidelity == "research"));
    let leakage = epochs.cells::<f64>("gradient_leakage").unwrap();
    assert!(leakage.iter().flatten().all(|leakage| *leakage <= 0.0));
    assert!(leakage.iter().any(Option::is_some));
    let batches = project.table("results/train/dense_batches.parquet");
    let norms = batches.cells::<f64>("host_gradient_norm").unwrap();
    assert!(norms.iter().flatten().all(|norm| *norm >= 0.0));
}

/// In standard mode a window opens with a passage, is extended by the next, and closes again.
#[test]
fn standard_mode_looks_closely_where_something_happens() {
    let project = TestProject::new(&[
        ("warm_up_epochs: 3", "warm_up_epochs: 12"),
        ("adaptation_epochs: 9", "adaptation_epochs: 30"),
        ("acc_threshold: 1.0", "acc_threshold: 1.0\n  device: cpu"),
        (
            "train:\n",
            "telemetry: {loss_spike: 1.0e+9, accuracy_drop: 100.0, gradient_explosion: 1.0e+9, gate_failure: false, window: 2}\ntrain:\n",
        ),
    ]);
    project.repro("train").assert_done("train");
    let windows = project.table("results/train/dense_windows.parquet");
    let (at, until) = (
        windows.values::<i64>("epoch").unwrap(),
        windows.values::<i64>("until").unwrap(),
    );
    let triggers = windows.values::<String>("trigger").unwrap();
    assert!(!at.is_empty() && triggers.iter().all(|it| it == "stage_transition"));
    for (at, until) in at.iter().zip(&until) {
        assert_eq!(at + 2, *until);
    }
    let epochs = project.table("results/train/epochs.parquet");
    let fidelity = epochs.values::<String>("fidelity").unwrap();
    let open = |epoch: i64| at.iter().any(|&at| at < epoch && epoch <= at + 2);
    for (epoch, fidelity) in (1..).zip(&fidelity) {
        let expected = if open(epoch) { "research" } else { "standard" };
        assert_eq!(fidelity, expected, "epoch {epoch}");
    }
    let batches = project.table("results/train/dense_batches.parquet");
    for epoch in batches.values::<i64>("epoch").unwrap() {
        assert!(open(epoch) || at.contains(&epoch), "epoch {epoch}");
    }
}

/// Without gates the table of gates is there, and empty; the column is null.
#[test]
fn seeds_without_a_gate_have_no_openness() {
    let project = TestProject::new(&[("train:\n", "telemetry: {mode: research}\ntrain:\n")]);
    project.repro("train").assert_done("train");
    let slots = project.table("results/train/slots.parquet");
    let alpha = slots.cells::<f64>("alpha").unwrap();
    assert!(alpha.iter().any(Option::is_some));
    let openness = slots.cells::<f64>("gate_openness").unwrap();
    assert!(openness.iter().all(Option::is_none));
    let dense = project.table("results/train/dense_openness.parquet");
    assert_eq!(dense.rows(), 0);
}
