//! Each number of the analytics, by hand.

use kaslite_nn::{
    Blend, Blueprint, Curve, EpochStats, Event, GateParams, Germination, Isolation, LifeStage,
    Pace, Passage, Phase, SeedId, SeedStats, SlotLife, Trigger,
};

use crate::train::analytics::{Analytics, Notice, Vitals};
use crate::train::sign::Sign;

const SEED: SeedId = SeedId { layer: 1, index: 1 };

/// An epoch in which the network learnt.
fn epoch(epoch: usize, phase: Phase, val_loss: f64, val_accuracy: f64) -> EpochStats {
    EpochStats {
        epoch,
        phase,
        train_loss: Some(val_loss),
        train_accuracy: None,
        val_loss,
        val_accuracy,
        best_accuracy: val_accuracy,
        plateau: 0,
        learning_rate: None,
        host_gradient_norm: None,
        gradient_leakage: None,
        dense: false,
        host_parameters: 100,
    }
}

/// A seed of so many weights whose tensors have gradients of these norms.
fn seed(parameters: usize, norms: &[f64]) -> SeedStats {
    let mut life = SlotLife::dormant(SEED, Isolation::Throughout);
    let what = Germination {
        blueprint: Blueprint::Mlp,
        blend: Blend {
            curve: Curve::Linear,
            steps: 4,
            pace: Pace::Epoch,
        },
        weights: parameters,
        host_weights: 100,
        accuracy: Some(0.5),
    };
    life.germinate(1, what, &GateParams::default()).unwrap();
    life.record_gradients(norms, None);
    SeedStats {
        seed: SEED,
        state: life.stage().state(),
        alpha: None,
        drift: None,
        openness: None,
        health: None,
        progress: None,
        parameters,
        life,
    }
}

fn finished(stats: EpochStats, seeds: Vec<SeedStats>) -> Event {
    Event::EpochFinished { stats, seeds }
}

fn passage(to: LifeStage) -> Event {
    let passage = Passage {
        epoch: 1,
        from: LifeStage::Training,
        to,
        reason: None,
    };
    Event::Passage {
        slot: SEED,
        passage,
    }
}

/// Epoch and sign, `over` where it ended.
fn signs(notices: &[Notice]) -> Vec<(usize, Sign, bool)> {
    let all = notices.iter();
    all.map(|one| (one.epoch, one.sign, one.what.is_none()))
        .collect()
}

#[test]
fn gain_and_efficiency_are_against_the_host_and_its_added_weights() {
    let mut analytics = Analytics::default();
    analytics.observe(&finished(epoch(1, Phase::WarmUp, 0.5, 0.75), Vec::new()));
    assert_eq!(analytics.vitals, Vitals::default());
    analytics.observe(&finished(
        epoch(2, Phase::Adaptation, 0.4, 0.75),
        Vec::new(),
    ));
    let none_added = (analytics.vitals.gain, analytics.vitals.efficiency);
    assert_eq!(none_added, (Some(0.0), None));
    assert_eq!(analytics.vitals.ratio, Some(0.0), "nothing is added yet");
    let seeds = vec![seed(5000, &[])];
    analytics.observe(&finished(epoch(3, Phase::Adaptation, 0.3, 0.875), seeds));
    let added = (analytics.vitals.gain, analytics.vitals.efficiency);
    assert_eq!(added, (Some(0.125), Some(0.25)));
    assert_eq!(analytics.vitals.ratio, Some(50.0), "5000 weights for 100");
    assert_eq!(analytics.vitals.unsound, None, "not measured");
}

#[test]
fn without_a_warm_up_the_host_is_where_it_began() {
    let mut analytics = Analytics::default();
    let accuracy = 0.5;
    analytics.observe(&Event::Initial {
        loss: 1.0,
        accuracy,
    });
    analytics.observe(&finished(
        epoch(1, Phase::Adaptation, 0.4, 0.25),
        Vec::new(),
    ));
    assert_eq!(analytics.vitals.gain, Some(-0.25));
}

#[test]
fn unsound_gradients_are_a_share_and_warn_once() {
    let mut analytics = Analytics::default();
    let mut told = Vec::new();
    // One vanished and one explodes of four: health 0.675. Then all are sound.
    for (at, norms) in [[1.0, 1e-9, 11.0, 1.0], [1.0, 0.0, f64::NAN, 1.0], [1.0; 4]]
        .iter()
        .enumerate()
    {
        let seeds = vec![seed(10, norms)];
        let stats = epoch(at + 1, Phase::Adaptation, 0.5, 0.5);
        let notices = analytics.observe(&finished(stats, seeds));
        let unsound = if at < 2 { 0.5 } else { 0.0 };
        assert_eq!(analytics.vitals.unsound, Some(unsound));
        told.extend(notices);
    }
    let sign = Sign::UnsoundGradients;
    assert_eq!(signs(&told), [(1, sign, false), (3, sign, true)]);
    let what = "of the gradients of seed1_1, 25 % vanish and 25 % explode";
    assert_eq!(told[0].what.as_deref(), Some(what));
}

#[test]
fn it_stagnates_after_twenty_epochs_of_learning() {
    let mut analytics = Analytics::default();
    let mut told = Vec::new();
    let mut run = |at: usize, learns: bool, loss: f64| {
        let mut stats = epoch(at, Phase::WarmUp, loss, 0.5);
        stats.train_loss = stats.train_loss.filter(|_| learns);
        told.extend(analytics.observe(&finished(stats, Vec::new())));
        analytics.vitals.stagnant
    };
    assert_eq!(run(1, true, 0.5), 0);
    assert_eq!(run(2, false, 0.5), 0, "nothing learnt");
    for at in 3..=24 {
        assert_eq!(run(at, true, 0.5), at - 2);
    }
    assert_eq!(run(25, true, f64::NAN), 23);
    assert_eq!(run(26, true, 0.25), 0);
    let sign = Sign::Stagnation;
    assert_eq!(signs(&told), [(23, sign, false), (26, sign, true)]);
}

#[test]
fn too_many_removed_seeds_are_more_than_four_of_five() {
    let mut analytics = Analytics::default();
    let mut told = Vec::new();
    for at in 1..=6 {
        analytics.observe(&passage(LifeStage::Germinated));
        if at != 1 {
            analytics.observe(&passage(LifeStage::Pruned));
        }
        let stats = epoch(at, Phase::Adaptation, 1.0 / at as f64, 0.5);
        told.extend(analytics.observe(&finished(stats, Vec::new())));
        let share = (at - 1) as f64 / at as f64;
        assert_eq!(analytics.vitals.failures, Some(share));
    }
    assert_eq!(signs(&told), [(6, Sign::SeedFailures, false)]);
}

#[test]
fn a_trigger_warns_as_it_comes_and_when_it_is_over() {
    let mut analytics = Analytics::default();
    let mut told = Vec::new();
    for at in 1..=4 {
        if at < 3 {
            let trigger = Trigger::LossSpike { times: 2.5 };
            let (epoch, until) = (at, 9);
            told.extend(analytics.observe(&Event::Triggered {
                epoch,
                trigger,
                until,
            }));
        }
        let stats = epoch(at, Phase::WarmUp, 1.0 / at as f64, 0.5);
        told.extend(analytics.observe(&finished(stats, Vec::new())));
    }
    let sign = Sign::LossSpike;
    assert_eq!(signs(&told), [(1, sign, false), (3, sign, true)]);
    let what = "the validation loss is 2.5 times its mean";
    assert_eq!(told[0].what.as_deref(), Some(what));
}
