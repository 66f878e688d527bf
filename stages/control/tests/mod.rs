//! The stage as users run it.

use std::collections::BTreeMap;

use kaslite_nn::SeedId;
use kaslite_track::table::Table;
use serde_json::Value;

use crate::control::arm::Arm;
use crate::control::contribution::{Accuracies, Agreement, Contribution, Costs};
use crate::control::replacement::{Grown, Replacement};
use crate::shared::tests::{PIPELINE, TestProject};

const FOLDER: &str = "results/control";

fn project(params: &str) -> TestProject {
    let project = TestProject::new(&[("sweep:", &format!("control: {params}\nsweep:"))]);
    let stage = "
  control:
    uses: control
    deps: [data/samples.parquet]
    params: [control, train, seeds, telemetry]
    outs: [results/control/]
";
    project.write("pipeline.yaml", &(PIPELINE.to_owned() + stage));
    project
}

fn controlled(params: &str) -> TestProject {
    let project = project(params);
    project.repro("control").assert_done("control");
    project
}

fn runs(project: &TestProject) -> Table {
    project.table(&format!("{FOLDER}/control.parquet"))
}

fn metrics(project: &TestProject) -> Value {
    project.json(&format!("{FOLDER}/metrics.json"))
}

/// Final accuracy by rng seed, kind of run and slot.
fn accuracies(project: &TestProject) -> BTreeMap<(i64, String, Option<String>), f64> {
    let table = runs(project);
    let rng_seeds = table.values::<i64>("rng_seed").unwrap();
    let arms = table.values::<String>("arm").unwrap();
    let slots = table.cells::<String>("slot").unwrap().to_vec();
    let accuracies = table.values::<f64>("final_accuracy").unwrap();
    let keys = rng_seeds.into_iter().zip(arms).zip(slots);
    let keys = keys.map(|((rng_seed, arm), slot)| (rng_seed, arm, slot));
    keys.zip(accuracies).collect()
}

#[test]
fn every_run_that_may_grow_has_its_controls() {
    let project = controlled("{rng_seeds: 3}");
    let found = accuracies(&project);
    for rng_seed in 7..10 {
        let grown = project.json(&format!("{FOLDER}/trials/grown_{rng_seed}/metrics.json"));
        let accuracy = |arm: &str| Value::from(found[&(rng_seed, arm.to_owned(), None)]);
        assert_eq!(accuracy("grown"), grown["metric"]["accuracy"]["final"]);
        // The control starts from the same weights and sees the same batches.
        assert_eq!(
            accuracy("host_only"),
            grown["metric"]["accuracy"]["host_only"]
        );
        let lesions = found
            .keys()
            .filter(|key| key.0 == rng_seed && key.1 == "lesion");
        assert_eq!(grown["seeds"]["grown"], lesions.count());
    }
    let table = runs(&project);
    let arms = table.values::<String>("arm").unwrap();
    let grown = table.values::<i64>("seeds_grown").unwrap();
    for (arm, grown) in arms.iter().zip(grown) {
        assert!(grown == 0 || !arm.starts_with("host"), "{arm}: {grown}");
    }
}

/// The host that learns on has the learning rates of the run that may grow, epoch for epoch, and is the
/// host alone until its seeds learn.
#[test]
fn the_host_that_learns_on_learns_when_the_seeds_do() {
    let project = controlled("{rng_seeds: 3, lesions: false}");
    let mut learnt = 0;
    for rng_seed in 7..10 {
        let folder = |arm: &str| format!("{FOLDER}/trials/{arm}_{rng_seed}");
        let cells = |arm: &str, column: &str| {
            let epochs = project.table(&format!("{}/epochs.parquet", folder(arm)));
            epochs.cells::<f64>(column).unwrap().to_vec()
        };
        let rates = cells("grown", "learning_rate");
        assert_eq!(cells("host_continued", "learning_rate"), rates);
        let (learns, alone) = (
            cells("host_continued", "val_loss"),
            cells("host_only", "val_loss"),
        );
        let starts = (3..12).find(|epoch| rates[*epoch].is_some());
        let frozen = starts.unwrap_or(12);
        assert_eq!(learns[..frozen], alone[..frozen]);
        if let Some(starts) = starts {
            assert_ne!(learns[starts], alone[starts]);
            learnt += 1;
        }
        let grown = project.json(&format!("{}/metrics.json", folder("grown")));
        let germinations = grown["germinations"].as_array().unwrap().iter();
        let mut epochs: Vec<String> = germinations.map(|one| one["epoch"].to_string()).collect();
        epochs.dedup();
        let config = project.json(&format!("{}/config.json", folder("host_continued")));
        assert_eq!(config["train.host_restarts"], epochs.join(","));
    }
    assert!(learnt > 0, "no host learns on");
}

