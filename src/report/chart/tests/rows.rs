use super::super::{
    Cause, Causes, Configuration, Configurations, Contribution, Contributions, MetricScale,
    TrialPoint, Trials, Waterfall,
};
use super::{check, texts};

/// All subsets of `grown` seeds; the accuracy of one is given by its bits.
fn configurations(grown: usize, accuracy: impl Fn(usize) -> Option<f64>) -> Configurations {
    let seeds: Vec<_> = (1..=grown).map(|seed| format!("seed{seed}_1")).collect();
    let subset = |bits: usize| {
        let on = seeds
            .iter()
            .enumerate()
            .filter(|(index, _)| bits >> index & 1 == 1);
        on.map(|(_, seed)| seed.clone()).collect()
    };
    let one = |bits| Configuration {
        seeds: subset(bits),
        accuracy: accuracy(bits),
    };
    Configurations {
        configurations: (0..1 << grown).map(one).collect(),
        seeds: seeds.clone(),
    }
}

#[test]
fn configurations_are_sorted_and_labelled() {
    let svg = configurations(2, |bits| Some([0.80, 0.90, 0.70, 0.85][bits])).svg();
    let texts = texts(check(&svg));
    let position = |label: &str| texts.iter().position(|text| *text == label).unwrap();
    let rows = [
        "seed1_1",
        "90.00 %",
        "all 2 seeds",
        "85.00 %",
        "host only",
        "80.00 %",
        "seed2_1",
    ];
    let positions = rows.map(position);
    assert!(positions.is_sorted(), "{positions:?} in {texts:?}");
    assert!(texts.contains(&"host only 80.00 %"), "the reference line");
}

#[test]
fn most_of_the_seeds_are_named_by_those_switched_off() {
    let svg = configurations(6, |bits| Some(bits as f64 / 64.0)).svg();
    let texts = texts(check(&svg));
    for expected in [
        "all 6 seeds",
        "all but seed1_1",
        "all but seed1_1 + seed2_1",
    ] {
        assert!(texts.contains(&expected), "{expected}");
    }
    assert!(
        !texts.iter().any(|text| text.starts_with("and ")),
        "64 rows fit"
    );
    let svg = configurations(7, |bits| Some(bits as f64 / 128.0)).svg();
    assert!(super::texts(check(&svg)).contains(&"and 64 more, less accurate"));
}

#[test]
fn configurations_may_be_equal_or_not_measured() {
    check(&configurations(0, |_| Some(0.5)).svg());
    check(&configurations(2, |_| Some(1.0)).svg());
    let svg = configurations(1, |bits| Some(f64::NAN).filter(|_| bits == 1)).svg();
    let missing = texts(check(&svg))
        .iter()
        .filter(|text| **text == "not measured")
        .count();
    assert_eq!(missing, 2);
    assert!(Configurations::default().svg().is_err());
}

#[test]
fn contributions_show_their_sign() {
    let one = |seed: &str, marginal, shapley| Contribution {
        seed: seed.to_owned(),
        marginal,
        shapley,
    };
    let seeds = vec![
        one("a", Some(0.0125), Some(-0.02)),
        one("b", None, Some(0.0)),
    ];
    let svg = Contributions { seeds }.svg();
    let texts = texts(check(&svg));
    for expected in ["+1.25", "\u{2212}2.00", "not measured", "0.00"] {
        assert!(texts.contains(&expected), "{expected} in {texts:?}");
    }
    assert!(Contributions::default().svg().is_err());
}

fn trials(values: &[Option<f64>]) -> Trials {
    let point = |(number, value): (u64, &Option<f64>)| TrialPoint {
        number,
        params: vec![("train.lr".to_owned(), "0.0031622776601683794".to_owned())],
        value: *value,
    };
    Trials {
        metric: "best_acc".to_owned(),
        trials: (1..).zip(values).map(point).collect(),
        ..Trials::default()
    }
}

#[test]
fn trials_are_ranked_and_failed_ones_come_last() {
    let svg = trials(&[Some(0.8), None, Some(0.9)]).svg();
    let texts = texts(check(&svg));
    let rows: Vec<_> = texts.iter().filter(|text| text.starts_with('#')).collect();
    assert_eq!(
        rows,
        [&"#3  lr=0.003162", &"#1  lr=0.003162", &"#2  lr=0.003162"]
    );
    assert!(texts.contains(&"no result"));
    let mut lower = trials(&[Some(0.8), None, Some(0.9)]);
    (lower.lower_is_better, lower.scale) = (true, MetricScale::Number);
    let svg = lower.svg();
    let first = super::texts(check(&svg))
        .into_iter()
        .find(|text| text.starts_with('#'));
    assert_eq!(first, Some("#1  lr=0.003162"));
}

#[test]
fn only_the_best_trials_are_drawn() {
    let values: Vec<_> = (0..60)
        .map(|value| Some(f64::from(value) / 100.0))
        .collect();
    let svg = trials(&values).svg();
    let texts = texts(check(&svg));
    assert_eq!(
        texts.iter().filter(|text| text.starts_with('#')).count(),
        40
    );
    assert!(texts.contains(&"and 20 more trials"));
    check(&trials(&[Some(0.5)]).svg());
    check(&trials(&[None, Some(f64::INFINITY)]).svg());
}

fn waterfall(shares: &[f64]) -> Waterfall {
    let step = |(at, share): (usize, &f64)| (format!("seed{at}_1"), *share);
    Waterfall {
        host: 0.80,
        steps: shares.iter().enumerate().map(step).collect(),
    }
}

#[test]
fn a_waterfall_leads_from_the_host_to_the_network() {
    let svg = waterfall(&[0.05, -0.02]).svg();
    let texts = texts(check(&svg));
    for expected in [
        "host only",
        "80.00 %",
        "+5.00",
        "\u{2212}2.00",
        "all seeds on",
        "83.00 %",
    ] {
        assert!(texts.contains(&expected), "{expected} in {texts:?}");
    }
    let many = waterfall(&[0.001; 40]).svg();
    assert!(
        check(&many).contains("10 more seeds"),
        "what is not shown is summed"
    );
    assert!(waterfall(&[]).svg().is_err());
    assert!(waterfall(&[f64::NAN]).svg().is_err());
}

#[test]
fn causes_show_what_was_measured() {
    let cause = |name: &str, caused, interval, removal| Cause {
        name: name.to_owned(),
        caused,
        interval,
        removal,
    };
    let causes = Causes {
        rows: vec![
            cause("growth", Some(0.04), Some((-0.02, 0.1)), None),
            cause("seed1_1", None, None, Some(0.02)),
        ],
    };
    let svg = causes.svg();
    let texts = texts(check(&svg));
    for expected in [
        "growth",
        "seed1_1",
        "not measured",
        "cost of switching it off",
    ] {
        assert!(texts.contains(&expected), "{expected} in {texts:?}");
    }
    assert!(Causes::default().svg().is_err());
}
