use super::*;
use crate::blueprint::Blueprint;
use crate::controller::{Action, Controller, Observation, Reason, SlotObservation};
use crate::lifecycle::{AlphaMode, LifeStage, PruneReason};
use crate::seed::SeedId;

const FIRST: SeedId = SeedId { layer: 1, index: 1 };
const SECOND: SeedId = SeedId { layer: 2, index: 1 };

fn tamiyo() -> Tamiyo {
    Tamiyo::new(
        TamiyoParams::default(),
        vec![Blueprint::Mlp, Blueprint::Norm],
    )
}

fn empty(slot: SeedId) -> SlotObservation {
    SlotObservation {
        slot,
        stage: LifeStage::Dormant,
        epochs_in_stage: 0,
        health: None,
        alpha: None,
        alpha_mode: None,
        improvement_in_stage: None,
        total_improvement: None,
        contribution: None,
        blueprint: None,
    }
}

/// A seed that stands still and loses nothing.
fn seed(slot: SeedId, stage: LifeStage) -> SlotObservation {
    SlotObservation {
        stage,
        alpha: Some(1.0),
        alpha_mode: Some(AlphaMode::Hold),
        improvement_in_stage: Some(0.0),
        total_improvement: Some(0.0),
        blueprint: Some(Blueprint::Mlp),
        ..empty(slot)
    }
}

fn at(epoch: usize, slots: &[SlotObservation]) -> Observation {
    Observation {
        epoch,
        loss: 0.5,
        accuracy: 0.8,
        slots: slots.to_vec(),
    }
}

/// What is decided at once about one seed.
fn about(seed: SlotObservation) -> (Action, Reason) {
    let decision = tamiyo().decide(at(50, &[seed]));
    (decision.action, decision.reason)
}

#[test]
fn a_settled_host_without_progress_germinates_a_seed() {
    let mut tamiyo = tamiyo();
    let slots = [empty(FIRST), empty(SECOND)];
    let mut reasons = Vec::new();
    for epoch in 1..=5 {
        reasons.push(tamiyo.decide(at(epoch, &slots)).reason);
    }
    let waits = [Reason::NotStabilized; 3]
        .into_iter()
        .chain([Reason::TooEarly { from: 5 }]);
    let (plateau, health) = (4, None);
    let expected: Vec<_> = waits.chain([Reason::Plateau { plateau, health }]).collect();
    assert_eq!(reasons, expected);
}

#[test]
fn a_host_whose_loss_moves_is_not_settled_and_progress_is_no_plateau() {
    let mut moving = tamiyo();
    for epoch in 1..=20 {
        let loss = 1.0 / epoch as f64;
        let decision = moving.decide(Observation {
            loss,
            ..at(epoch, &[empty(FIRST)])
        });
        assert_eq!(decision.reason, Reason::NotStabilized);
        assert_eq!(decision.stabilized, Some(false));
    }
    let mut gaining = tamiyo();
    for epoch in 1..=20 {
        let accuracy = 0.5 + 0.01 * epoch as f64;
        let decision = gaining.decide(Observation {
            accuracy,
            ..at(epoch, &[empty(FIRST)])
        });
        assert_eq!((decision.action, decision.plateau), (Action::Wait, 0));
    }
}

/// In the heuristic that this one follows, the flat action meant the first slot, taken or not.
#[test]
fn the_first_empty_slot_is_taken() {
    let mut tamiyo = tamiyo();
    let slots = [seed(FIRST, LifeStage::Fossilized), empty(SECOND)];
    let decisions = (1..=5).map(|epoch| tamiyo.decide(at(epoch, &slots)));
    let (slot, blueprint) = (SECOND, Blueprint::Mlp);
    let last = decisions.last().unwrap();
    assert_eq!(last.action, Action::Germinate { slot, blueprint });
    assert_eq!(last.confidence, Some(0.8));
}

#[test]
fn no_slot_or_no_blueprint_is_a_reason_to_wait() {
    let reason = |mut tamiyo: Tamiyo, slot: SlotObservation| {
        let decisions = (1..=9).map(|epoch| tamiyo.decide(at(epoch, std::slice::from_ref(&slot))));
        decisions.last().unwrap().reason
    };
    let rests = SlotObservation {
        stage: LifeStage::Embargoed,
        ..empty(FIRST)
    };
    assert_eq!(reason(tamiyo(), rests), Reason::NoFreeSlot);
    let bare = Tamiyo::new(TamiyoParams::default(), Vec::new());
    assert_eq!(reason(bare, empty(FIRST)), Reason::NoCandidate);
}

