//! The stage as users run it.

use std::fs::File;

use kaslite_engine::event::Outcome;
use ndarray::{Array1, Array2};
use ndarray_npy::NpzReader;

use crate::shared::tests::TestProject;

const DATA: &str = "data: {problem_type: moons, n_samples: 120, input_dim: 2}";

fn generated(section: &str) -> TestProject {
    let project = TestProject::new(&[(DATA, section)]);
    project.repro("generate_data").assert_done("generate_data");
    project
}

#[test]
fn every_problem_with_just_the_arguments_that_it_takes() {
    let takes = [
        ("spirals", 60, "input_dim n_samples noise rotations"),
        ("moons", 60, "input_dim moon_noise moon_sep n_samples"),
        (
            "clusters",
            40,
            "cluster_count cluster_sep cluster_size cluster_std input_dim",
        ),
        (
            "spheres",
            50,
            "input_dim sphere_count sphere_noise sphere_radii sphere_size",
        ),
        ("complex_moons", 60, "input_dim n_samples noise"),
    ];
    for (problem, rows, keys) in takes {
        let project = generated(&format!(
            "data: {{problem_type: {problem}, n_samples: 60, cluster_size: 20, sphere_size: 25, \
             sphere_radii: [1, 2.5]}}"
        ));
        let table = project.table("data/samples.parquet");
        assert_eq!(table.rows(), rows, "{problem}");
        let names: Vec<&str> = table.columns().iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, ["x0", "x1", "x2", "y"], "{problem}");
        let metadata = table.metadata();
        assert_eq!(metadata["problem_type"], problem);
        assert_eq!(metadata["rng_seed"], "42");
        let found = metadata.keys().filter_map(|key| key.strip_prefix("data."));
        assert_eq!(found.collect::<Vec<_>>().join(" "), keys, "{problem}");
        if problem == "spheres" {
            assert_eq!(metadata["data.sphere_radii"], "[1.0, 2.5]");
        }
    }
}

#[test]
fn the_log_counts_the_classes() {
    let ran = TestProject::new(&[]).repro("generate_data");
    let line = "120 samples of moons: 60 of class 0, 60 of class 1";
    assert_eq!(ran.log("generate_data"), [line]);
}

#[test]
fn npz_holds_the_samples_that_parquet_holds() {
    let parquet = generated(DATA).table("data/samples.parquet");
    let project = TestProject::new(&[]);
    project.write(
        "pipeline.yaml",
        "stages: {make: {uses: generate_data, params: [data], outs: [s.npz]}}",
    );
    project.repro("make").assert_done("make");
    let mut npz = NpzReader::new(File::open(project.path("s.npz")).unwrap()).unwrap();
    let x: Array2<f32> = npz.by_name("X").unwrap();
    let y: Array1<i64> = npz.by_name("y").unwrap();
    let column = |at: usize| x.column(at).to_vec();
    assert_eq!(column(0), parquet.values::<f32>("x0").unwrap());
    assert_eq!(column(1), parquet.values::<f32>("x1").unwrap());
    assert_eq!(y.to_vec(), parquet.values::<i64>("y").unwrap());
}

#[test]
fn what_a_problem_refuses_fails_the_stage() {
    let section = "data: {problem_type: spheres, sphere_count: 3}";
    let ran = TestProject::new(&[(DATA, section)]).repro("train");
    assert!(ran.failure("generate_data").contains("`sphere_radii`"));
    let skipped = Outcome::Skipped("generate_data".to_owned());
    assert_eq!(ran.outcomes["train"], skipped);
}
