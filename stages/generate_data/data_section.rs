use serde::Deserialize;

use crate::generate_data::problem::{Clusters, ComplexMoons, Moons, Problem, Spheres, Spirals};

/// The section `data` of the params.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DataSection {
    problem_type: ProblemType,
    n_samples: usize,
    input_dim: usize,
    noise: f64,
    rotations: usize,
    moon_noise: f64,
    moon_sep: f64,
    cluster_count: usize,
    cluster_size: usize,
    cluster_std: f64,
    cluster_sep: f64,
    sphere_count: usize,
    sphere_size: usize,
    sphere_radii: Vec<f64>,
    sphere_noise: f64,
    pub(super) rng_seed: u64,
}

/// Which problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ProblemType {
    Spirals,
    Moons,
    Clusters,
    Spheres,
    ComplexMoons,
}

impl DataSection {
    /// The problem, and the keys of the section that it takes beside its type and the seed.
    pub(super) fn problem(&self) -> (Problem, &'static [&'static str]) {
        match self.problem_type {
            ProblemType::Spirals => (
                Problem::Spirals(self.spirals()),
                &["n_samples", "input_dim", "noise", "rotations"],
            ),
            ProblemType::Moons => (
                Problem::Moons(self.moons()),
                &["n_samples", "input_dim", "moon_noise", "moon_sep"],
            ),
            ProblemType::Clusters => (
                Problem::Clusters(self.clusters()),
                &[
                    "cluster_count",
                    "cluster_size",
                    "cluster_std",
                    "cluster_sep",
                    "input_dim",
                ],
            ),
            ProblemType::Spheres => (
                Problem::Spheres(self.spheres()),
                &[
                    "sphere_count",
                    "sphere_size",
                    "sphere_radii",
                    "sphere_noise",
                    "input_dim",
                ],
            ),
            ProblemType::ComplexMoons => (
                Problem::ComplexMoons(self.complex_moons()),
                &["n_samples", "input_dim", "noise"],
            ),
        }
    }

    fn spirals(&self) -> Spirals {
        Spirals {
            n_samples: self.n_samples,
            noise: self.noise,
            rotations: self.rotations,
            input_dim: self.input_dim,
        }
    }

    fn moons(&self) -> Moons {
        Moons {
            n_samples: self.n_samples,
            moon_noise: self.moon_noise,
            moon_sep: self.moon_sep,
            input_dim: self.input_dim,
        }
    }

    fn clusters(&self) -> Clusters {
        Clusters {
            cluster_count: self.cluster_count,
            cluster_size: self.cluster_size,
            cluster_std: self.cluster_std,
            cluster_sep: self.cluster_sep,
            input_dim: self.input_dim,
        }
    }

    fn spheres(&self) -> Spheres {
        Spheres {
            sphere_count: self.sphere_count,
            sphere_size: self.sphere_size,
            sphere_radii: self.sphere_radii.clone(),
            sphere_noise: self.sphere_noise,
            input_dim: self.input_dim,
        }
    }

    fn complex_moons(&self) -> ComplexMoons {
        ComplexMoons {
            n_samples: self.n_samples,
            noise: self.noise,
            input_dim: self.input_dim,
        }
    }
}
