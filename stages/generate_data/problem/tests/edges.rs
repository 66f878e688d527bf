//! The smallest sets, odd counts, no noise, two dimensions, and large sets, recorded with `NumPy`
//! 2.4.6 and scikit-learn 1.9.1.

use super::super::{Clusters, ComplexMoons, Dataset, Moons, Problem, Spheres, Spirals};

/// A digest of the features' bits (FNV-1a), and the sum of the positions of class 1, counted from 1.
fn summary(set: &Dataset) -> (u64, usize) {
    let digest = set
        .x
        .iter()
        .fold(0xCBF2_9CE4_8422_2325, |hash: u64, value| {
            (hash ^ u64::from(value.to_bits())).wrapping_mul(0x100_0000_01B3)
        });
    let ones = set
        .y
        .iter()
        .zip(1..)
        .filter(|&(&class, _)| class == 1)
        .map(|(_, place)| place);
    (digest, ones.sum())
}

fn check(problem: &Problem, rows: usize, recorded: (u64, usize)) {
    let set = problem.generate(42).unwrap();
    assert_eq!(
        (set.n, set.d, set.x.len(), set.y.len()),
        (rows, 2, 2 * rows, rows),
        "{problem:?}"
    );
    assert_eq!(summary(&set), recorded, "{problem:?}");
}

fn spirals(n_samples: usize, noise: f64, rotations: usize) -> Problem {
    Problem::Spirals(Spirals {
        n_samples,
        noise,
        rotations,
        input_dim: 2,
    })
}

fn moons(n_samples: usize, moon_noise: f64, moon_sep: f64) -> Problem {
    Problem::Moons(Moons {
        n_samples,
        moon_noise,
        moon_sep,
        input_dim: 2,
    })
}

fn complex_moons(n_samples: usize, noise: f64) -> Problem {
    Problem::ComplexMoons(ComplexMoons {
        n_samples,
        noise,
        input_dim: 2,
    })
}

fn clusters(count: usize, size: usize, deviation: f64, separation: f64) -> Problem {
    Problem::Clusters(Clusters {
        cluster_count: count,
        cluster_size: size,
        cluster_std: deviation,
        cluster_sep: separation,
        input_dim: 2,
    })
}

fn spheres(radii: &[f64], size: usize, noise: f64) -> Problem {
    Problem::Spheres(Spheres {
        sphere_count: radii.len(),
        sphere_size: size,
        sphere_radii: radii.to_vec(),
        sphere_noise: noise,
        input_dim: 2,
    })
}

#[test]
fn the_smallest_and_odd_sets() {
    check(&spirals(3, 0.5, 2), 2, (0x2F41_D4D6_D32F_CB29, 2));
    check(&moons(2, 0.1, 1.5), 2, (0x68F2_25EF_6ABF_E729, 1));
    check(&complex_moons(2, 0.1), 2, (0x37B7_52AF_520B_3E06, 3));
    check(&complex_moons(3, 0.1), 3, (0x0FA3_0FDC_C6C0_5FAC, 3));
    check(&clusters(1, 2, 0.7, 2.0), 2, (0xE4DD_1797_C2AB_D4D2, 0));
}

#[test]
fn sets_without_noise() {
    check(&spirals(100, 0.0, 1), 100, (0xEF7D_4B33_04B0_7AF9, 3775));
    check(&moons(3, 0.0, 0.5), 3, (0x6ED8_740D_359D_713D, 5));
    check(&complex_moons(5, 0.0), 5, (0xADD4_4A53_4F45_D151, 9));
    check(&spheres(&[2.0], 3, 0.0), 3, (0xB98F_5FEA_81BC_5E9F, 0));
}

#[test]
fn groups_in_two_dimensions() {
    check(
        &clusters(3, 50, 0.7, 2.0),
        150,
        (0xB089_FFF2_8313_1BE6, 3690),
    );
    check(
        &spheres(&[1.0, 2.5, 4.0], 40, 0.1),
        120,
        (0xD84A_A3F9_677E_5883, 2360),
    );
}

#[test]
fn twenty_thousand_samples() {
    check(
        &spirals(20_000, 0.25, 4),
        20_000,
        (0xD902_9DAF_47F1_D1F1, 150_005_000),
    );
    check(
        &moons(20_000, 0.1, 0.3),
        20_000,
        (0x23A0_93BB_62EB_A31A, 100_369_593),
    );
    check(
        &complex_moons(20_000, 0.1),
        20_000,
        (0x2A2B_D552_30C4_7156, 100_141_904),
    );
    check(
        &clusters(2, 10_000, 0.5, 3.0),
        20_000,
        (0x3AFE_712D_63CB_59EB, 99_789_915),
    );
    check(
        &spheres(&[1.0, 2.0], 10_000, 0.05),
        20_000,
        (0x3C98_4E4E_FA5F_B825, 99_766_721),
    );
}
