//! Rising curves: hand-made, against all there are, and what must hold for any.

use kaslite_stats::{Reached, Rising};
use proptest::prelude::*;

fn fitted(measured: &[f64]) -> Rising {
    let places: Vec<f64> = (0..measured.len()).map(|place| place as f64).collect();
    Rising::fit(&places, measured).unwrap()
}

/// As scikit-learn's `IsotonicRegression` has it.
#[test]
fn neighbours_that_fall_share_their_mean() {
    for (measured, wanted) in [
        (vec![1.0, 2.0, 3.0], vec![1.0, 2.0, 3.0]),
        (vec![3.0, 2.0, 1.0], vec![2.0, 2.0, 2.0]),
        (vec![1.0, 3.0, 2.0, 4.0], vec![1.0, 2.5, 2.5, 4.0]),
        (vec![4.0, 1.0, 1.0, 6.0, 5.0], vec![2.0, 2.0, 2.0, 5.5, 5.5]),
    ] {
        assert_eq!(fitted(&measured).values(), wanted);
    }
}

#[test]
fn a_value_is_found_between_two_places_or_outside_of_all() {
    let curve = Rising::fit(&[1.0, 3.0, 5.0], &[0.0, 10.0, 10.0]).unwrap();
    assert_eq!(curve.place_of(5.0), Reached::At(2.0));
    assert_eq!(curve.place_of(10.0), Reached::At(3.0));
    assert_eq!(curve.place_of(0.0), Reached::Before);
    assert_eq!(curve.place_of(-1.0), Reached::Before);
    assert_eq!(curve.place_of(10.5), Reached::Behind);
}

#[test]
fn what_is_no_curve_is_refused() {
    assert_eq!(Rising::fit(&[1.0], &[1.0]), None);
    assert_eq!(Rising::fit(&[1.0, 1.0], &[1.0, 2.0]), None);
    assert_eq!(Rising::fit(&[2.0, 1.0], &[1.0, 2.0]), None);
    assert_eq!(Rising::fit(&[1.0, 2.0], &[1.0, f64::NAN]), None);
    assert_eq!(Rising::fit(&[1.0, 2.0], &[1.0]), None);
}

fn distance(one: &[f64], other: &[f64]) -> f64 {
    let pairs = one.iter().zip(other);
    pairs.map(|(one, other)| (one - other).powi(2)).sum()
}

proptest! {
    /// No rising curve among many lies nearer, and none is moved that rises already.
    #[test]
    fn it_is_the_nearest_that_rises(
        measured in prop::collection::vec(-5.0..5.0, 2..7),
        mut other in prop::collection::vec(-5.0..5.0, 7),
    ) {
        let curve = fitted(&measured);
        let values = curve.values();
        prop_assert!(values.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
        other.truncate(measured.len());
        other.sort_by(f64::total_cmp);
        prop_assert!(distance(values, &measured) <= distance(&other, &measured) + 1e-9);
        let again = fitted(&other);
        prop_assert!(distance(again.values(), &other) < 1e-18);
    }
}
