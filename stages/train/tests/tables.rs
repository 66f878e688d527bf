use std::collections::BTreeMap;

use kaslite_engine::event::Event;
use kaslite_nn::{Model, SeedState};

use crate::shared::tests::{Ran, TestProject};

fn trained() -> (TestProject, Ran) {
    let project = TestProject::new(&[]);
    let ran = project.repro("train");
    ran.assert_done("train");
    (project, ran)
}

#[test]
fn one_row_an_epoch_and_one_an_epoch_and_seed() {
    let (project, _) = trained();
    let epochs = project.table("results/train/epochs.parquet");
    let numbers: Vec<i64> = (1..=12).collect();
    assert_eq!(epochs.values::<i64>("epoch").unwrap(), numbers);
    let phases = epochs.values::<String>("phase").unwrap();
    let warm_up = phases.iter().filter(|phase| *phase == "warm-up").count();
    assert_eq!((warm_up, phases.len()), (3, 12));
    let slots = project.table("results/train/slots.parquet");
    assert_eq!(slots.rows(), 12 * 4);
    let seeds = slots.values::<String>("seed").unwrap();
    assert_eq!(seeds[..4], ["seed1_1", "seed1_2", "seed2_1", "seed2_2"]);
    let layers = slots.values::<i64>("layer").unwrap();
    assert_eq!(layers[..4], [1, 1, 2, 2]);
}

#[test]
fn what_was_not_measured_is_null() {
    let (project, _) = trained();
    let epochs = project.table("results/train/epochs.parquet");
    let losses = epochs.cells::<f64>("train_loss").unwrap();
    let rates = epochs.cells::<f64>("learning_rate").unwrap();
    // Nothing learns between the warm-up and the first germination.
    assert!(losses[..3].iter().all(Option::is_some));
    assert_eq!(losses[3], None);
    for (loss, rate) in losses.iter().zip(rates) {
        assert_eq!(loss.is_some(), rate.is_some());
    }
    let slots = project.table("results/train/slots.parquet");
    let states = slots.values::<String>("state").unwrap();
    let alphas = slots.cells::<f64>("alpha").unwrap();
    let progress = slots.cells::<f64>("progress").unwrap();
    for (row, state) in states.iter().enumerate() {
        let shows = state == "blending" || state == "active";
        assert_eq!(alphas[row].is_some(), shows, "row {row}: {state}");
        assert_eq!(progress[row].is_some(), state != "dormant", "row {row}");
    }
    assert!(states.iter().any(|state| state == "active"));
}

#[test]
fn the_counts_of_an_epoch_are_those_of_its_seeds() {
    let (project, _) = trained();
    let epochs = project.table("results/train/epochs.parquet");
    let slots = project.table("results/train/slots.parquet");
    let states = slots.values::<String>("state").unwrap();
    let mut seen = 0;
    for state in ["dormant", "training", "blending", "active"] {
        let counts = epochs.values::<i64>(&format!("seeds_{state}")).unwrap();
        let of_epoch = |rows: &[String]| rows.iter().filter(|one| *one == state).count();
        let expected: Vec<usize> = states.chunks(4).map(of_epoch).collect();
        let counts: Vec<usize> = counts.iter().map(|&n| n.try_into().unwrap()).collect();
        assert_eq!(counts, expected, "{state}");
        seen += counts.iter().sum::<usize>();
    }
    assert_eq!(seen, states.len());
}

