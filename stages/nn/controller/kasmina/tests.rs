use proptest::prelude::*;

use super::*;
use crate::controller::SlotObservation;
use crate::lifecycle::LifeStage;

const FIRST: SeedId = SeedId { layer: 1, index: 1 };
const SECOND: SeedId = SeedId { layer: 1, index: 2 };
const THIRD: SeedId = SeedId { layer: 2, index: 1 };

fn kasmina() -> Kasmina {
    Kasmina {
        patience: 3,
        delta: 5e-4,
        acc_threshold: 0.95,
        blueprint: Blueprint::Mlp,
        previous_loss: None,
        plateau: 0,
    }
}

fn slot(slot: SeedId, health: Option<f64>, stage: LifeStage) -> SlotObservation {
    SlotObservation {
        slot,
        stage,
        epochs_in_stage: 0,
        health,
        alpha: None,
        alpha_mode: None,
        improvement_in_stage: None,
        total_improvement: None,
        contribution: None,
        blueprint: None,
    }
}

fn still(dormant: &[(SeedId, Option<f64>)]) -> Observation {
    let dormant = dormant.iter();
    Observation {
        epoch: 1,
        loss: 0.5,
        accuracy: 0.8,
        slots: dormant
            .map(|&(name, health)| slot(name, health, LifeStage::Dormant))
            .collect(),
    }
}

fn chosen(kasmina: &mut Kasmina, observation: &Observation) -> Option<SeedId> {
    kasmina.decide(observation.clone()).action.slot()
}

#[test]
fn a_plateau_germinates_the_seed_with_the_lowest_health() {
    let seeds = still(&[(FIRST, Some(0.2)), (SECOND, Some(0.1)), (THIRD, Some(0.1))]);
    let mut kasmina = kasmina();
    let decisions: Vec<_> = (0..8).map(|_| chosen(&mut kasmina, &seeds)).collect();
    let second = Some(SECOND);
    assert_eq!(
        decisions,
        [None, None, None, second, None, None, second, None]
    );
}

#[test]
fn progress_of_delta_or_more_ends_the_plateau() {
    let mut kasmina = kasmina();
    for (loss, plateau) in [(0.5, 0), (0.4999, 1), (0.6, 2), (0.599, 0), (0.5989, 1)] {
        let decision = kasmina.decide(Observation { loss, ..still(&[]) });
        assert_eq!(decision.plateau, plateau, "{loss}");
    }
}

#[test]
fn a_seed_without_a_signal_or_above_the_threshold_stays_dormant() {
    let mut kasmina = kasmina();
    for _ in 0..5 {
        assert_eq!(chosen(&mut kasmina, &still(&[(FIRST, None)])), None);
        let good = Observation {
            accuracy: 0.95,
            ..still(&[(FIRST, Some(0.1))])
        };
        assert_eq!(chosen(&mut kasmina, &good), None);
    }
    let found = chosen(&mut kasmina, &still(&[(FIRST, None), (THIRD, Some(0.4))]));
    assert_eq!(found, Some(THIRD));
}

#[test]
fn only_an_empty_slot_is_chosen() {
    let mut kasmina = kasmina();
    let stages = LifeStage::ALL
        .into_iter()
        .filter(|&stage| stage != LifeStage::Dormant);
    let slots = stages.map(|stage| slot(FIRST, Some(0.1), stage)).collect();
    let taken = Observation {
        slots,
        ..still(&[])
    };
    for _ in 0..8 {
        assert_eq!(chosen(&mut kasmina, &taken), None);
    }
    assert_eq!(kasmina.decide(taken).reason, Reason::NoCandidate);
}

#[test]
fn a_decision_says_why() {
    let seeds = still(&[(FIRST, Some(0.25))]);
    let mut kasmina = kasmina();
    let reasons: Vec<_> = (0..4)
        .map(|_| kasmina.decide(seeds.clone()).reason)
        .collect();
    let waits = |plateau| Reason::NoPlateau {
        plateau,
        patience: 3,
    };
    let health = Some(0.25);
    let germinates = Reason::Plateau { plateau: 3, health };
    assert_eq!(reasons, [waits(0), waits(1), waits(2), germinates]);
}

/// The original, line by line: losses are compared as they come, the first with infinity.
struct Original {
    plateau: usize,
    previous: f64,
}

impl Original {
    fn step(&mut self, loss: f64, accuracy: f64, health: &[Option<f64>]) -> Option<usize> {
        if self.previous - loss < 5e-4 {
            self.plateau += 1;
        } else {
            self.plateau = 0;
        }
        self.previous = loss;
        let mut best = None;
        if accuracy < 0.95 && self.plateau >= 3 {
            let mut lowest = f64::INFINITY;
            for (at, health) in health.iter().enumerate() {
                let health = health.unwrap_or(f64::INFINITY);
                if health < lowest {
                    (lowest, best) = (health, Some(at));
                }
            }
            if best.is_some() {
                self.plateau = 0;
            }
        }
        best
    }
}

proptest! {
    #[test]
    fn every_decision_is_the_originals(
        epochs in prop::collection::vec(
            (0..6_u32, 0..4_u32, prop::collection::vec(prop::option::of(0..4_u32), 3)),
            1..60,
        ),
    ) {
        let mut original = Original { plateau: 0, previous: f64::INFINITY };
        let mut kasmina = kasmina();
        for (loss, accuracy, health) in epochs {
            let (loss, accuracy) = (0.5 + f64::from(loss) * 3e-4, 0.92 + f64::from(accuracy) / 100.0);
            let health: Vec<_> = health.iter().map(|health| health.map(f64::from)).collect();
            let names = [FIRST, SECOND, THIRD];
            let dormant: Vec<_> = names.into_iter().zip(health.iter().copied()).collect();
            let observation = Observation { loss, accuracy, ..still(&dormant) };
            let decision = kasmina.decide(observation);
            let expected = original.step(loss, accuracy, &health).map(|at| names[at]);
            prop_assert_eq!(decision.action.slot(), expected);
            prop_assert_eq!(decision.plateau, original.plateau);
        }
    }
}
