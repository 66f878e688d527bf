//! The ways back through a seed, by hand and by autograd.

use kaslite_random::TorchGenerator;
use tch::{Device, Kind, Tensor};

use crate::blueprint::Blueprint;
use crate::layer::Tape;
use crate::seed::{Child, Coupling, Operator, Role};

const DIM: usize = 6;

fn random(shape: &[i64], rng_seed: u64) -> Tensor {
    let count = shape.iter().product::<i64>().unsigned_abs();
    let count = usize::try_from(count).unwrap();
    let values = TorchGenerator::new(rng_seed).uniform_f32s(-1.0, 1.0, count);
    Tensor::from_slice(&values).view(shape)
}

/// A child all of whose weights are some number, so that no gradient is zero by chance.
fn child(blueprint: Blueprint, operator: Operator) -> Child {
    let count = Child::layout(blueprint, operator, DIM).count();
    let values = TorchGenerator::new(5).uniform_f32s(-0.6, 0.6, count);
    Child::with_values(blueprint, operator, DIM, &values, Device::Cpu)
}

/// What the seed is to give, in tensors that autograd follows.
fn formula(role: Role, child: &Child, x: &Tensor) -> Tensor {
    let seen = if role.isolated { x.detach() } else { x + 0.0 };
    let given = || child.forward(&seen, &mut Tape::off());
    match role.coupling {
        Coupling::Absent => x + 0.0,
        Coupling::StraightThrough => x + (given() - given().detach()),
        Coupling::Sum => x + given(),
        Coupling::Blend { operator, alpha } => match operator {
            Operator::Add => x + (given() - x) * alpha,
            Operator::Multiply => x * ((given() - &seen).tanh() * alpha + 1.0),
            Operator::Gate => {
                let open = child.gate(&seen, &mut Tape::off()).unwrap();
                x + (open * alpha).clamp(0.0, 1.0) * (given() - x)
            }
        },
    }
}

fn couplings(operator: Operator) -> Vec<Coupling> {
    let alphas = [0.0, 0.3, 1.0].into_iter();
    let blends = alphas.map(|alpha| Coupling::Blend { operator, alpha });
    let others = [Coupling::Absent, Coupling::StraightThrough, Coupling::Sum];
    blends.chain(others).collect()
}

fn roles(operator: Operator) -> Vec<Role> {
    let role = |coupling| {
        [true, false].map(|isolated| Role {
            coupling,
            isolated,
            learns: true,
        })
    };
    couplings(operator).into_iter().flat_map(role).collect()
}

const OPERATORS: [Operator; 3] = [Operator::Add, Operator::Multiply, Operator::Gate];

fn assert_close(found: &Tensor, expected: &Tensor, what: &str) {
    let apart = (found - expected).abs().max().double_value(&[]);
    assert!(apart < 2e-6, "{what}: {apart}");
}

/// Output, gradient of the weights and gradient of the input of every part that a seed can take.
#[test]
fn by_hand_as_by_autograd() {
    for operator in OPERATORS {
        for blueprint in Blueprint::ALL {
            for role in roles(operator) {
                check(blueprint, operator, role);
            }
        }
    }
}

fn check(blueprint: Blueprint, operator: Operator, role: Role) {
    let what = format!("{blueprint:?} {role:?}");
    let (rows, above) = (random(&[5, 6], 1), random(&[5, 6], 2));
    let mut twin = child(blueprint, operator);
    twin.parameters_mut().track();
    let tracked = rows.copy().set_requires_grad(true);
    let expected = formula(role, &twin, &tracked);
    (&expected * &above).sum(Kind::Float).backward();

    let child = child(blueprint, operator);
    let mut tape = Tape::recording();
    let given = role.forward(&child, &rows, &mut tape);
    assert_close(given.as_ref().unwrap_or(&rows), &expected.detach(), &what);
    let back = role.backward(&child, &above, &mut tape, true);
    let straight = &above * back.direct;
    let gradient = back.other.map_or(straight.copy(), |other| other + straight);
    assert_close(&gradient, &tracked.grad(), &what);
    let weights = twin.parameters().flat().grad();
    if weights.defined() && child.count() > 0 {
        assert_close(child.parameters().flat_gradient(), &weights, &what);
    } else {
        let written = child.parameters().flat_gradient().abs().sum(Kind::Float);
        assert!(written.double_value(&[]) <= 0.0, "{what}");
    }
}

/// At alpha 0 every operator gives what the seed gets.
#[test]
fn every_operator_begins_as_the_identity() {
    let x = random(&[5, 6], 1);
    for operator in OPERATORS {
        let coupling = Coupling::Blend {
            operator,
            alpha: 0.0,
        };
        let role = Role {
            coupling,
            isolated: false,
            learns: true,
        };
        let child = child(Blueprint::Mlp, operator);
        let given = role.forward(&child, &x, &mut Tape::off()).unwrap();
        assert_close(&given, &x, &format!("{operator:?}"));
    }
}

/// A child that gives no number cannot spoil the value of what passes straight through.
#[test]
fn straight_through_is_the_input_itself() {
    let x = random(&[5, 6], 1);
    let count = Child::layout(Blueprint::Mlp, Operator::Add, DIM).count();
    let broken = vec![f32::NAN; count];
    let child = Child::with_values(Blueprint::Mlp, Operator::Add, DIM, &broken, Device::Cpu);
    let role = Role {
        coupling: Coupling::StraightThrough,
        isolated: true,
        learns: true,
    };
    assert!(role.forward(&child, &x, &mut Tape::recording()).is_none());
}

#[test]
fn the_reproduction_loss_by_hand_as_by_autograd() {
    let x = random(&[7, 6], 3);
    let mut twin = child(Blueprint::Mlp, Operator::Add);
    twin.parameters_mut().track();
    let expected = twin
        .forward(&x, &mut Tape::off())
        .mse_loss(&x, tch::Reduction::Mean);
    expected.backward();
    let child = child(Blueprint::Mlp, Operator::Add);
    assert_close(&child.learn_to_reproduce(&x), &expected.detach(), "loss");
    let gradient = twin.parameters().flat().grad();
    assert_close(child.parameters().flat_gradient(), &gradient, "gradient");
}
