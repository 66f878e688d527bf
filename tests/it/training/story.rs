//! What a person does with a pipeline that trains.

use crate::support::{Space, kaslite, wait_until};
use crate::training::project::{assert_equal, outs, small};
use crate::training::undisturbed::UNDISTURBED;

fn trained() -> Space {
    let space = small();
    space.kaslite("repro").ok().says("5 ran");
    space
}

#[test]
fn nothing_runs_twice_and_libtorch_is_not_loaded_for_that() {
    let space = trained();
    let mut command = space.program(kaslite());
    let ran = space.finish(command.arg("repro").env("LD_DEBUG", "libs"));
    let ran = ran.ok().says("5 stages: 5 fresh");
    ran.never_says("libtorch");
    assert_eq!(
        space.records().len(),
        1,
        "a run that finds all fresh leaves no record"
    );
}

#[test]
fn deleted_results_are_restored_and_a_deleted_cache_costs_nothing() {
    let space = trained();
    space.remove("results");
    space
        .kaslite("repro")
        .ok()
        .says("4 restored, 1 fresh")
        .never_says("running");
    assert_equal(&outs(&space), &UNDISTURBED, "restored");
    space.remove(".kaslite");
    space.kaslite("repro").ok().says("5 stages: 5 fresh");
}

#[test]
fn a_changed_number_is_named_trained_and_restored_when_changed_back() {
    let space = trained();
    space.edit("params.yaml", "  lr: 0.003", "  lr: 0.002");
    space
        .kaslite("status")
        .ok()
        .prints("train.lr")
        .prints("0.003 → 0.002");
    space
        .kaslite("repro")
        .ok()
        .says("train: done")
        .says("4 ran, 1 fresh");
    let runs = space.records();
    let diff = space
        .kaslite(&format!("params diff {} {} --json", runs[0], runs[1]))
        .ok()
        .json();
    let rows = diff.as_array().expect("a list");
    assert_eq!(rows.len(), 1, "{diff}");
    assert_eq!(
        (&rows[0]["key"], &rows[0]["old"], &rows[0]["new"]),
        (&"train.lr".into(), &0.003.into(), &0.002.into())
    );
    space
        .kaslite("metrics diff latest~1 latest")
        .ok()
        .prints("loss.val");
    space.edit("params.yaml", "  lr: 0.002", "  lr: 0.003");
    space.kaslite("repro").ok().says("4 restored, 1 fresh");
    assert_equal(&outs(&space), &UNDISTURBED, "changed back");
}

#[test]
fn one_stage_runs_alone() {
    let space = small();
    space
        .kaslite("repro generate_data")
        .ok()
        .says("1 stage: 1 ran");
    assert!(space.has("data/moons.parquet") && !space.has("results/train"));
}

#[test]
fn a_longer_list_trains_only_the_new_trials() {
    let space = trained();
    space.edit(
        "params.yaml",
        "lr: [0.003, 0.01]",
        "lr: [0.003, 0.01, 0.02]",
    );
    let ran = space.kaslite("repro sweep").ok();
    ran.says("3 trials: 1 trained, 2 from the cache");
}

#[test]
fn what_training_cannot_do_is_said() {
    let space = small();
    space.edit("params.yaml", "  lr: 0.003", "  lr: 1.0e+30");
    let ran = space.kaslite("repro train").exits(1);
    ran.says("train: failed").says("epoch");
    assert!(
        !space.has("results/train"),
        "a failed stage leaves no half-made out"
    );
}

#[test]
fn ctrl_c_ends_a_training_and_the_next_run_completes() {
    let space = small();
    space.edit("params.yaml", "warm_up_epochs: 12", "warm_up_epochs: 3000");
    let running = space.start("repro train");
    wait_until("the record of the training", || {
        let run = space.records().pop().unwrap_or_default();
        let events = space.path(&format!("results/runs/{run}/events.jsonl"));
        std::fs::read_to_string(events).is_ok_and(|events| events.contains("metric.accuracy.val"))
    });
    running.signal_group("INT");
    running.wait().exits(130);
    space.edit("params.yaml", "warm_up_epochs: 3000", "warm_up_epochs: 12");
    space.kaslite("repro").ok();
    assert_equal(&outs(&space), &UNDISTURBED, "after Ctrl-C");
}
