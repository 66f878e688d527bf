use super::*;
use crate::blueprint::Blueprint;
use crate::lifecycle::{
    AlphaMode, Curve, Gate, GateMode, GateParams, IllegalPassage, LifeStage, PruneReason,
};
use crate::seed::SeedId;

const ID: SeedId = SeedId { layer: 1, index: 1 };

fn gates(mode: GateMode) -> GateParams {
    GateParams {
        mode,
        ..GateParams::default()
    }
}

fn what() -> Germination {
    Germination {
        blueprint: Blueprint::Mlp,
        blend: Blend {
            curve: Curve::Linear,
            steps: 4,
            pace: Pace::Epoch,
        },
        weights: 10,
        host_weights: 100,
        accuracy: Some(0.5),
    }
}

/// A slot whose seed has gone on to `stage` through gates that only watch.
fn slot_in(stage: LifeStage) -> SlotLife {
    let watch = gates(GateMode::Observe);
    let mut slot = SlotLife::dormant(ID, Isolation::UntilBlending);
    slot.germinate(1, what(), &watch).unwrap();
    while slot.stage() != stage {
        while !slot.holds_alpha() {
            slot.step_alpha(Pace::Epoch);
        }
        assert!(slot.advance(2, &watch).unwrap().passage.is_some());
    }
    slot
}

/// One epoch without a controller.
fn epoch(slot: &mut SlotLife, epoch: usize, auto: AutoForward) -> Tick {
    slot.record_epoch(0.5);
    slot.tick(epoch, auto, 5, &gates(GateMode::Observe))
        .unwrap()
}

fn alpha(slot: &SlotLife) -> f64 {
    slot.seed().unwrap().alpha().alpha()
}

#[test]
fn a_seed_lives_from_germination_to_fossil() {
    let mut slot = SlotLife::dormant(ID, Isolation::UntilBlending);
    let watch = gates(GateMode::Observe);
    let born = slot.germinate(3, what(), &watch).unwrap();
    assert_eq!(
        (born.gate.gate, slot.stage()),
        (Gate::G0, LifeStage::Germinated)
    );
    assert!(!slot.seed().unwrap().is_isolated());
    slot.record_epoch(0.6);
    let trains = slot.advance(4, &watch).unwrap();
    assert_eq!(trains.gate.gate, Gate::G1);
    assert!(slot.seed().unwrap().is_isolated());
    assert_eq!(
        (slot.previous(), slot.epochs_in_stage()),
        (Some((LifeStage::Germinated, 1)), 0)
    );
    slot.advance(4, &watch).unwrap();
    assert_eq!(
        (slot.stage(), slot.seed().unwrap().is_isolated()),
        (LifeStage::Blending, false)
    );
    assert_eq!(
        slot.seed().unwrap().metrics().accuracy_at_blending_start,
        Some(0.6)
    );
    for (at, expected) in (5..).zip([0.25, 0.5, 0.75, 1.0]) {
        epoch(&mut slot, at, AutoForward::default());
        assert_eq!(
            (slot.stage(), alpha(&slot)),
            (LifeStage::Blending, expected)
        );
    }
    slot.advance(8, &watch).unwrap();
    slot.advance(8, &watch).unwrap();
    assert_eq!(slot.stage(), LifeStage::Fossilized);
    assert!(slot.advance(9, &watch).is_err());
    assert!(slot.prune(9, PruneReason::Failing).is_err());
}

#[test]
fn a_strict_gate_holds_and_is_recorded() {
    let mut slot = slot_in(LifeStage::Training);
    let held = slot.advance(5, &gates(GateMode::Strict)).unwrap();
    assert_eq!((held.passage, slot.stage()), (None, LifeStage::Training));
    let reason = held.gate.reason();
    assert!(
        reason.contains("gradient_ratio was not measured"),
        "{reason}"
    );
    assert!(reason.contains("epochs_in_stage is 0"), "{reason}");
}

#[test]
fn a_slot_germinates_only_when_it_is_empty() {
    for stage in [
        LifeStage::Germinated,
        LifeStage::Holding,
        LifeStage::Fossilized,
    ] {
        let mut slot = slot_in(stage);
        let before = slot.clone();
        let refused = slot
            .germinate(9, what(), &GateParams::default())
            .unwrap_err();
        let to = LifeStage::Germinated;
        assert_eq!(
            refused,
            SlotError::Passage(IllegalPassage { from: stage, to })
        );
        assert_eq!(slot, before);
    }
}

