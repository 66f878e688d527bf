//! What a training step costs beside its own matrix products, what telemetry adds to a run, what
//! trials side by side gain, and what it costs to evaluate every configuration of the grown seeds.
//!
//! `cargo bench --workspace --bench training`; a step is to take at most twice as long as its products, a
//! run with standard telemetry at most 1.1 times as long as one without, eight trials on four threads at
//! most 1 / 3.5 of the time that they take one after another, the configurations with shared passes at
//! most 1 / 5 of that of one after another. `benches/training.py` makes a table of it.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use kaslite_nn::{
    Answers, Blueprint, Config, Configuration, ControllerKind, Curve, Data, DenseParams, Device,
    Event, GateMode, GateParams, HostKind, Landing, Lesson, Observer, Operator, Reading,
    TamiyoParams, fit, single_thread,
};
use tch::{Kind, Tensor};

const FEATURES: u16 = 3;
const BATCH: usize = 64;
const STEPS_AN_EPOCH: usize = 100;

fn config(hidden_dim: usize, num_layers: usize, epochs: (usize, usize)) -> Config {
    Config {
        host: HostKind::Mlp,
        hidden_dim,
        num_layers,
        seeds_per_layer: 2,
        classes: 2,
        batch_size: BATCH,
        lr: 0.001,
        warm_up_epochs: epochs.0,
        adaptation_epochs: epochs.1,
        train_frac: 0.99,
        blend_steps: 30,
        curve: Curve::Linear,
        tempo: None,
        shadow_lr: 0.001,
        progress_thresh: 0.6,
        drift_warn: 0.12,
        acc_threshold: 1.0,
        patience: 2,
        delta: 5e-4,
        controller: ControllerKind::Kasmina,
        tamiyo: TamiyoParams::default(),
        gates: GateParams {
            mode: GateMode::Observe,
            ..GateParams::default()
        },
        embargo_epochs: 5,
        prune_epochs: 0,
        disabled: Vec::new(),
        host_restarts: Vec::new(),
        blueprint: Blueprint::Mlp,
        operator: Operator::Add,
        lesson: Lesson::Reproduction,
        landing: Landing::Continuous,
        dense: DenseParams::default(),
        device: Device::Cpu,
        rng_seed: 42,
    }
}

/// Rows of which 99 of 100 train, in `steps` whole batches.
fn rows(steps: usize) -> Data {
    let rows = (steps * BATCH * 100).div_ceil(99);
    let value = |at: usize| (at as f32 * 0.37).sin() * 2.0;
    let features = (0..rows * usize::from(FEATURES)).map(value).collect();
    let labels = (0..rows)
        .map(|row| i64::from(value(row * 3) > 0.5))
        .collect();
    Data::new(features, labels, FEATURES.into()).expect("whole rows of finite numbers")
}

/// When each epoch ended.
#[derive(Default)]
struct Clock(Vec<Instant>);

impl Observer for Clock {
    fn observe(&mut self, event: &Event) {
        if matches!(event, Event::EpochFinished { .. }) {
            self.0.push(Instant::now());
        }
    }
}

/// The time that `steps` training steps take in a run under way, with all that an epoch costs.
fn training(data: &Data, hidden_dim: usize, num_layers: usize, steps: u64) -> Duration {
    let steps = usize::try_from(steps).unwrap_or(usize::MAX);
    let epochs = steps.div_ceil(STEPS_AN_EPOCH);
    let mut clock = Clock::default();
    let config = config(hidden_dim, num_layers, (epochs + 1, 0));
    let outcome = fit(data, &config, &mut clock, &|| false);
    assert!(outcome.is_ok(), "the run is one that can be trained");
    let (first, last) = (clock.0[0], clock.0[epochs]);
    (last - first).mul_f64(steps as f64 / (epochs * STEPS_AN_EPOCH) as f64)
}

/// Two factors of a product and where it goes.
type Product = (Tensor, Tensor, Tensor);

/// The products of one step: of each layer the sums, the weights' gradient, and, but for the first
/// layer, the input's.
fn products(hidden: i64, layers: usize) -> Vec<Product> {
    let batch = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let random = |rows, columns| Tensor::rand([rows, columns], (Kind::Float, tch::Device::Cpu));
    let product = |one: Tensor, other: Tensor| {
        let into = one.mm(&other);
        (one, other, into)
    };
    let mut shapes = vec![(i64::from(FEATURES), hidden)];
    shapes.extend(std::iter::repeat_n((hidden, hidden), layers));
    shapes.push((hidden, 2));
    let mut products = Vec::new();
    for (at, (inputs, outputs)) in shapes.into_iter().enumerate() {
        let (x, above) = (random(batch, inputs), random(batch, outputs));
        let weights = random(outputs, inputs);
        products.push(product(x.shallow_clone(), weights.tr()));
        products.push(product(above.tr(), x));
        if at > 0 {
            products.push(product(above, weights));
        }
    }
    products
}

