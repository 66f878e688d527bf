//! The sets recorded from the Python original.

use std::fs::File;

use ndarray::{Array1, Array2};
use ndarray_npy::NpzReader;

use super::super::{Clusters, ComplexMoons, Moons, Problem, Spheres, Spirals};

const RECORDING: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../tests/fixtures/golden/datasets.npz"
);

/// The sets that were recorded from the Python original, with their arguments.
fn recorded() -> Vec<(&'static str, Problem)> {
    let spirals = |n_samples, input_dim| {
        Problem::Spirals(Spirals {
            n_samples,
            noise: 0.25,
            rotations: 4,
            input_dim,
        })
    };
    let moons = |n_samples, moon_noise, moon_sep, input_dim| {
        Problem::Moons(Moons {
            n_samples,
            moon_noise,
            moon_sep,
            input_dim,
        })
    };
    let complex_moons = |n_samples, noise, input_dim| {
        Problem::ComplexMoons(ComplexMoons {
            n_samples,
            noise,
            input_dim,
        })
    };
    vec![
        ("spirals_d2", spirals(600, 2)),
        ("spirals_d3", spirals(2000, 3)),
        ("moons_d2", moons(800, 0.1, 0.5, 2)),
        ("moons_d4", moons(501, 0.15, 0.0, 4)),
        ("clusters_d3", Problem::Clusters(clusters())),
        (
            "clusters_d5",
            Problem::Clusters(Clusters {
                cluster_count: 4,
                cluster_size: 111,
                cluster_std: 1.2,
                cluster_sep: 2.0,
                input_dim: 5,
            }),
        ),
        ("spheres_d3", Problem::Spheres(spheres())),
        (
            "spheres_d4",
            Problem::Spheres(Spheres {
                sphere_count: 3,
                sphere_size: 100,
                sphere_radii: vec![1.0, 2.0, 3.5],
                sphere_noise: 0.1,
                input_dim: 4,
            }),
        ),
        ("complex_moons_d2", complex_moons(700, 0.1, 2)),
        ("complex_moons_d5", complex_moons(333, 0.2, 5)),
    ]
}

fn clusters() -> Clusters {
    Clusters {
        cluster_count: 2,
        cluster_size: 300,
        cluster_std: 0.5,
        cluster_sep: 3.0,
        input_dim: 3,
    }
}

fn spheres() -> Spheres {
    Spheres {
        sphere_count: 2,
        sphere_size: 250,
        sphere_radii: vec![1.0, 2.0],
        sphere_noise: 0.05,
        input_dim: 3,
    }
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn every_recorded_set_bit_for_bit() {
    let mut recording = NpzReader::new(File::open(RECORDING).unwrap()).unwrap();
    assert_eq!(recording.len(), 2 * recorded().len());
    for (name, problem) in recorded() {
        let x: Array2<f32> = recording.by_name(&format!("{name}/X")).unwrap();
        let y: Array1<i64> = recording.by_name(&format!("{name}/y")).unwrap();
        let set = problem.generate(42).unwrap();
        assert_eq!((set.n, set.d), x.dim(), "{name}");
        assert_eq!(set.y, y.to_vec(), "{name}");
        let x: Vec<f32> = x.iter().copied().collect();
        assert_eq!(bits(&set.x), bits(&x), "{name}");
    }
}

#[test]
fn another_seed_gives_another_set() {
    for (name, problem) in recorded() {
        assert_ne!(problem.generate(42), problem.generate(43), "{name}");
        assert_eq!(problem.generate(43), problem.generate(43), "{name}");
    }
}
