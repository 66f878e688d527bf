use super::super::{
    ChartError, EpochPoint, LearningCurve, SeedEpoch, SeedEvent, SeedLane, SeedState, SeedTimeline,
};
use super::{check, texts};

fn curve(losses: &[Option<f64>]) -> LearningCurve {
    let point = |(epoch, loss): (u32, &Option<f64>)| EpochPoint {
        epoch,
        train_loss: *loss,
        val_loss: None,
        val_accuracy: Some(0.5),
    };
    LearningCurve {
        points: (1..).zip(losses).map(point).collect(),
        ..LearningCurve::default()
    }
}

/// The lines in the colour of the training loss, without the one of the legend.
fn training_lines(svg: &str) -> usize {
    let line = |line: &&str| line.contains("#0072B2") && line.starts_with("<polyline");
    svg.lines().filter(line).count() - 1
}

#[test]
fn what_was_not_measured_is_a_gap() {
    let whole = [Some(3.0), Some(2.0), Some(2.5), Some(1.5), Some(1.0)];
    assert_eq!(training_lines(check(&curve(&whole).svg())), 1);
    let gap = [Some(3.0), Some(2.0), None, Some(1.5), Some(1.0)];
    assert_eq!(training_lines(check(&curve(&gap).svg())), 2);
    let not_a_number = [Some(3.0), Some(2.0), Some(f64::NAN), Some(1.5), Some(1.0)];
    assert_eq!(
        curve(&not_a_number).svg().unwrap(),
        curve(&gap).svg().unwrap()
    );
}

#[test]
fn a_curve_without_losses_says_so() {
    let curve = curve(&[None, None]).svg();
    assert!(texts(check(&curve)).contains(&"not measured"));
    assert!(matches!(
        LearningCurve::default().svg(),
        Err(ChartError::NoData("epochs"))
    ));
}

#[test]
fn events_stand_in_the_row_of_their_state() {
    let mut curve = curve(&[Some(1.0); 100]);
    let event = |epoch, seed: &str, state| SeedEvent {
        epoch,
        seed: seed.to_owned(),
        state,
    };
    curve.events = vec![
        event(30, "seed1_1", SeedState::Training),
        event(30, "seed2_1", SeedState::Training),
        event(60, "seed1_1", SeedState::Blending),
        event(500, "seed3_1", SeedState::Active),
    ];
    curve.warm_up_epochs = Some(20);
    let svg = curve.svg();
    let texts = texts(check(&svg));
    for expected in [
        "germinated",
        "seed1_1, seed2_1",
        "blending",
        "seed1_1",
        "adaptation",
    ] {
        assert!(texts.contains(&expected), "{expected} in {texts:?}");
    }
    assert!(
        !texts.contains(&"active"),
        "no epoch 500 is drawn: {texts:?}"
    );
}

#[test]
fn a_timeline_has_a_lane_a_seed_and_merges_equal_epochs() {
    let lane = |seed: &str, states: &[SeedState]| SeedLane {
        seed: seed.to_owned(),
        epochs: (1..)
            .zip(states)
            .map(|(epoch, state)| SeedEpoch {
                epoch,
                state: *state,
                alpha: None,
            })
            .collect(),
    };
    let grown = [
        SeedState::Dormant,
        SeedState::Training,
        SeedState::Training,
        SeedState::Active,
    ];
    let timeline = SeedTimeline {
        lanes: vec![
            lane("a<b>", &grown),
            lane("seed2_1", &[SeedState::Dormant; 4]),
        ],
    };
    let svg = timeline.svg();
    let svg = check(&svg);
    assert!(texts(svg).contains(&"a&lt;b&gt;"));
    // One of each colour is the legend's.
    let filled = |colour: &str| {
        svg.matches(&format!("fill=\"{colour}\" stroke=\"none\""))
            .count()
    };
    assert_eq!(
        ["#C8CDD3", "#E69F00", "#F0E442", "#009E73"].map(filled),
        [3, 2, 1, 2]
    );
    assert!(matches!(
        SeedTimeline::default().svg(),
        Err(ChartError::NoData("seeds"))
    ));
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    let curve = curve(&[Some(1.0), Some(0.5)]);
    assert_eq!(curve.svg().unwrap(), curve.svg().unwrap());
}
