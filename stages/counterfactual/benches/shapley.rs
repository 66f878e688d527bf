//! What Shapley values cost once it is known what configurations are worth: all of 12 seeds, and those
//! that drawn orders of 16 seeds ask for.
//!
//! `cargo bench --workspace --bench shapley`; the first is to take less than 50 ms.
//! `benches/training.py` makes a table of it.

use std::convert::Infallible;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use kaslite_nn::Configuration;
use kaslite_stages::counterfactual::{Budget, Quantity, Round, Sampling, Values};

/// As many as the stage draws at most by its defaults.
const ORDERS: usize = 4096;

/// A value without a pattern, the same each time.
fn value(on: Configuration) -> f64 {
    (on.place() as f64 * 0.37).sin()
}

fn exact(criterion: &mut Criterion) {
    let seeds = 12;
    let every = Configuration::every(seeds);
    let table: Vec<(Configuration, f64)> = every.map(|on| (on, value(on))).collect();
    criterion.bench_function("exact Shapley values of 12 slots", |bencher| {
        bencher.iter(|| -> Vec<f64> {
            let share = |seed| Quantity::Shapley(seed).of(seeds, black_box(&table).iter().copied());
            (0..seeds).map(share).collect()
        });
    });
}

fn sampled(criterion: &mut Criterion) {
    let budget = Budget {
        standard_error: 0.0,
        orders: ORDERS,
        rng_seed: 42,
    };
    let values = |round: &Round| -> Result<Option<Values>, Infallible> {
        let both = |one: &Configuration| (*one, [value(*one), -value(*one)]);
        Ok(Some(round.keys().map(both).collect()))
    };
    criterion.bench_function("sampled Shapley values of 16 slots", |bencher| {
        bencher.iter(|| {
            let mut sampling = Sampling::new(16, budget);
            let Ok(()) = sampling.draw(values);
            assert_eq!(sampling.orders(), ORDERS);
            sampling.values()
        });
    });
}

criterion_group!(benches, exact, sampled);
criterion_main!(benches);