#[test]
fn restarts_that_are_no_epochs_are_refused() {
    for (epochs, reason) in [
        ("first", "`first` is not the number of an epoch"),
        (
            "'2'",
            "`host_restarts` is 2, expected rising epochs from 4 to 12",
        ),
        (
            "'5'",
            "`host_restarts` is 5, expected none but with the controller `none`",
        ),
    ] {
        let train = format!("lr: 0.01\n  host_restarts: {epochs}\n");
        let ran = TestProject::new(&[("lr: 0.01\n", &train)]).repro("train");
        let found = ran.failure("train");
        assert!(found.contains(reason), "{found}");
    }
}

#[test]
fn a_disabled_slot_stays_empty() {
    let project = controlled("{rng_seeds: 2}");
    let table = runs(&project);
    let rng_seeds = table.values::<i64>("rng_seed").unwrap();
    let slots = table.cells::<String>("slot").unwrap();
    let mut lesions = 0;
    for (rng_seed, slot) in rng_seeds.iter().zip(slots) {
        let Some(slot) = slot else { continue };
        let folder = format!("{FOLDER}/trials/without_{slot}_{rng_seed}");
        let events = project.table(&format!("{folder}/events.parquet"));
        let seeds = events.cells::<String>("seed").unwrap();
        assert!(
            seeds.iter().all(|seed| seed.as_ref() != Some(slot)),
            "{slot}"
        );
        lesions += 1;
    }
    assert!(lesions >= 4, "too few for this test: {lesions}");
}

#[test]
fn contributions_follow_from_the_runs() {
    let project = project("{rng_seeds: 3}");
    let ran = project.repro("control");
    ran.assert_done("control");
    let summary = ran.log("control").last().unwrap().to_string();
    for part in [
        "(95 %: ",
        "n = 3) against the host alone and ",
        "n = 3) against a host that learns on",
    ] {
        assert!(summary.contains(part), "{summary}");
    }
    let found = accuracies(&project);
    let accuracy = |rng_seed: i64, arm: &str, slot: Option<&String>| {
        found
            .get(&(rng_seed, arm.to_owned(), slot.cloned()))
            .copied()
    };
    let mean = |of: &dyn Fn(i64) -> f64| (7..10).map(of).sum::<f64>() / 3.0;
    let metrics = metrics(&project);
    for arm in ["host_only", "host_continued"] {
        let growth = &metrics["growth"][format!("against_{arm}")];
        let difference = |rng_seed| {
            accuracy(rng_seed, "grown", None).unwrap() - accuracy(rng_seed, arm, None).unwrap()
        };
        assert!((growth["mean"].as_f64().unwrap() - mean(&difference)).abs() < 1e-12);
        assert_eq!(
            (&growth["n"], &growth["least_p"]),
            (&3.into(), &0.25.into())
        );
    }
    let table = project.table(&format!("{FOLDER}/contributions.parquet"));
    let slots = table.values::<String>("slot").unwrap();
    let causal = table.values::<f64>("causal").unwrap();
    for (slot, causal) in slots.iter().zip(causal) {
        // Where it did not grow there is no run without it, and nothing to count.
        let difference = |rng_seed| {
            let without = accuracy(rng_seed, "lesion", Some(slot))?;
            Some(accuracy(rng_seed, "grown", None).unwrap() - without)
        };
        let pairs: Vec<f64> = (7..10).filter_map(difference).collect();
        let mean = pairs.iter().sum::<f64>() / pairs.len() as f64;
        assert!((causal - mean).abs() < 1e-12, "{slot}");
        let found = &metrics["slots"][slot];
        assert_eq!(found["causal"]["mean"], causal);
        assert_eq!(found["causal"]["n"], pairs.len());
        assert_eq!(
            (&found["grown_in"], &found["runs"]),
            (&pairs.len().into(), &3.into())
        );
    }
    let notes = metrics["notes"].to_string();
    assert!(
        notes.contains("3 pairs cannot give a p below 0.25"),
        "{notes}"
    );
}

