//! A small run from its first epoch to its outcome.

use kaslite_nn::{
    Blueprint, Config, ControllerKind, Event, Gate, GateMode, GateParams, Landing, Lesson,
    LifeStage, Model, Operator, Phase, Scaler, SeedState,
};

use crate::support::{epochs, rings, small_config, train};

#[test]
fn phases_and_epochs_are_reported_in_order() {
    let (_, events) = train(&rings(), &small_config());
    let phases: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::PhaseStarted {
                phase,
                first_epoch,
                last_epoch,
            } => Some((*phase, *first_epoch, *last_epoch)),
            Event::Transition { .. }
            | Event::Germination { .. }
            | Event::DriftWarning { .. }
            | Event::Triggered { .. }
            | Event::Dense { .. }
            | Event::Matrix { .. }
            | Event::Initial { .. }
            | Event::Passage { .. }
            | Event::GateAsked { .. }
            | Event::Decided { .. }
            | Event::EpochFinished { .. } => None,
        })
        .collect();
    assert_eq!(phases, [(Phase::WarmUp, 1, 3), (Phase::Adaptation, 4, 15)]);
    let numbers: Vec<_> = epochs(&events)
        .iter()
        .map(|(stats, _)| stats.epoch)
        .collect();
    assert_eq!(numbers, (1..=15).collect::<Vec<_>>());
}

/// Nothing learns between the warm-up and the first germination, and that is told as nothing.
#[test]
fn what_was_not_measured_is_none() {
    let (outcome, events) = train(&rings(), &small_config());
    let germinated = outcome.germinations[0].epoch;
    for (stats, seeds) in epochs(&events) {
        let idle = stats.phase == Phase::Adaptation && stats.epoch <= germinated;
        assert_eq!(
            (stats.train_loss.is_none(), stats.learning_rate.is_none()),
            (idle, idle)
        );
        for seed in seeds {
            assert_eq!(seed.alpha.is_some(), seed.state.shows(), "{seed:?}");
            assert_eq!(seed.drift.is_some(), seed.state.shows(), "{seed:?}");
            assert_eq!(seed.progress.is_some(), seed.state.is_grown(), "{seed:?}");
            assert_eq!(seed.parameters > 0, seed.state.is_grown(), "{seed:?}");
            assert_eq!(
                seed.health.is_none(),
                seed.state == SeedState::Active,
                "{seed:?}"
            );
        }
    }
}

#[test]
fn the_outcome_adds_up() {
    let (outcome, events) = train(&rings(), &small_config());
    let epochs = epochs(&events);
    let (last, seeds) = epochs.last().unwrap();
    let best = epochs
        .iter()
        .map(|(stats, _)| stats.val_accuracy)
        .fold(0.0, f64::max);
    assert!((outcome.best_accuracy - best).abs() < 1e-12);
    assert!((outcome.final_accuracy - last.val_accuracy).abs() < 1e-12);
    // Input, two hidden layers and output; each child is 16 → 64 → 16.
    let (host, child) = (4 * 16 + 2 * 17 * 16 + 17 * 2, 17 * 64 + 65 * 16);
    let grown = outcome.germinations.len();
    assert!(grown >= 2, "{grown}");
    assert_eq!(
        (outcome.parameters.host, outcome.parameters.grown),
        (host, grown * child)
    );
    assert_eq!(
        seeds.iter().filter(|seed| seed.state.is_grown()).count(),
        grown
    );
    assert!(seeds.iter().any(|seed| seed.state == SeedState::Active));
    for record in &outcome.germinations {
        let before = epochs[record.epoch - 1].0.val_accuracy;
        assert!(
            (record.accuracy_before - before).abs() < 1e-12,
            "{record:?}"
        );
        let seen = record.accuracy_after.is_some();
        assert!(seen || record.recovery_epochs.is_none(), "{record:?}");
    }
    assert_eq!(
        (outcome.split.train.len(), outcome.split.validation.len()),
        (256, 64)
    );
}

/// The original lets the validation rows have a say in how the features are scaled.
#[test]
fn the_scaler_is_fitted_on_what_the_landing_says() {
    let scaler = |landing| {
        let config = Config {
            landing,
            ..small_config()
        };
        let (outcome, _) = train(&rings(), &config);
        (outcome.model.scaler().clone(), outcome.split)
    };
    let (continuous, split) = scaler(Landing::Continuous);
    let training_rows = rings().select(&split.train).unwrap();
    assert_eq!(continuous, Scaler::fit(&training_rows));
    let (reference, _) = scaler(Landing::Reference);
    assert_eq!(reference, Scaler::fit(&rings()));
    assert_ne!(reference, continuous);
}

