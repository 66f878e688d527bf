//! Configurations and data for the tests.

use kaslite_nn::{
    Blueprint, Config, ControllerKind, Curve, Data, DenseParams, Device, EpochStats, Event,
    GateMode, GateParams, HostKind, Landing, Lesson, Operator, Outcome, SeedStats, TamiyoParams,
    fit,
};

/// The configuration of the recorded run.
pub(crate) fn recorded_config() -> Config {
    Config {
        host: HostKind::Mlp,
        hidden_dim: 128,
        num_layers: 3,
        seeds_per_layer: 2,
        classes: 2,
        batch_size: 64,
        lr: 0.001,
        warm_up_epochs: 40,
        adaptation_epochs: 60,
        train_frac: 0.8,
        blend_steps: 30,
        curve: Curve::Summed,
        tempo: None,
        shadow_lr: 1e-3,
        progress_thresh: 0.6,
        drift_warn: 0.12,
        acc_threshold: 0.95,
        patience: 15,
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
        landing: Landing::Reference,
        dense: DenseParams::default(),
        device: Device::Cpu,
        rng_seed: 42,
    }
}

/// A run that germinates within a few epochs and takes a second at most.
pub(crate) fn small_config() -> Config {
    Config {
        hidden_dim: 16,
        num_layers: 2,
        seeds_per_layer: 3,
        batch_size: 16,
        warm_up_epochs: 3,
        adaptation_epochs: 12,
        blend_steps: 8,
        progress_thresh: 0.2,
        acc_threshold: 1.0,
        patience: 2,
        landing: Landing::Continuous,
        rng_seed: 7,
        ..recorded_config()
    }
}

/// Two rings that cannot be told apart by a line; 320 rows, of which 64 validate.
pub(crate) fn rings() -> Data {
    let (mut features, mut labels) = (Vec::new(), Vec::new());
    for row in 0..320_u16 {
        let angle = f32::from(row) * 2.4;
        let radius = if row % 2 == 0 { 1.0 } else { 1.6 } + (f32::from(row) * 0.77).sin() * 0.4;
        features.extend([radius * angle.cos(), radius * angle.sin(), 0.5]);
        labels.push(i64::from(row % 2));
    }
    Data::new(features, labels, 3).unwrap()
}

/// Trains, keeping every event.
pub(crate) fn train(data: &Data, config: &Config) -> (Outcome, Vec<Event>) {
    let mut events = Vec::new();
    let outcome = fit(data, config, &mut events, &|| false).unwrap();
    (outcome, events)
}

/// The epochs of a run, in order.
pub(crate) fn epochs(events: &[Event]) -> Vec<(&EpochStats, &[SeedStats])> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::EpochFinished { stats, seeds } => Some((stats, seeds.as_slice())),
            Event::PhaseStarted { .. }
            | Event::Transition { .. }
            | Event::Germination { .. }
            | Event::Initial { .. }
            | Event::Passage { .. }
            | Event::GateAsked { .. }
            | Event::Decided { .. }
            | Event::Triggered { .. }
            | Event::Dense { .. }
            | Event::Matrix { .. }
            | Event::DriftWarning { .. } => None,
        })
        .collect()
}
