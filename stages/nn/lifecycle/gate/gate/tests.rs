use super::*;
use crate::lifecycle::Curve;

/// A seed that passes every gate but the first two.
struct Seed {
    stage: LifeStage,
    epochs: usize,
    alpha: AlphaController,
    metrics: SeedMetrics,
}

fn sound() -> Seed {
    let mut metrics = SeedMetrics::germinated(Some(0.70), 100, 400);
    metrics.record_epoch(0.71);
    metrics.record_contribution(0.71, 0.69);
    metrics.record_gradients(&[1.0, 2.0], Some(0.5));
    Seed {
        stage: LifeStage::Training,
        epochs: 10,
        alpha: AlphaController::holding(1.0),
        metrics,
    }
}

fn params(mode: GateMode) -> GateParams {
    GateParams {
        mode,
        ..GateParams::default()
    }
}

fn asked(gate: Gate, seed: &Seed, mode: GateMode) -> GateRecord {
    let evidence = Evidence {
        stage: seed.stage,
        epochs_in_stage: seed.epochs,
        alpha: &seed.alpha,
        metrics: &seed.metrics,
    };
    gate.evaluate(7, &evidence, &params(mode))
}

/// The measures that speak against the seed.
fn against(record: &GateRecord) -> Vec<Measure> {
    let failed = record.checks.iter().filter(|check| !check.passed);
    failed.map(|check| check.measure).collect()
}

#[test]
fn a_sound_seed_passes_in_every_mode() {
    for mode in [GateMode::Observe, GateMode::Permissive, GateMode::Strict] {
        for gate in [Gate::G2, Gate::G3, Gate::G5] {
            let record = asked(gate, &sound(), mode);
            assert!(record.passed && record.opened, "{record:?}");
            assert_eq!((record.epoch, record.mode), (7, mode));
        }
    }
}

#[test]
fn scores_say_how_good() {
    let score = |gate| asked(gate, &sound(), GateMode::Strict).score.unwrap();
    assert!((score(Gate::G2) - 0.2).abs() < 1e-9);
    assert!((score(Gate::G5) - 0.2).abs() < 1e-9);
    assert_eq!(asked(Gate::G3, &sound(), GateMode::Strict).score, Some(1.0));
    let mut worse = sound();
    worse.metrics.record_epoch(0.5);
    assert_eq!(asked(Gate::G2, &worse, GateMode::Strict).score, Some(0.0));
}

#[test]
fn each_strict_threshold_is_the_lowest_that_passes() {
    let strict = |seed: &Seed, gate| against(&asked(gate, seed, GateMode::Strict));
    let mut seed = sound();
    seed.epochs = 9;
    assert_eq!(strict(&seed, Gate::G2), [Measure::EpochsInStage]);
    assert_eq!(strict(&seed, Gate::G3), [Measure::EpochsInStage]);
    let mut seed = sound();
    seed.metrics.record_epoch(0.704);
    assert_eq!(strict(&seed, Gate::G2), [Measure::Improvement]);
    let mut seed = sound();
    seed.metrics.record_gradients(&[1.0], Some(0.099));
    assert_eq!(strict(&seed, Gate::G2), [Measure::GradientRatio]);
    let mut seed = sound();
    seed.metrics.record_contribution(0.71, 0.702);
    assert_eq!(strict(&seed, Gate::G5), [Measure::Contribution]);
    let mut seed = sound();
    seed.metrics.record_gradients(&[1e-9, 1e3], Some(0.5));
    assert_eq!(strict(&seed, Gate::G5), [Measure::GradientHealth]);
}

#[test]
fn what_was_not_measured_holds_every_gate_that_asks_for_it() {
    let unmeasured = Seed {
        metrics: SeedMetrics::germinated(None, 100, 400),
        ..sound()
    };
    for (gate, mode) in [
        (Gate::G2, GateMode::Strict),
        (Gate::G2, GateMode::Permissive),
        (Gate::G5, GateMode::Strict),
        (Gate::G5, GateMode::Permissive),
    ] {
        let record = asked(gate, &unmeasured, mode);
        assert!(!record.passed && !record.opened, "{record:?}");
        assert_eq!(record.score, None);
        assert!(
            record.reason().contains("was not measured"),
            "{}",
            record.reason()
        );
        for check in record.checks.iter().filter(|check| !check.passed) {
            assert_eq!(check.value, None);
        }
    }
}

#[test]
fn a_number_that_is_none_counts_as_not_measured() {
    let mut seed = sound();
    seed.metrics.record_contribution(f64::NAN, 0.5);
    let record = asked(Gate::G5, &seed, GateMode::Permissive);
    assert_eq!(against(&record), [Measure::Contribution]);
    assert_eq!((record.checks[0].value, record.score), (None, None));
}

#[test]
fn permissive_gates_ask_for_less_and_not_for_nothing() {
    let permissive = |seed: &Seed, gate| against(&asked(gate, seed, GateMode::Permissive));
    let mut seed = sound();
    seed.metrics.record_epoch(0.5);
    seed.metrics.record_gradients(&[1.0], None);
    assert_eq!(permissive(&seed, Gate::G2), []);
    seed.metrics.record_gradients(&[1.0, 1.0, 1.0, 20.0], None);
    assert_eq!(permissive(&seed, Gate::G2), [Measure::Exploding]);
    seed.metrics.record_contribution(0.5, 0.6);
    assert_eq!(permissive(&seed, Gate::G5), []);
    seed.epochs = 0;
    assert_eq!(permissive(&seed, Gate::G3), []);
}

#[test]
fn an_observed_gate_opens_but_not_before_alpha_has_arrived() {
    let mut seed = Seed {
        metrics: SeedMetrics::germinated(None, 1, 1),
        epochs: 0,
        ..sound()
    };
    for gate in [Gate::G2, Gate::G3, Gate::G5] {
        let record = asked(gate, &seed, GateMode::Observe);
        assert!(!record.passed && record.opened, "{record:?}");
    }
    seed.alpha = AlphaController::holding(0.0);
    seed.alpha.retarget(1.0, 3, Curve::Linear).unwrap();
    let record = asked(Gate::G3, &seed, GateMode::Observe);
    assert!(!record.opened && against(&record).contains(&Measure::AlphaDistance));
    seed.alpha = AlphaController::holding(0.5);
    assert!(!asked(Gate::G3, &seed, GateMode::Observe).opened);
}

#[test]
fn seeds_germinate_in_empty_slots_and_train_once_germinated() {
    for stage in LifeStage::ALL {
        let seed = Seed { stage, ..sound() };
        let record = asked(Gate::G0, &seed, GateMode::Observe);
        assert_eq!(record.opened, stage == LifeStage::Dormant, "{stage}");
        let record = asked(Gate::G1, &seed, GateMode::Observe);
        assert_eq!(record.opened, stage == LifeStage::Germinated, "{stage}");
    }
}