fn step(criterion: &mut Criterion) {
    single_thread();
    let data = rows(STEPS_AN_EPOCH);
    for (hidden_dim, num_layers) in [(64, 3), (128, 3), (256, 8)] {
        let mut group = criterion.benchmark_group(format!("h{hidden_dim} l{num_layers} b64"));
        group.bench_function("training step", |bencher| {
            bencher.iter_custom(|steps| training(&data, hidden_dim, num_layers, steps));
        });
        let hidden = i64::try_from(hidden_dim).unwrap_or(i64::MAX);
        let products = products(hidden, num_layers);
        group.bench_function("its matrix products", |bencher| {
            bencher.iter(|| {
                for (one, other, into) in &products {
                    let _written = black_box(one.mm_out(into, other));
                }
            });
        });
        group.finish();
    }
}

/// A run as patient as the example's, in which seeds grow one after another, with every event kept:
/// looked at closely when the defaults say so, and never.
fn telemetry(criterion: &mut Criterion) {
    let data = rows(25);
    let never = DenseParams {
        loss_spike: f64::INFINITY,
        accuracy_drop: f64::INFINITY,
        gradient_explosion: f64::INFINITY,
        stage_transition: false,
        gate_failure: false,
        ..DenseParams::default()
    };
    let mut group = criterion.benchmark_group("telemetry");
    group.sample_size(10);
    for (name, dense) in [("without", never), ("standard", DenseParams::default())] {
        let config = Config {
            dense,
            patience: 15,
            delta: 10.0,
            ..config(128, 3, (15, 60))
        };
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut events: Vec<Event> = Vec::new();
                let outcome = fit(&data, &config, &mut events, &|| false);
                assert!(outcome.is_ok(), "the run is one that can be trained");
                black_box(events)
            });
        });
    }
    group.finish();
}

/// Beside the trials, as much work that shares nothing at all: products of their size, each thread's
/// its own. It tells what four threads gain on this machine at this time.
fn trials(criterion: &mut Criterion) {
    let data = rows(20);
    let trial = |rng_seed| {
        let config = Config {
            rng_seed,
            ..config(64, 3, (10, 10))
        };
        let outcome = fit(&data, &config, &mut (), &|| false);
        assert!(outcome.is_ok(), "the run is one that can be trained");
    };
    let apart = |_| {
        single_thread();
        let products = products(64, 3);
        for (one, other, into) in (0..400).flat_map(|_| &products) {
            let _written = black_box(one.mm_out(into, other));
        }
    };
    let mut group = criterion.benchmark_group("8 trials");
    group.sample_size(20);
    side_by_side(&mut group, "", &trial);
    side_by_side(&mut group, "products, ", &apart);
    group.finish();
}

/// Eight times `work`: one after another, and on four threads that take the next one when they are done.
fn side_by_side(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    work: &(impl Fn(u64) + Sync),
) {
    group.bench_function(format!("{name}one after another"), |bencher| {
        bencher.iter(|| (0..8).for_each(work));
    });
    group.bench_function(format!("{name}on 4 threads"), |bencher| {
        bencher.iter(|| {
            let next = AtomicU64::new(0);
            let turn = || next.fetch_add(1, Ordering::Relaxed);
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        std::iter::repeat_with(turn)
                            .take_while(|turn| *turn < 8)
                            .for_each(work);
                    });
                }
            });
        });
    });
}

/// All configurations of ten seeds, one in each of ten slots, on 400 rows.
fn factorial(criterion: &mut Criterion) {
    single_thread();
    let config = Config {
        seeds_per_layer: 1,
        delta: 10.0,
        ..config(128, 10, (1, 30))
    };
    let outcome = fit(&rows(4), &config, &mut (), &|| false);
    let model = outcome.expect("the run is one that can be trained").model;
    assert_eq!(model.grown_seeds().len(), 10, "every seed has germinated");
    let data = rows(7).select(&(0..400).collect::<Vec<_>>());
    let data = data.expect("there are more rows");
    let every: Vec<Configuration> = Configuration::every(10).collect();
    let mut group = criterion.benchmark_group("1024 configurations of 10 seeds, h128, 400 rows");
    group.sample_size(10);
    group.bench_function("one by one", |bencher| {
        bencher.iter(|| {
            for one in &every {
                let on: Vec<bool> = (0..10).map(|seed| one.has(seed)).collect();
                black_box(model.evaluate(&data, &on)).expect("the data fits");
            }
        });
    });
    group.bench_function("with shared passes", |bencher| {
        bencher.iter(|| {
            let mut right = 0;
            let visit = &mut |answers: Answers| {
                right += answers.correct.iter().filter(|right| **right).count();
                true
            };
            let whole = model.evaluate_each(&data, &every, Reading::AsTrained, visit);
            whole.expect("the data fits");
            black_box(right)
        });
    });
    group.finish();
}

criterion_group!(benches, step, telemetry, trials, factorial);
criterion_main!(benches);