#[test]
fn events_tell_the_life_of_each_seed() {
    let (project, ran) = trained();
    let events = project.table("results/train/events.parquet");
    let kinds = events.values::<String>("kind").unwrap();
    let seeds = events.cells::<String>("seed").unwrap();
    let (from, to) = (
        events.cells::<String>("from").unwrap(),
        events.cells::<String>("to").unwrap(),
    );
    let mut states: BTreeMap<&str, &str> = BTreeMap::new();
    for (row, kind) in kinds.iter().enumerate() {
        assert_eq!(kind == "transition", from[row].is_some(), "row {row}");
        if let (Some(seed), Some(from), Some(to)) = (&seeds[row], &from[row], &to[row]) {
            let before = states.insert(seed, to).unwrap_or("dormant");
            assert_eq!(before, from, "row {row}");
        }
    }
    let model = Model::load(&project.path("results/train/model.safetensors")).unwrap();
    let grown = model.grown_seeds();
    let ended: Vec<String> = grown.iter().map(|seed| seed.state.to_string()).collect();
    assert_eq!(states.values().copied().collect::<Vec<_>>(), ended);
    let details = events.cells::<String>("detail").unwrap();
    assert_eq!(details[0].as_deref(), Some("warm-up, epochs 1 to 3"));
    let told = ran.log("train");
    assert_eq!(told[0], "epoch 1: warm-up, epochs 1 to 3");
    assert!(told.iter().any(|line| line.ends_with("blending -> active")));
}

#[test]
fn metrics_agree_with_tables_and_model() {
    let (project, _) = trained();
    let metrics = project.json("results/train/metrics.json");
    let accuracies = project
        .table("results/train/epochs.parquet")
        .values::<f64>("val_accuracy")
        .unwrap();
    let best = accuracies.iter().copied().fold(0.0, f64::max);
    let accuracy = &metrics["metric"]["accuracy"];
    assert_eq!(accuracy["best"], best);
    assert_eq!(accuracy["final"], accuracies[11]);
    assert_eq!(accuracy["host_only"], accuracies[2]);
    let first = accuracies.iter().position(|&one| one >= best).unwrap();
    assert_eq!(accuracy["best_epoch"], first + 1);
    let model = Model::load(&project.path("results/train/model.safetensors")).unwrap();
    let grown = model.grown_seeds();
    let active = grown.iter().filter(|seed| seed.state == SeedState::Active);
    assert_eq!(metrics["seeds"]["slots"], 4);
    assert_eq!(metrics["seeds"]["grown"], grown.len());
    assert_eq!(metrics["seeds"]["active"], active.count());
    assert_eq!(metrics["parameters"]["grown"], model.parameters().grown);
    let germinations = metrics["germinations"].as_array().unwrap();
    assert_eq!(germinations.len(), grown.len());
}

#[test]
fn without_a_warm_up_nothing_is_known_of_the_host_alone() {
    let project = TestProject::new(&[("warm_up_epochs: 3", "warm_up_epochs: 0")]);
    project.repro("train").assert_done("train");
    let metrics = project.json("results/train/metrics.json");
    assert!(metrics["metric"]["accuracy"]["host_only"].is_null());
    let epochs = project.table("results/train/epochs.parquet");
    assert_eq!(epochs.rows(), 9);
}

#[test]
fn the_config_has_every_param_and_the_dataset() {
    let (project, _) = trained();
    let config = project.json("results/train/config.json");
    let spec = kaslite_catalog::SPECS
        .iter()
        .find(|spec| spec.name == "train");
    let params = spec.unwrap().params;
    assert_eq!(config.as_object().unwrap().len(), params.len() + 4);
    for param in params {
        assert!(!config[param.key].is_null(), "{}", param.key);
    }
    assert_eq!(config["train.lr"], 0.01);
    assert_eq!(config["seeds.landing"], "continuous");
    assert_eq!(config["dataset.rows"], 120);
    assert_eq!(config["dataset.features"], 2);
    assert_eq!(config["dataset.classes"], 2);
    assert_eq!(config["dataset.digest"].as_str().unwrap().len(), 64);
}

#[test]
fn the_log_has_a_line_an_epoch() {
    let (project, _) = trained();
    let log = std::fs::read_to_string(project.path("results/train/logs/train.log")).unwrap();
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines[0], "Epoch    1/12 | warm-up, epochs 1 to 3");
    let epochs = lines.iter().filter(|line| line.contains("loss.val: "));
    assert_eq!(epochs.count(), 12);
    let fields: Vec<&str> = lines[1].split(" | ").collect();
    assert_eq!(fields[..2], ["Epoch    1/12", "warm-up"]);
    assert!(fields[2].starts_with("loss.train: 0."), "{}", fields[2]);
    assert_eq!(fields[5], "seeds: 0/4");
    assert!(lines[5].contains("| adaptation | loss.train: - |"), "{log}");
}

