//! Bad input to what judges the seeds: of each, the report, the JSON and `kaslite verdict` say how it
//! went and why.

use crate::evidence::model_file::ModelFile;
use crate::evidence::project::{MODEL, controlled, project, told, with_a_model_from_outside};

#[test]
fn a_model_file_of_other_shape_is_a_failure_with_its_reason() {
    let space = with_a_model_from_outside(&[]);
    let mut model = ModelFile::read(&space, MODEL);
    let names = model.tensors_of("seed2_1");
    let weights = names.iter().find(|name| name.ends_with("weight"));
    model.transpose(weights.expect("weights"));
    model.write(&space, MODEL);
    let ran = space.kaslite("repro -k").exits(1);
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    insta::assert_snapshot!(told(&space));
}

#[test]
fn a_model_file_for_other_features_is_a_failure_with_its_reason() {
    let space = with_a_model_from_outside(&[]);
    let other = project(&[("input_dim: 2", "input_dim: 3")]);
    other.kaslite("repro train").ok();
    let bytes = std::fs::read(other.path("results/train/model.safetensors"));
    space.write(MODEL, bytes.expect("a model"));
    let ran = space.kaslite("repro counterfactual").exits(1);
    let reason = "counterfactual: failed: `model/model.safetensors` takes 3 features, but `data/samples.parquet` has 2: it is of another training";
    assert!(ran.stderr.contains(reason), "{}", ran.stderr);
}

#[test]
fn no_grown_seed_is_told_and_no_failure_of_a_stage() {
    let space = project(&[("patience: 2", "patience: 50")]);
    space.kaslite("repro").ok();
    insta::assert_snapshot!(told(&space));
}

#[test]
fn one_class_in_the_validation_set_is_told_beside_the_numbers() {
    let space = project(&[
        ("n_samples: 120", "n_samples: 40"),
        ("acc_threshold: 1.0", "acc_threshold: 0.999"),
        ("rng_seed: 7", "rng_seed: 9\n  train_frac: 0.95"),
    ]);
    space.kaslite("repro").ok();
    insta::assert_snapshot!(told(&space));
    let metrics = space.read("results/counterfactual/metrics.json");
    let caveat = "all validation samples have the class 0";
    assert!(metrics.contains(caveat), "{metrics}");
    let report = space.read("results/REPORT.md");
    assert!(report.contains(&format!("*Note:* {caveat}")), "{report}");
}

#[test]
fn a_control_run_that_failed_is_named_with_its_reason() {
    let space = controlled(&[("seeds: {", "seeds: {shadow_lr: 1.0e+30, ")]);
    space.kaslite("repro control").ok();
    insta::assert_snapshot!(told(&space));
    let report = space.read("results/REPORT.md");
    let (_, failed) = report.split_once("**Runs that failed**").expect("the list");
    assert!(failed.contains("- `grown_"), "{failed}");
}

#[test]
fn a_loss_that_is_nan_leaves_nothing_of_an_earlier_run() {
    let space = controlled(&[]);
    space.kaslite("repro").ok();
    let before = told(&space);
    space.edit("params.yaml", "lr: 0.01\n", "lr: 1.0e+38\n");
    space.kaslite("repro -k").exits(1);
    insta::assert_snapshot!(told(&space));
    let of_workspace = space.kaslite("verdict").ok().stdout;
    assert_eq!(space.kaslite("verdict latest").ok().stdout, of_workspace);
    // What is trained outside of the pipeline says nothing of its stages.
    space.kaslite("train --lr 1e38 --n_samples 40").exits(1);
    assert_eq!(space.kaslite("verdict").ok().stdout, of_workspace);
    // What lies there is that of the old params, which count again.
    space.edit("params.yaml", "lr: 1.0e+38\n", "lr: 0.01\n");
    assert_eq!(told(&space), before);
}

#[test]
fn a_network_that_answers_nan_cannot_share_out_its_gain() {
    let space = with_a_model_from_outside(&[]);
    let mut model = ModelFile::read(&space, MODEL);
    for name in model.tensors_of("seed2_1") {
        model.fill(&name, f32::NAN);
    }
    model.write(&space, MODEL);
    space.kaslite("repro").ok();
    insta::assert_snapshot!(told(&space));
    let metrics = space.read("results/counterfactual/metrics.json");
    assert!(!metrics.contains("NaN"), "{metrics}");
}
