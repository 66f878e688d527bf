use kaslite_nn::{
    EpochStats, Event, Isolation, Observer, Phase, SeedId, SeedState, SeedStats, SlotLife,
};
use kaslite_track::table::Table;
use tempfile::TempDir;

use crate::train::recorder::Recorder;

/// The end of an epoch in which a number of a seed is not finite.
fn epoch_finished() -> Event {
    let stats = EpochStats {
        epoch: 5,
        phase: Phase::Adaptation,
        train_loss: None,
        val_loss: 0.5,
        val_accuracy: 0.75,
        best_accuracy: 0.8,
        plateau: 1,
        learning_rate: None,
        train_accuracy: None,
        host_gradient_norm: None,
        gradient_leakage: None,
        dense: false,
        host_parameters: 10,
    };
    let seed = SeedStats {
        seed: SeedId { layer: 1, index: 1 },
        state: SeedState::Blending,
        alpha: Some(0.5),
        drift: Some(f64::NAN),
        openness: Some(f64::NAN),
        health: Some(f64::INFINITY),
        progress: Some(0.9),
        parameters: 12,
        life: SlotLife::dormant(SeedId { layer: 1, index: 1 }, Isolation::Throughout),
    };
    let seeds = vec![seed];
    Event::EpochFinished { stats, seeds }
}

#[test]
fn what_is_not_finite_becomes_null_and_an_event() {
    let mut recorder = Recorder::new(9);
    recorder.observe(&epoch_finished());
    let folder = TempDir::new().unwrap();
    recorder.write(folder.path()).unwrap();
    let slots = Table::read(&folder.path().join("slots.parquet")).unwrap();
    assert_eq!(slots.cells::<f64>("alpha").unwrap(), [Some(0.5)]);
    assert_eq!(slots.cells::<f64>("drift").unwrap(), [None]);
    assert_eq!(slots.cells::<f64>("health").unwrap(), [None]);
    let events = Table::read(&folder.path().join("events.parquet")).unwrap();
    let kinds = events.values::<String>("kind").unwrap();
    assert_eq!(kinds, ["not_finite", "not_finite", "not_finite"]);
    let details = events.values::<String>("detail").unwrap();
    assert_eq!(
        details,
        [
            "drift became NaN",
            "openness became NaN",
            "health became inf"
        ]
    );
    let log = std::fs::read_to_string(folder.path().join("logs/train.log")).unwrap();
    assert!(log.ends_with("Epoch    5/9 | seed1_1: health became inf\n"));
}