#[test]
fn progress_and_metrics_are_told_while_it_trains() {
    let (_, ran) = trained();
    let mut epochs = Vec::new();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for event in &ran.events {
        if let Event::Progress {
            done,
            total,
            message,
            ..
        } = event
        {
            assert_eq!(*total, 12);
            assert!(message.contains(" loss ") && message.contains(" acc "));
            epochs.push(*done);
        }
        if let Event::Metric { name, .. } = event {
            *names.entry(name).or_default() += 1;
        }
    }
    assert_eq!(epochs, (1..=12).collect::<Vec<_>>());
    for name in ["loss.train", "loss.val", "metric.accuracy.val"] {
        assert_eq!(names[name], 12, "{name}");
    }
    assert!(names.contains_key("seed.seed1_1.alpha"));
    assert_eq!(
        names["metric.accuracy.gain"], 9,
        "told while seeds may grow"
    );
    assert_eq!(names["metric.weights.ratio"], 9);
}

#[test]
fn the_phase_and_the_stage_of_a_slot_are_told_when_they_change() {
    let (project, ran) = trained();
    let mut told: BTreeMap<&str, Vec<(u64, &str)>> = BTreeMap::new();
    for event in &ran.events {
        if let Event::State {
            name, step, value, ..
        } = event
        {
            told.entry(name).or_default().push((*step, value));
        }
    }
    assert_eq!(told["phase"], [(1, "warm-up"), (4, "adaptation")]);
    let slots = project.table("results/train/slots.parquet");
    let epochs = slots.values::<i64>("epoch").unwrap();
    let seeds = slots.values::<String>("seed").unwrap();
    let stages = slots.values::<String>("stage").unwrap();
    for (epoch, (seed, stage)) in epochs.into_iter().zip(seeds.iter().zip(&stages)) {
        let states = told.get(format!("seed.{seed}.stage").as_str());
        let mut states = states.into_iter().flatten();
        let now = states.rfind(|(step, _)| i64::try_from(*step).unwrap() <= epoch);
        let now = now.map_or("dormant", |(_, stage)| *stage);
        assert_eq!(now, stage, "{seed} in epoch {epoch}");
    }
    assert!(told.len() > 1, "a seed has grown");
}

/// The last value of each metric that a training tells.
fn told(project: &TestProject) -> BTreeMap<String, f64> {
    let mut told = BTreeMap::new();
    for event in project.repro("train").events {
        if let Event::Metric { name, value, .. } = event {
            told.extend(value.map(|value| (name, value)));
        }
    }
    told
}

#[test]
fn the_gain_is_told_against_the_frozen_host_and_contributions_as_they_are_measured() {
    let project = TestProject::new(&[]);
    let live = told(&project);
    let metrics = project.json("results/train/metrics.json");
    let accuracy = |key: &str| metrics["metric"]["accuracy"][key].as_f64().unwrap();
    let gain = accuracy("final") - accuracy("host_only");
    assert!((live["metric.accuracy.gain"] - gain).abs() < 1e-12);
    let matrix = project.table("results/train/matrix.parquet");
    let seeds = matrix.values::<String>("seed").unwrap();
    let costs = matrix.values::<f64>("removal_cost").unwrap();
    assert!(!seeds.is_empty());
    // The last row of a seed is the last that was told of it.
    let last: BTreeMap<&String, f64> = seeds.iter().zip(costs).collect();
    for (seed, cost) in last {
        let found = live[&format!("seed.{seed}.contribution")];
        assert!((100.0 * found - cost).abs() < 1e-9, "{seed}: {found}");
    }
    // Where nothing grows nothing has contributed.
    let contributed = |name: &String| name.ends_with(".contribution");
    let alone = TestProject::new(&[("seeds: {", "seeds: {controller: none, ")]);
    assert!(!told(&alone).keys().any(contributed));
}
