use super::super::{
    Boundary, Confusion, MetricScale, ParameterSpace, PlanePoint, PlaneSample, TrialPoint, Trials,
};
use super::{check, texts};

#[test]
fn a_confusion_has_a_row_a_class_and_its_shares() {
    let samples = [vec![(0, 0); 3], vec![(0, 1); 1], vec![(2, 2); 5]].concat();
    let svg = Confusion { samples }.svg();
    let texts = texts(check(&svg));
    for expected in ["3", "75.0 %", "1", "25.0 %", "5", "100.0 %"] {
        assert!(texts.contains(&expected), "{expected} in {texts:?}");
    }
    assert!(texts.contains(&"Confusion of classes: 8 of 9 validation samples right"));
    // The class 1 occurs only as what another is taken for.
    assert_eq!(texts.iter().filter(|text| **text == "0").count(), 2 + 6);
}

#[test]
fn classes_may_be_many_or_none() {
    assert!(Confusion::default().svg().is_err());
    let many = |classes: i64| Confusion {
        samples: (0..classes).map(|class| (class, class)).collect(),
    };
    check(&many(30).svg());
    assert!(many(61).svg().is_err());
}

/// A grid of three by three; left of the middle it is class 0.
fn grid() -> Vec<PlanePoint> {
    let at = |(x, y): (f64, f64)| PlanePoint {
        place: (x, y),
        class: i64::from(x >= 1.0),
        probability: Some(if x >= 2.0 { 0.99 } else { 0.6 }),
    };
    let row = |y| [0.0, 1.0, 2.0].map(|x| at((x, y)));
    [0.0, 1.0, 2.0].map(row).concat()
}

#[test]
fn what_is_wrong_in_the_plane_is_counted_and_what_is_alike_is_one_piece() {
    let sample = |x, right| PlaneSample {
        place: (x, 1.0),
        class: 0,
        right,
    };
    let samples = vec![sample(0.5, true), sample(1.5, false)];
    let svg = Boundary {
        grid: grid(),
        samples,
    }
    .svg();
    let svg = check(&svg);
    let texts = texts(svg);
    for expected in ["class 0", "class 1", "wrong: 1 of 2", "x0", "x1"] {
        assert!(texts.contains(&expected), "{expected} in {texts:?}");
    }
    let pieces = |colour: &str| {
        svg.matches(&format!("fill=\"{colour}\" stroke=\"none\""))
            .count()
    };
    // A piece a row, and the mark of the legend beside the first.
    assert_eq!(
        [pieces("#CCE3F0"), pieces("#F7DFCC"), pieces("#EDBB94")],
        [4, 3, 3]
    );
}

#[test]
fn a_plane_needs_points_and_a_probability_may_be_none() {
    assert!(Boundary::default().svg().is_err());
    let mut points = grid();
    points.truncate(1);
    let one = Boundary {
        grid: points,
        samples: Vec::new(),
    };
    assert!(one.svg().is_err());
    let mut points = grid();
    for point in &mut points {
        (point.class, point.probability) = (7, None);
    }
    let odd = Boundary {
        grid: points,
        samples: Vec::new(),
    };
    check(&odd.svg());
}

fn space(trials: Vec<TrialPoint>) -> ParameterSpace {
    let trials = Trials {
        metric: "accuracy".to_owned(),
        scale: MetricScale::Fraction,
        lower_is_better: false,
        trials,
    };
    ParameterSpace { trials }
}

fn trial(number: u32, params: &[(&str, String)], value: Option<f64>) -> TrialPoint {
    let param = |(name, value): &(&str, String)| ((*name).to_owned(), value.clone());
    TrialPoint {
        number: number.into(),
        params: params.iter().map(param).collect(),
        value,
    }
}

#[test]
fn each_param_that_varies_has_a_panel() {
    let one = |number: u32| {
        let lr = (f64::from(number) / 100.0).to_string();
        let width = (16 << (number % 2)).to_string();
        let params = [("lr", lr), ("width", width), ("same", "1".to_owned())];
        trial(number, &params, Some(0.5 + f64::from(number) / 100.0))
    };
    let svg = space((1..=12).map(one).collect()).svg();
    let texts = texts(check(&svg));
    for expected in ["lr", "width", "16", "32"] {
        assert!(texts.contains(&expected), "{expected} in {texts:?}");
    }
    assert!(!texts.contains(&"same"), "it does not vary");
}

#[test]
fn trials_without_a_result_or_nothing_that_varies_have_no_space() {
    assert!(space(Vec::new()).svg().is_err());
    let params = |value: &str| [("lr", value.to_owned())];
    let failed = vec![
        trial(1, &params("1"), None),
        trial(2, &params("2"), Some(0.5)),
    ];
    assert!(space(failed).svg().is_err());
    let words = vec![
        trial(1, &params("fast"), Some(0.5)),
        trial(2, &params("slow"), Some(0.75)),
    ];
    let svg = space(words).svg();
    assert!(texts(check(&svg)).contains(&"slow"));
}