/// Each of them can be chosen, trains, and goes to a file and back.
#[test]
fn every_child_grows_and_is_kept() {
    let operators = [Operator::Add, Operator::Multiply, Operator::Gate];
    let lessons = [Lesson::Reproduction, Lesson::Task].into_iter().cycle();
    let choices = Blueprint::ALL.into_iter().cycle().zip(operators.repeat(4));
    for ((blueprint, operator), lesson) in choices.zip(lessons) {
        let config = Config {
            blueprint,
            operator,
            lesson,
            ..small_config()
        };
        let (outcome, _) = train(&rings(), &config);
        let gate = if operator == Operator::Gate {
            17 * 8 + 9
        } else {
            0
        };
        let grown = outcome.model.grown_seeds();
        assert!(!grown.is_empty(), "{config:?}");
        for seed in &grown {
            assert_eq!(
                seed.parameters,
                blueprint.parameters(16) + gate,
                "{config:?}"
            );
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        outcome.model.save(file.path()).unwrap();
        let loaded = Model::load(file.path()).unwrap();
        let on = vec![true; grown.len()];
        let evaluation = |model: &Model| model.evaluate(&rings(), &on).unwrap();
        assert_eq!(
            evaluation(&loaded),
            evaluation(&outcome.model),
            "{config:?}"
        );
    }
}

/// Tamiyo leads seeds through gates; what is worth nothing is removed and its slot rests.
#[test]
fn tamiyo_judges_every_seed_by_what_it_is_worth() {
    let (_, events) = train(&rings(), &led(ControllerKind::Tamiyo));
    let mut passages = Vec::new();
    let (mut decided, mut asked) = (0, Vec::new());
    for event in &events {
        match event {
            Event::Passage { passage, .. } => passages.push((passage.from, passage.to)),
            Event::Decided { .. } => decided += 1,
            Event::GateAsked { gate, .. } => asked.push((gate.gate, gate.opened)),
            Event::Initial { .. }
            | Event::PhaseStarted { .. }
            | Event::Transition { .. }
            | Event::Germination { .. }
            | Event::DriftWarning { .. }
            | Event::Triggered { .. }
            | Event::Dense { .. }
            | Event::Matrix { .. }
            | Event::EpochFinished { .. } => {}
        }
    }
    assert_eq!(decided, 60);
    for (from, to) in &passages {
        assert!(from.passage(*to).is_ok(), "{from} {to}");
    }
    let judged = |to| passages.iter().any(|(_, reached)| *reached == to);
    assert!(judged(LifeStage::Holding), "{passages:?}");
    assert!(
        judged(LifeStage::Fossilized) || judged(LifeStage::Pruned),
        "{passages:?}"
    );
    for gate in [Gate::G0, Gate::G1, Gate::G2, Gate::G3] {
        assert!(asked.contains(&(gate, true)), "{gate}");
    }
    assert!(
        asked.contains(&(Gate::G2, false)),
        "ten epochs of training are asked for"
    );
    let measured = epochs(&events)
        .into_iter()
        .flat_map(|(_, seeds)| seeds)
        .any(|seed| {
            let life = seed.life.seed().filter(|_| seed.alpha > Some(0.0));
            life.is_some_and(|life| life.metrics().contribution.is_some())
        });
    assert!(measured);
}

/// With the host frozen and nothing growing, nothing changes after the warm-up.
#[test]
fn without_a_controller_the_host_stays_what_it_was() {
    let (outcome, events) = train(&rings(), &led(ControllerKind::None));
    assert_eq!(
        (outcome.germinations.len(), outcome.parameters.grown),
        (0, 0)
    );
    let adapted = epochs(&events)
        .into_iter()
        .filter(|(stats, _)| stats.phase == Phase::Adaptation);
    let losses: Vec<f64> = adapted.map(|(stats, _)| stats.val_loss).collect();
    assert_eq!(losses.len(), 60);
    assert!(
        losses
            .iter()
            .all(|loss| loss.to_bits() == losses[0].to_bits())
    );
}

fn led(controller: ControllerKind) -> Config {
    Config {
        controller,
        adaptation_epochs: 60,
        lesson: Lesson::Task,
        gates: GateParams {
            mode: GateMode::Permissive,
            ..GateParams::default()
        },
        ..small_config()
    }
}
