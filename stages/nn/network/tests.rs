//! The way back through a whole network, by hand and by autograd.

use kaslite_random::TorchGenerator;
use tch::{Device, Kind, Tensor};

use crate::blueprint::Blueprint;
use crate::config::Landing;
use crate::host::{Architecture, HostKind, MlpHost};
use crate::network::{Network, Site};
use crate::seed::{Child, Lesson, Operator, Seed, SeedId, SeedState};
use crate::threads::single_thread;

const ARCHITECTURE: Architecture = Architecture {
    host: HostKind::Mlp,
    input_dim: 3,
    hidden_dim: 6,
    num_layers: 3,
    seeds_per_layer: 2,
    classes: 3,
};

/// A seed in one of the states of a life.
#[derive(Clone, Copy)]
enum Stage {
    Dormant,
    Task,
    Blending,
    Active,
}

fn seed(id: SeedId, stage: Stage, operator: Operator) -> Seed {
    let mut generator = TorchGenerator::new(id.layer as u64 * 10 + id.index as u64);
    let grown = |state, alpha, generator: &mut TorchGenerator| {
        let child = Child::draw(Blueprint::Mlp, operator, 6, generator, Device::Cpu);
        Seed::grown(id, state, alpha, 1.0, child)
    };
    match stage {
        Stage::Dormant => Seed::dormant(id),
        Stage::Task => grown(SeedState::Training, 0.0, &mut generator).with_lesson(Lesson::Task),
        Stage::Blending => grown(SeedState::Blending, 0.4, &mut generator),
        Stage::Active => grown(SeedState::Active, 1.0, &mut generator),
    }
}

/// A network whose seeds are in `stages`, slot after slot; `track` for autograd.
fn network(stages: [Stage; 6], operator: Operator, landing: Landing, track: bool) -> Network {
    single_thread();
    let values = MlpHost::draw(&ARCHITECTURE, &mut TorchGenerator::new(9));
    let mut host = MlpHost::new(&ARCHITECTURE, &values, Device::Cpu);
    if track {
        host.parameters_mut().track();
    }
    let mut stages = stages.into_iter();
    let site = |layer| {
        let seeds = ARCHITECTURE.seeds_behind(layer).zip(stages.by_ref());
        let mut seeds: Vec<Seed> = seeds.map(|(id, at)| seed(id, at, operator)).collect();
        for child in seeds
            .iter_mut()
            .filter_map(Seed::child_mut)
            .filter(|_| track)
        {
            child.parameters_mut().track();
        }
        Site::new(seeds)
    };
    let sites = (1..=3).map(site).collect();
    Network::from_parts(ARCHITECTURE, Box::new(host), sites, landing, Device::Cpu)
}

fn rows() -> (Tensor, Tensor) {
    let features = TorchGenerator::new(3).uniform_f32s(-1.0, 1.0, 21);
    let labels = Tensor::from_slice(&[0_i64, 1, 2, 1, 0, 2, 2]);
    (Tensor::from_slice(&features).view([7, 3]), labels)
}

/// The gradient of the logits under a cross-entropy.
fn of_logits(logits: &Tensor, labels: &Tensor) -> Tensor {
    let wanted = labels.one_hot(3).to_kind(Kind::Float);
    (logits.softmax(1, Kind::Float) - wanted) / 7.0
}

/// Gradients of the host and of each seed's child, by hand.
fn by_hand(network: &Network, host: bool) -> Vec<Option<Tensor>> {
    let (features, labels) = rows();
    let (pass, record) = network.forward_recorded(&features);
    network.backward(record, of_logits(&pass.logits, &labels), host);
    let children = network.seeds().map(|seed| {
        let child = seed.child()?;
        Some(child.parameters().flat_gradient().copy())
    });
    std::iter::once(host.then(|| network.host().parameters().flat_gradient().copy()))
        .chain(children)
        .collect()
}

fn by_autograd(network: &Network) -> Vec<Option<Tensor>> {
    let (features, labels) = rows();
    let logits = network.forward(&features).logits;
    logits.cross_entropy_for_logits(&labels).backward();
    let children = network
        .seeds()
        .map(|seed| Some(seed.child()?.parameters().flat().grad()));
    std::iter::once(Some(network.host().parameters().flat().grad()))
        .chain(children)
        .collect()
}

fn assert_close(found: &Tensor, expected: &Tensor) {
    let apart = (found - expected).abs().max().double_value(&[]);
    assert!(apart < 1e-6, "{apart}");
}

/// What only passes straight through is not seen by autograd, which [`crate::seed`] tests.
#[test]
fn the_whole_way_back_as_by_autograd() {
    use Stage::{Active, Blending, Dormant};
    let stages = [
        [Dormant; 6],
        [Blending, Dormant, Dormant, Active, Dormant, Dormant],
        [Active, Blending, Active, Active, Blending, Dormant],
    ];
    for stages in stages {
        for operator in [Operator::Add, Operator::Multiply, Operator::Gate] {
            for landing in [Landing::Continuous, Landing::Reference] {
                let expected = by_autograd(&network(stages, operator, landing, true));
                let network = network(stages, operator, landing, false);
                // The host learns beside the seeds, or is frozen.
                for host in [true, false] {
                    for (found, expected) in by_hand(&network, host).iter().zip(&expected) {
                        if let (Some(found), Some(expected)) = (found, expected) {
                            assert_close(found, expected);
                        }
                    }
                }
            }
        }
    }
}

/// A seed that learns straight through changes no bit of what the host learns, nor of what the
/// seeds below learn.
#[test]
fn an_isolated_seed_leaves_the_gradients_below_alone() {
    use Stage::{Blending, Dormant, Task};
    let gradients = |at| {
        let stages = [Blending, Dormant, at, Dormant, Dormant, at];
        by_hand(
            &network(stages, Operator::Add, Landing::Continuous, false),
            true,
        )
    };
    let (without, with) = (gradients(Dormant), gradients(Task));
    assert!(without[0] == with[0] && without[1] == with[1]);
    for learns in [3, 6] {
        let own = with[learns].as_ref().unwrap().abs().sum(Kind::Float);
        assert!(without[learns].is_none() && own.double_value(&[]) > 0.0);
    }
}

#[test]
fn nothing_is_computed_where_nobody_learns() {
    let network = network(
        [Stage::Dormant; 6],
        Operator::Add,
        Landing::Continuous,
        false,
    );
    let gradients = by_hand(&network, false);
    assert!(gradients.iter().all(Option::is_none));
    let untouched = network
        .host()
        .parameters()
        .flat_gradient()
        .abs()
        .sum(Kind::Float);
    assert!(untouched.double_value(&[]) <= 0.0);
}

/// What is kept away from the host is measured as exactly nothing; what is not is seen.
#[test]
fn leakage_is_measured() {
    let (features, labels) = rows();
    let of = |at, operator| {
        let stages = [Stage::Dormant, at, Stage::Dormant, at, Stage::Dormant, at];
        network(stages, operator, Landing::Continuous, false)
    };
    let isolated = of(Stage::Task, Operator::Add);
    let leaks = crate::dense::leakage(&isolated, &features, &labels);
    assert_eq!(leaks, Some(0.0));
    let blending = of(Stage::Blending, Operator::Add);
    assert_eq!(crate::dense::leakage(&blending, &features, &labels), None);
    let seeds: Vec<SeedId> = blending.seeds().map(Seed::id).collect();
    let through = crate::dense::share_through(&blending, &features, &labels, &seeds);
    assert!(through.unwrap() > 0.01, "{through:?}");
}
