//! How large is as good: by hand, outside of what was measured, and how often its interval holds.

use kaslite_random::NumpyGenerator;
use kaslite_stats::{EqualSize, Size};

/// Differences with this mean, half of them `spread` above and half below.
fn around(mean: f64, spread: f64) -> Vec<f64> {
    vec![mean + spread, mean - spread, mean + spread, mean - spread]
}

fn number(size: Size) -> f64 {
    size.number().unwrap()
}

/// The mean difference falls from 2 at 100 to −2 at 10,000, in a straight line over the logarithm.
#[test]
fn it_lies_where_the_difference_is_nothing() {
    let sizes = [(100.0, around(2.0, 0.3)), (10_000.0, around(-2.0, 0.3))];
    let found = EqualSize::of(&sizes).unwrap();
    assert!((number(found.estimate) - 1000.0).abs() < 1e-6);
    // By the interval's half width of 3.1824 · 0.3464 / 2, in parts of the way of 4.
    let reach = 3.182_446_305_284_263 * 0.346_410_161_513_775_4 / 2.0;
    let end = |side: f64| 100.0 * 100_f64.powf((2.0 + side * reach) / 4.0);
    assert!((number(found.low.unwrap()) - end(-1.0)).abs() < 1e-6);
    assert!((number(found.high.unwrap()) - end(1.0)).abs() < 1e-6);
}

#[test]
fn nothing_is_extrapolated() {
    let of = |first: f64, last: f64| {
        let sizes = [(100.0, around(first, 0.1)), (200.0, around(last, 0.1))];
        EqualSize::of(&sizes).unwrap()
    };
    assert_eq!(of(3.0, 1.0).estimate, Size::AboveRange);
    assert_eq!(of(-1.0, -3.0).estimate, Size::BelowRange);
    // As good as the smallest already.
    assert_eq!(of(0.0, 0.0).estimate, Size::BelowRange);
    let open = of(0.05, -0.05);
    assert_eq!(open.low, Some(Size::BelowRange));
    assert_eq!(open.high, Some(Size::AboveRange));
    assert!((100.0..200.0).contains(&number(open.estimate)));
}

#[test]
fn one_pair_gives_no_interval_and_one_size_nothing() {
    let found = EqualSize::of(&[(100.0, vec![1.0]), (200.0, vec![-1.0])]).unwrap();
    assert!((number(found.estimate) - 20_000_f64.sqrt()).abs() < 1e-6);
    assert_eq!((found.low, found.high), (None, None));
    assert_eq!(EqualSize::of(&[(100.0, vec![1.0])]), None);
    assert_eq!(EqualSize::of(&[(100.0, vec![]), (200.0, vec![1.0])]), None);
    assert_eq!(
        EqualSize::of(&[(100.0, vec![f64::NAN]), (200.0, vec![1.0])]),
        None
    );
}

/// A size that falls behind a smaller one by chance does not mislead.
#[test]
fn a_dent_is_smoothed() {
    let sizes = [
        (100.0, around(3.0, 0.1)),
        (200.0, around(1.0, 0.1)),
        (400.0, around(1.4, 0.1)),
        (800.0, around(-1.2, 0.1)),
    ];
    let found = EqualSize::of(&sizes).unwrap();
    // From the shared 1.2 at 400 to −1.2 at 800.
    assert!((number(found.estimate) - 400.0 * 2_f64.sqrt()).abs() < 1e-6);
}

#[test]
fn as_json_it_says_where_it_lies() {
    let json = |size: Size| serde_json::to_string(&size).unwrap();
    assert_eq!(json(Size::AboveRange), r#"{"status":"above_range"}"#);
    let within = r#"{"status":"within_range","size":1000.0}"#;
    assert_eq!(json(Size::WithinRange(1000.0)), within);
}

/// Five pairs at each of five sizes, with noise that the sizes share by pair: of 400 curves whose true
/// crossing is known, the interval holds it in at least 90 %.
#[test]
fn the_interval_holds_the_truth() {
    let truth = 1000_f64;
    let mut generator = NumpyGenerator::new(3);
    let mut held = 0;
    for _ in 0..400 {
        let shared: Vec<f64> = (0..5).map(|_| generator.standard_normal()).collect();
        let sizes = [100.0, 300.0, 900.0, 2700.0, 8100.0].map(|size: f64| {
            let mean = 0.8 * (truth.ln() - size.ln());
            let noise = |shared: &f64| shared + 0.7 * generator.standard_normal();
            (size, shared.iter().map(noise).map(|it| mean + it).collect())
        });
        let found = EqualSize::of(&sizes).unwrap();
        let reaches = |end: Option<Size>, outside: Size, inside: fn(f64, f64) -> bool| {
            let end = end.unwrap();
            end == outside || end.number().is_some_and(|end| inside(end, truth))
        };
        let below = reaches(found.low, Size::BelowRange, |end, truth| end <= truth);
        let above = reaches(found.high, Size::AboveRange, |end, truth| end >= truth);
        held += usize::from(below && above);
    }
    assert!(held >= 360, "{held} of 400");
}
