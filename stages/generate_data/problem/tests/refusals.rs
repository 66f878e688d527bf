//! Arguments that are refused, by the message that the user reads.

use super::super::{Clusters, ComplexMoons, Moons, Problem, Spheres, Spirals};

fn refusal(problem: &Problem) -> String {
    problem.generate(42).unwrap_err().to_string()
}

const SPIRALS: Spirals = Spirals {
    n_samples: 10,
    noise: 0.1,
    rotations: 1,
    input_dim: 2,
};
const MOONS: Moons = Moons {
    n_samples: 10,
    moon_noise: 0.1,
    moon_sep: 0.5,
    input_dim: 2,
};
const COMPLEX_MOONS: ComplexMoons = ComplexMoons {
    n_samples: 10,
    noise: 0.1,
    input_dim: 2,
};
const CLUSTERS: Clusters = Clusters {
    cluster_count: 2,
    cluster_size: 5,
    cluster_std: 0.5,
    cluster_sep: 3.0,
    input_dim: 2,
};

fn spheres(count: usize, radii: &[f64]) -> Problem {
    Problem::Spheres(Spheres {
        sphere_count: count,
        sphere_size: 5,
        sphere_radii: radii.to_vec(),
        sphere_noise: 0.0,
        input_dim: 2,
    })
}

#[test]
fn counts_that_are_too_small() {
    let few = "`n_samples` must be at least 2, not 1";
    assert_eq!(
        refusal(&Problem::Spirals(Spirals {
            n_samples: 1,
            ..SPIRALS
        })),
        few
    );
    assert_eq!(
        refusal(&Problem::Moons(Moons {
            n_samples: 1,
            ..MOONS
        })),
        few
    );
    assert_eq!(
        refusal(&Problem::ComplexMoons(ComplexMoons {
            n_samples: 1,
            ..COMPLEX_MOONS
        })),
        few
    );
    assert_eq!(
        refusal(&Problem::Spirals(Spirals {
            rotations: 0,
            ..SPIRALS
        })),
        "`rotations` must be at least 1, not 0"
    );
    assert_eq!(
        refusal(&Problem::Clusters(Clusters {
            cluster_count: 0,
            ..CLUSTERS
        })),
        "`cluster_count` must be at least 1, not 0"
    );
}

#[test]
fn a_single_dimension() {
    let flat = "`input_dim` must be at least 2, not 1";
    for problem in [
        Problem::Spirals(Spirals {
            input_dim: 1,
            ..SPIRALS
        }),
        Problem::Moons(Moons {
            input_dim: 1,
            ..MOONS
        }),
        Problem::Clusters(Clusters {
            input_dim: 1,
            ..CLUSTERS
        }),
        Problem::ComplexMoons(ComplexMoons {
            input_dim: 1,
            ..COMPLEX_MOONS
        }),
        Problem::Spheres(Spheres {
            sphere_count: 1,
            sphere_size: 5,
            sphere_radii: vec![1.0],
            sphere_noise: 0.0,
            input_dim: 1,
        }),
    ] {
        assert_eq!(refusal(&problem), flat, "{problem:?}");
    }
}

#[test]
fn group_sizes_that_give_no_set() {
    let total = |count, size| {
        Problem::Clusters(Clusters {
            cluster_count: count,
            cluster_size: size,
            ..CLUSTERS
        })
    };
    assert_eq!(
        refusal(&total(1, 1)),
        "`cluster_count` times `cluster_size` must be 2 or more and countable, not 1 times 1"
    );
    let most = usize::MAX;
    assert_eq!(
        refusal(&total(2, most)),
        format!(
            "`cluster_count` times `cluster_size` must be 2 or more and countable, not 2 times {most}"
        )
    );
}

#[test]
fn numbers_out_of_range() {
    assert_eq!(
        refusal(&Problem::Spirals(Spirals {
            noise: -0.1,
            ..SPIRALS
        })),
        "`noise` must be a finite number that is not negative, not -0.1"
    );
    assert_eq!(
        refusal(&Problem::Moons(Moons {
            moon_noise: f64::NAN,
            ..MOONS
        })),
        "`moon_noise` must be a finite number that is not negative, not NaN"
    );
    assert_eq!(
        refusal(&Problem::Moons(Moons {
            moon_sep: f64::INFINITY,
            ..MOONS
        })),
        "`moon_sep` must be a finite number that is not negative, not inf"
    );
    assert_eq!(
        refusal(&Problem::Clusters(Clusters {
            cluster_std: 0.0,
            ..CLUSTERS
        })),
        "`cluster_std` must be a finite number above 0, not 0"
    );
    assert_eq!(
        refusal(&Problem::Clusters(Clusters {
            cluster_sep: -1.0,
            ..CLUSTERS
        })),
        "`cluster_sep` must be a finite number above 0, not -1"
    );
    assert_eq!(
        refusal(&spheres(2, &[1.0, 0.0])),
        "`sphere_radii` must be a finite number above 0, not 0"
    );
}

#[test]
fn a_radius_for_each_sphere() {
    assert_eq!(
        refusal(&spheres(3, &[1.0, 2.0])),
        "`sphere_radii` must hold one radius for each sphere: 2 given, `sphere_count` is 3"
    );
}

/// scikit-learn's recipes take a seed of 32 bits, the others one of 64.
#[test]
fn seeds_of_more_than_32_bits() {
    let seed = 1 << 32;
    for problem in [
        Problem::Moons(MOONS),
        Problem::Clusters(CLUSTERS),
        Problem::ComplexMoons(COMPLEX_MOONS),
    ] {
        assert_eq!(
            problem.generate(seed).unwrap_err().to_string(),
            "the seed of this problem must be at most 4294967295, not 4294967296"
        );
        problem.generate(seed - 1).unwrap();
    }
    Problem::Spirals(SPIRALS).generate(seed).unwrap();
    spheres(1, &[1.0]).generate(seed).unwrap();
}