#[test]
fn nothing_is_trained_twice() {
    let project = project("{rng_seeds: 2}");
    let first = project.repro("control");
    first.assert_done("control");
    let before = std::fs::read(project.path(&format!("{FOLDER}/control.parquet"))).unwrap();
    // Another number of rng seeds: the runs of the first two are there.
    let params = std::fs::read_to_string(project.path("params.yaml")).unwrap();
    project.write(
        "params.yaml",
        &params.replace("{rng_seeds: 2}", "{rng_seeds: 2, lesions: false}"),
    );
    let ran = project.repro("control");
    ran.assert_done("control");
    assert_eq!(ran.log("control")[0], "4 runs: 0 trained, 4 from the cache");
    assert_eq!(ran.log("control")[1], "2 runs: 0 trained, 2 from the cache");
    let contributions = project.table(&format!("{FOLDER}/contributions.parquet"));
    let causal = contributions.cells::<f64>("causal").unwrap();
    assert!(
        causal.iter().all(Option::is_none),
        "without lesions nothing is known"
    );
    let after = std::fs::read(project.path(&format!("{FOLDER}/control.parquet"))).unwrap();
    assert_ne!(before, after);
}

#[test]
fn where_nothing_grows_nothing_was_caused() {
    let project = project("{rng_seeds: 2}");
    let params = std::fs::read_to_string(project.path("params.yaml")).unwrap();
    project.write(
        "params.yaml",
        &params.replace("patience: 2", "patience: 50"),
    );
    project.repro("control").assert_done("control");
    let metrics = metrics(&project);
    assert_eq!(metrics["growth"]["against_host_only"]["mean"], 0.0);
    assert_eq!(metrics["slots"], serde_json::json!({}));
    assert!(
        metrics["notes"][0]
            .as_str()
            .unwrap()
            .starts_with("no slot grew")
    );
}

#[test]
fn where_all_runs_fail_the_stage_fails() {
    let project = project("{rng_seeds: 2}");
    let params = std::fs::read_to_string(project.path("params.yaml")).unwrap();
    project.write(
        "params.yaml",
        &params.replace("lr: 0.01\n", "lr: 1.0e+38\n"),
    );
    let reason = project.repro("control").failure("control").to_owned();
    assert!(
        reason.starts_with("all 4 runs failed, the first because:"),
        "{reason}"
    );
}

#[test]
fn a_slot_that_is_not_there_is_refused() {
    for (slots, reason) in [
        (
            "seed9_1",
            "`disabled` is seed9_1, expected seeds from seed1_1 to seed2_2",
        ),
        ("one", "`one` is not the name of a seed"),
    ] {
        let seeds = format!("seeds: {{disabled: {slots}, ");
        let ran = TestProject::new(&[("seeds: {", &seeds)]).repro("train");
        let found = ran.failure("train");
        assert!(found.contains(reason), "{found}");
    }
}

fn slot() -> SeedId {
    SeedId { layer: 1, index: 1 }
}

/// With, without, and removed: by rng seed.
fn contribution(runs: &[(f64, Option<f64>, Option<f64>)]) -> Contribution {
    let (mut accuracies, mut costs) = (Accuracies::new(), Costs::new());
    for (rng_seed, (with, without, cost)) in (1..).zip(runs) {
        accuracies.insert((Arm::Grown, rng_seed), *with);
        if let Some(without) = without {
            accuracies.insert((Arm::Lesion(slot()), rng_seed), *without);
        }
        let grown = cost.map(|cost| (slot(), cost));
        costs.insert(rng_seed, grown.into_iter().collect());
    }
    Contribution::of(slot(), &accuracies, &costs, &Grown::new(), true)
}

/// The network has come to rely on the seed: without it from the start it would have done as well.
#[test]
fn a_network_that_relies_on_a_seed_makes_its_removal_cost_unreliable() {
    let one = contribution(&[
        (0.90, Some(0.90), Some(0.20)),
        (0.91, Some(0.90), Some(0.22)),
        (0.89, Some(0.90), Some(0.18)),
    ]);
    assert!(one.causal.unwrap().mean.abs() < 1e-12);
    assert!((one.gap.unwrap() + 0.2).abs() < 1e-12);
    assert_eq!(one.agreement, Some(Agreement::Unreliable));
}

