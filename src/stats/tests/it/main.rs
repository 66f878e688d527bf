//! Against scipy's numbers, and what must hold for any sample.
#![expect(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "what cannot be unwrapped fails the test; exact values are compared"
)]

mod comparison;
mod equal_size;
mod rising;

use kaslite_stats::{Comparison, Interval, Paired, holm, pairs_needed};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Recorded {
    paired: Vec<PairedCase>,
    unpaired: Vec<UnpairedCase>,
}

#[derive(Deserialize)]
struct PairedCase {
    differences: Vec<f64>,
    low: f64,
    high: f64,
    p: f64,
    effect: f64,
}

#[derive(Deserialize)]
struct UnpairedCase {
    first: Vec<f64>,
    second: Vec<f64>,
    low: f64,
    high: f64,
    welch_p: f64,
    mann_whitney_p: f64,
    superiority: f64,
}

fn recorded() -> Recorded {
    serde_json::from_str(include_str!("scipy.json")).unwrap()
}

fn assert_close(found: f64, expected: f64, of: &str) {
    let off = (found - expected).abs();
    assert!(
        off <= 1e-9 * expected.abs().max(1e-3),
        "{of}: {found}, not {expected}"
    );
}

#[test]
fn pairs_are_those_of_scipy() {
    for case in recorded().paired {
        let paired = Paired::of(&case.differences).unwrap();
        let interval = paired.interval.unwrap();
        assert_close(interval.low, case.low, "low");
        assert_close(interval.high, case.high, "high");
        assert_close(paired.p, case.p, "p");
        assert_close(paired.effect.unwrap(), case.effect, "effect");
    }
}

#[test]
fn groups_are_those_of_scipy() {
    for case in recorded().unpaired {
        let found = Comparison::unpaired(&case.first, &case.second).unwrap();
        let (low, high) = found.interval.unwrap();
        assert_close(low, case.low, "low");
        assert_close(high, case.high, "high");
        assert_close(found.tests[0].p, case.mann_whitney_p, "Mann-Whitney");
        assert_close(found.tests[1].p, case.welch_p, "Welch");
        assert_close(found.above.unwrap(), case.superiority, "superiority");
    }
}

#[test]
fn few_runs_cannot_show_much() {
    let five = Paired::of(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
    assert_eq!((five.p, five.least_p), (0.0625, 0.0625));
}

/// t of 97.5 % over the root of n: 1.05 at 6 pairs, 0.418 at 25 (0.4278 at 24).
#[test]
fn a_small_effect_needs_many_pairs() {
    assert_eq!(pairs_needed(3.0), Some(6));
    assert_eq!(pairs_needed(-0.42), Some(25));
    assert_eq!(pairs_needed(0.001), None);
}

#[test]
fn one_run_has_no_interval() {
    let paired = Paired::of(&[0.3]).unwrap();
    assert_eq!(
        (paired.interval, paired.effect, paired.p),
        (None, None, 1.0)
    );
}

#[test]
fn nothing_and_what_is_no_number_have_no_statistics() {
    assert_eq!(Paired::of(&[]), None);
    assert_eq!(Paired::of(&[0.1, f64::NAN]), None);
    assert_eq!(Comparison::unpaired(&[1.0], &[f64::INFINITY]), None);
    assert_eq!(Interval::of_mean(&[1.0]), None);
}

#[test]
fn runs_that_are_all_equal_differ_by_nothing() {
    let paired = Paired::of(&[0.0; 5]).unwrap();
    assert_eq!((paired.mean, paired.p, paired.effect), (0.0, 1.0, None));
    let unpaired = Comparison::unpaired(&[0.5; 4], &[0.5; 4]).unwrap();
    assert_eq!((unpaired.tests[0].p, unpaired.interval), (1.0, None));
    assert_eq!(unpaired.above, Some(0.5));
}

/// Many pairs are drawn, not counted; drawn twice they give the same.
#[test]
fn many_pairs_are_drawn() {
    let differences: Vec<f64> = (0..40).map(|at| f64::from(at % 7) - 2.9).collect();
    let paired = Paired::of(&differences).unwrap();
    assert_eq!(paired, Paired::of(&differences).unwrap());
    assert!((0.0..1.0).contains(&paired.p));
}

#[test]
fn holm_as_in_the_textbook() {
    let corrected = holm(&[0.01, 0.04, 0.03, 0.005]);
    for (found, expected) in corrected.iter().zip([0.03, 0.06, 0.06, 0.02]) {
        assert_close(*found, expected, "Holm");
    }
    assert!(holm(&[]).is_empty());
}

proptest! {
    #[test]
    fn the_sign_of_all_differences_does_not_matter(
        differences in proptest::collection::vec(-1.0..1.0_f64, 1..12),
    ) {
        let other: Vec<f64> = differences.iter().map(|it| -it).collect();
        let (one, other) = (Paired::of(&differences).unwrap(), Paired::of(&other).unwrap());
        prop_assert_eq!(one.p, other.p);
        prop_assert!(one.p >= one.least_p && one.p <= 1.0);
        if let Some(interval) = one.interval {
            prop_assert!(interval.holds(one.mean));
        }
    }

    #[test]
    fn the_order_of_the_groups_does_not_matter(
        first in proptest::collection::vec(-1.0..1.0_f64, 1..7),
        second in proptest::collection::vec(-1.0..1.0_f64, 1..7),
    ) {
        let one = Comparison::unpaired(&first, &second).unwrap();
        let other = Comparison::unpaired(&second, &first).unwrap();
        prop_assert!((one.above.unwrap() + other.above.unwrap() - 1.0).abs() < 1e-12);
        if let (Some(one), Some(other)) = (one.tests.first(), other.tests.first()) {
            prop_assert!((one.p - other.p).abs() < 1e-12);
        }
    }
}