#[test]
fn a_removed_seed_leaves_an_empty_slot_after_its_rest() {
    let mut slot = slot_in(LifeStage::Training);
    let passage = slot.prune(10, PruneReason::Failing).unwrap();
    assert_eq!(passage.reason, Some(PruneReason::Failing));
    let mut stages = Vec::new();
    for at in 11..=18 {
        epoch(&mut slot, at, AutoForward::default());
        stages.push(slot.stage());
        assert_eq!(slot.seed().is_none(), slot.is_free());
    }
    let expected = [LifeStage::Embargoed; 5].into_iter().chain([
        LifeStage::Resetting,
        LifeStage::Dormant,
        LifeStage::Dormant,
    ]);
    assert_eq!(stages, expected.collect::<Vec<_>>());
}

#[test]
fn nothing_is_measured_of_a_seed_that_is_gone() {
    let mut slot = slot_in(LifeStage::Holding);
    slot.prune(10, PruneReason::NoContribution).unwrap();
    let before = slot.seed().unwrap().metrics().clone();
    slot.record_epoch(0.9);
    slot.record_contribution(0.9, 0.1);
    slot.record_gradients(&[1.0], Some(1.0));
    assert_eq!(slot.seed().unwrap().metrics(), &before);
    assert_eq!(slot.epochs_in_stage(), 1);
}

#[test]
fn a_holding_seed_fades_through_blending() {
    let mut slot = slot_in(LifeStage::Holding);
    let passage = slot.fade(20, PruneReason::NoContribution, 2).unwrap();
    assert_eq!(passage.map(|passage| passage.to), Some(LifeStage::Blending));
    assert!(slot.seed().unwrap().is_frozen());
    epoch(
        &mut slot,
        20,
        AutoForward {
            g3: true,
            ..AutoForward::default()
        },
    );
    assert_eq!((slot.stage(), alpha(&slot)), (LifeStage::Blending, 0.5));
    let gone = epoch(&mut slot, 21, AutoForward::default()).passages;
    assert_eq!(gone[0].to, LifeStage::Pruned);
    assert_eq!(gone[0].reason, Some(PruneReason::NoContribution));
}

#[test]
fn what_does_not_show_does_not_fade() {
    let mut slot = slot_in(LifeStage::Training);
    let passage = slot.fade(20, PruneReason::Stalled, 3).unwrap().unwrap();
    assert_eq!(passage.to, LifeStage::Pruned);
    let mut slot = slot_in(LifeStage::Holding);
    slot.fade(20, PruneReason::Ransomware, 0).unwrap();
    assert_eq!(slot.stage(), LifeStage::Pruned);
}

#[test]
fn alpha_on_its_way_up_is_not_led_down() {
    let mut slot = slot_in(LifeStage::Blending);
    slot.step_alpha(Pace::Epoch);
    let before = slot.clone();
    let refused = slot.fade(20, PruneReason::Failing, 3).unwrap_err();
    assert!(matches!(refused, SlotError::Alpha(_)), "{refused}");
    assert_eq!(slot, before);
    assert!(slot.prune(20, PruneReason::Failing).is_ok());
    assert_eq!(
        (alpha(&slot), slot.seed().unwrap().alpha().mode()),
        (0.0, AlphaMode::Hold)
    );
}

#[test]
fn seeds_that_go_on_by_themselves_do_so_at_the_tick() {
    let auto = AutoForward {
        g1: true,
        g2: true,
        g3: true,
    };
    let mut slot = slot_in(LifeStage::Germinated);
    let mut changes = Vec::new();
    for at in 1..=30 {
        let tick = epoch(&mut slot, at, auto);
        let advances = tick.advances.iter().filter_map(|advance| advance.passage);
        changes.extend(advances.map(|passage| (at, passage.to)));
    }
    // Ten epochs in training, then a blend of four that begins with the next tick.
    assert_eq!(
        changes,
        [
            (1, LifeStage::Training),
            (11, LifeStage::Blending),
            (15, LifeStage::Holding)
        ]
    );
}

#[test]
fn a_step_is_made_at_its_pace_alone() {
    let mut slot = slot_in(LifeStage::Blending);
    assert!(!slot.step_alpha(Pace::Batch));
    assert_eq!(slot.seed().unwrap().alpha().steps_done(), 0);
    slot.step_alpha(Pace::Epoch);
    assert_eq!(slot.seed().unwrap().alpha().steps_done(), 1);
    let mut slot = slot_in(LifeStage::Training);
    assert!(!slot.step_alpha(Pace::Epoch));
}