#[test]
fn an_essential_seed_is_told_from_a_useless_one() {
    let essential = contribution(&[
        (0.90, Some(0.70), Some(0.20)),
        (0.91, Some(0.72), Some(0.19)),
        (0.92, Some(0.71), Some(0.20)),
    ]);
    assert_eq!(essential.agreement, Some(Agreement::Agrees));
    assert!(essential.causal.unwrap().interval.unwrap().low > 0.15);
    let useless = contribution(&[
        (0.90, Some(0.91), Some(0.0)),
        (0.91, Some(0.90), Some(0.0)),
        (0.92, Some(0.92), Some(0.0)),
    ]);
    assert!(useless.causal.unwrap().interval.unwrap().holds(0.0));
}

/// Only one pair is left, of cause and of cost: it has no interval, and no p but 1.
#[test]
fn a_run_that_failed_and_one_in_which_the_slot_did_not_grow_are_left_out() {
    let one = contribution(&[
        (0.90, None, Some(0.3)),
        (0.91, Some(0.90), Some(0.1)),
        (0.92, None, None),
    ]);
    let causal = one.causal.unwrap();
    assert_eq!((causal.n, one.grown_in, one.runs), (1, 2, 3));
    assert!((causal.mean - 0.01).abs() < 1e-12);
    assert!((one.removal_cost.unwrap() - 0.1).abs() < 1e-12);
    assert_eq!((causal.interval, one.removal_interval), (None, None));
    assert!((causal.least_p - 1.0).abs() < 1e-12);
    assert_eq!(one.agreement, Some(Agreement::Unreliable));
}

#[test]
fn where_every_run_without_the_slot_failed_nothing_is_told_of_it() {
    let one = contribution(&[(0.90, None, Some(0.3)), (0.91, None, Some(0.1))]);
    assert_eq!((one.grown_in, one.runs), (2, 2));
    assert_eq!((one.causal, one.removal_cost, one.gap), (None, None, None));
    assert_eq!(one.agreement, None);
}

fn other(index: usize) -> SeedId {
    SeedId { layer: 2, index }
}

/// By rng seed: which slots grew beside the slot, and which where it was disabled.
fn replacement(runs: &[(&[usize], Option<&[usize]>)]) -> Option<Replacement> {
    let (mut costs, mut grown) = (Costs::new(), Grown::new());
    for (rng_seed, (with, without)) in (1..).zip(runs) {
        let beside = with.iter().map(|index| (other(*index), 0.0));
        costs.insert(rng_seed, beside.chain([(slot(), 0.1)]).collect());
        if let Some(without) = without {
            let slots = without.iter().map(|index| other(*index)).collect();
            grown.insert((Arm::Lesion(slot()), rng_seed), slots);
        }
    }
    Replacement::of(slot(), &costs, &grown)
}

#[test]
fn what_grows_in_the_place_of_a_slot_is_counted() {
    let found = replacement(&[
        (&[1], Some(&[1, 2])),
        (&[1], Some(&[2, 3])),
        (&[2], Some(&[2])),
        (&[], None),
    ])
    .unwrap();
    let expected =
        "in 2 of 3 runs without it another slot grew in its place (seed2_2 in 2, seed2_3 in 1)";
    assert_eq!(found.to_string(), expected);
    assert_eq!(replacement(&[(&[1], None)]), None);
}

#[test]
fn a_gap_is_explained_by_what_grew_and_never_by_the_frozen_host() {
    let mut one = contribution(&[(0.90, Some(0.90), Some(0.2)), (0.91, Some(0.90), Some(0.2))]);
    assert_eq!(
        one.explanation(),
        None,
        "nothing is known of the runs without it"
    );
    one.replacement = replacement(&[(&[1], Some(&[1, 2]))]);
    let told = one.explanation().unwrap();
    assert!(
        told.starts_with("in 1 of 1 runs without it another"),
        "{told}"
    );
    one.replacement = replacement(&[(&[1], Some(&[1]))]);
    let told = one.explanation().unwrap();
    assert!(
        told.ends_with("the seeds beside it have learnt with it and rely on it"),
        "{told}"
    );
    one.agreement = Some(Agreement::Agrees);
    assert_eq!(one.explanation(), None);
}