#[test]
fn a_sound_seed_asks_for_the_next_stage() {
    let slot = FIRST;
    for stage in [
        LifeStage::Germinated,
        LifeStage::Training,
        LifeStage::Blending,
    ] {
        let expected = (Action::Advance { slot }, Reason::Ready { stage });
        assert_eq!(about(seed(FIRST, stage)), expected);
    }
}

#[test]
fn a_seed_whose_alpha_moves_is_left_alone() {
    let blending = |mode, improvement| {
        about(SlotObservation {
            alpha: Some(0.5),
            alpha_mode: Some(mode),
            epochs_in_stage: 5,
            improvement_in_stage: Some(improvement),
            ..seed(FIRST, LifeStage::Blending)
        })
    };
    let waits = (Action::Wait, Reason::AlphaMoves { alpha: 0.5 });
    assert_eq!(blending(AlphaMode::Up, 0.0), waits);
    assert_eq!(blending(AlphaMode::Down, -9.0), waits);
    assert_ne!(blending(AlphaMode::Up, -9.0), waits);
}

#[test]
fn a_seed_fails_that_costs_accuracy_for_long_enough() {
    let training = |epochs, improvement| {
        about(SlotObservation {
            epochs_in_stage: epochs,
            improvement_in_stage: Some(improvement),
            ..seed(FIRST, LifeStage::Training)
        })
    };
    let (slot, reason) = (FIRST, PruneReason::Failing);
    let fails = (
        Action::Prune { slot, reason },
        Reason::Failing { improvement: -2.1 },
    );
    assert_eq!(training(5, -2.1), fails);
    assert_eq!(training(4, -2.1).0, Action::Advance { slot });
    assert_eq!(training(5, -2.0).0, Action::Advance { slot });
}

#[test]
fn a_seed_that_no_gate_lets_on_is_given_up() {
    let (slot, reason) = (FIRST, PruneReason::Stalled);
    for stage in [LifeStage::Training, LifeStage::Blending, LifeStage::Holding] {
        let stuck = SlotObservation {
            epochs_in_stage: 30,
            contribution: Some(0.6),
            ..seed(FIRST, stage)
        };
        assert_eq!(
            about(stuck),
            (
                Action::Prune { slot, reason },
                Reason::Stalled { epochs: 30 }
            )
        );
    }
}

#[test]
fn a_holding_seed_is_judged_by_what_it_is_worth() {
    let holding = |contribution: Option<f64>, improvement| {
        let (action, reason) = about(SlotObservation {
            contribution,
            total_improvement: Some(improvement),
            ..seed(FIRST, LifeStage::Holding)
        });
        (action.to_string(), reason)
    };
    let wait = Reason::ContributionNotMeasured;
    assert_eq!(holding(None, 9.0), ("wait".to_owned(), wait));
    let contribution = 0.6;
    let stays = Reason::Contributes { contribution };
    assert_eq!(holding(Some(0.6), 0.0), ("fossilize".to_owned(), stays));
    let contribution = 0.5;
    let little = Reason::ContributesTooLittle { contribution };
    assert_eq!(holding(Some(0.5), 9.0), ("prune".to_owned(), little));
    let (contribution, improvement) = (5.0, -0.1);
    let ransom = Reason::Ransomware {
        contribution,
        improvement,
    };
    assert_eq!(holding(Some(5.0), -0.1), ("prune".to_owned(), ransom));
}

#[test]
fn a_removal_is_followed_by_a_pause() {
    let mut tamiyo = tamiyo();
    for epoch in 1..=8 {
        tamiyo.decide(at(epoch, &[seed(FIRST, LifeStage::Fossilized)]));
    }
    let useless = SlotObservation {
        contribution: Some(0.0),
        ..seed(FIRST, LifeStage::Holding)
    };
    assert_eq!(tamiyo.decide(at(9, &[useless])).action.to_string(), "prune");
    for (epoch, epochs) in (10..14).zip([4, 3, 2, 1]) {
        let decision = tamiyo.decide(at(epoch, &[empty(FIRST)]));
        assert_eq!(decision.reason, Reason::Cooldown { epochs });
    }
    let decision = tamiyo.decide(at(14, &[empty(FIRST)]));
    assert_eq!(decision.action.to_string(), "germinate");
}

/// In the heuristic that this one follows, the first seed alone was served.
#[test]
fn a_seed_that_waits_does_not_keep_another_waiting() {
    let waiting = seed(FIRST, LifeStage::Holding);
    let ready = seed(SECOND, LifeStage::Germinated);
    let decision = tamiyo().decide(at(9, &[waiting.clone(), ready]));
    assert_eq!(decision.action, Action::Advance { slot: SECOND });
    let decision = tamiyo().decide(at(9, &[waiting, empty(SECOND)]));
    assert_eq!(decision.reason, Reason::ContributionNotMeasured);
}
