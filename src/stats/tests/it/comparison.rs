//! Against `SciPy` 1.17: the numbers are what it gives.

use kaslite_stats::{Comparison, Summary, Test, holm};

const A: [f64; 5] = [0.91, 0.89, 0.93, 0.90, 0.92];
const B: [f64; 5] = [0.94, 0.90, 0.95, 0.93, 0.92];

#[track_caller]
fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9, "{a} {b}");
}

#[track_caller]
fn test(comparison: &Comparison, name: &str) -> Test {
    let found = comparison
        .tests
        .iter()
        .find(|test| test.name.contains(name));
    found.expect("the test").clone()
}

#[test]
fn a_group_has_the_interval_of_its_mean() {
    let summary = Summary::of(&A);
    close(
        summary.deviation.expect("a deviation"),
        0.015_811_388_300_841_91,
    );
    let (low, high) = summary.interval.expect("an interval");
    close(low, 0.890_367_568_385_224_4);
    close(high, 0.929_632_431_614_775_5);
    assert_eq!(Summary::of(&[1.0]).interval, None);
    assert_eq!(Summary::of(&[]).mean, None);
}

#[test]
fn paired_values_have_a_t_and_a_permutation_test() {
    let comparison = Comparison::paired(&A, &B).expect("values");
    let (low, high) = comparison.interval.expect("an interval");
    close(comparison.difference, 0.018);
    close(low, 0.001_810_682_152_912_961);
    close(high, 0.034_189_317_847_086_98);
    close(test(&comparison, "paired t").p, 0.036_681_989_400_441_11);
    let flips = test(&comparison, "sign-flip");
    close(flips.p, 0.125);
    close(flips.smallest.expect("a bound"), 0.0625);
}

#[test]
fn values_apart_have_welchs_and_mann_whitneys_test() {
    let comparison = Comparison::unpaired(&A, &B).expect("values");
    let (low, high) = comparison.interval.expect("an interval");
    close(low, -0.007_846_982_263_311_788);
    close(high, 0.043_846_982_263_311_78);
    close(test(&comparison, "Welch").p, 0.146_072_492_732_950_5);
    let three = Comparison::unpaired(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]).expect("values");
    let ranks = test(&three, "exact");
    close(ranks.p, 0.1);
    close(ranks.smallest.expect("a bound"), 0.1);
    close(three.above.expect("pairs"), 1.0);
    let (a, b) = ([1.1, 2.2, 3.3, 5.5], [4.4, 5.6, 6.6, 7.7, 0.5]);
    let mixed = Comparison::unpaired(&a, &b).expect("values");
    close(test(&mixed, "exact").p, 2.0 / 7.0);
    close(mixed.above.expect("pairs"), 0.75);
    let (a, b) = ([1.0, 2.0, 2.0, 3.0], [2.0, 3.0, 4.0, 4.0, 5.0]);
    let ties = Comparison::unpaired(&a, &b).expect("values");
    close(test(&ties, "exact").p, 0.087_301_587_301_587_3);
}

#[test]
fn many_values_have_the_normal_distribution_of_ranks() {
    let a = [
        0.1, -0.1, 0.6, 0.1, -0.5, 0.4, 1.3, 0.9, -0.7, -1.3, -0.6, 0.0, -2.3, -0.2, -1.2, -0.7,
        -0.5, -0.3, 0.4, 1.0, -0.1, 1.4, -0.7, 0.4, 0.9, 0.1, -0.7, -0.9, -0.5, 0.2,
    ];
    let b = [
        -0.5, 0.3, 0.3, 1.0, 0.7, 0.9, -0.2, 0.4, 1.3, 2.0, -0.8, 2.0, 1.8, 1.3, 0.8, 0.2, 2.0,
        2.5, 2.3, 1.8, 0.9, -0.7, 0.5, 1.2, -0.8, 0.9, 0.9, 1.2, -0.7, -0.2,
    ];
    let comparison = Comparison::unpaired(&a, &b).expect("values");
    close(test(&comparison, "normal").p, 0.001_094_271_196_922_484_6);
}

#[test]
fn few_values_cannot_show_what_they_cannot() {
    let (a, b) = ([0.1, 0.2, 0.3], [10.1, 10.2, 10.3]);
    let paired = Comparison::paired(&a, &b).expect("values");
    let flips = test(&paired, "sign-flip");
    close(flips.p, 0.25);
    close(flips.smallest.expect("a bound"), 0.25);
    let one = Comparison::unpaired(&[1.0], &[2.0]).expect("values");
    assert_eq!((one.interval, one.tests.len()), (None, 0));
    let alike = Comparison::paired(&[1.0, 1.0], &[1.0, 1.0]).expect("values");
    close(test(&alike, "sign-flip").p, 1.0);
    assert_eq!(Comparison::unpaired(&[], &[1.0]), None);
}

#[test]
fn more_pairs_than_can_be_counted_are_drawn_and_drawn_alike() {
    let a: Vec<f64> = (0..70).map(f64::from).collect();
    let b: Vec<f64> = a
        .iter()
        .map(|value| value + if value % 5.0 == 0.0 { -1.0 } else { 1.0 })
        .collect();
    let once = Comparison::paired(&a, &b).expect("values");
    assert_eq!(once, Comparison::paired(&a, &b).expect("values"));
    assert!(test(&once, "drawn").p < 1e-4);
}

#[test]
fn holms_correction() {
    let corrected = holm(&[0.01, 0.04, 0.03]);
    for (one, wanted) in corrected.into_iter().zip([0.03, 0.06, 0.06]) {
        close(one, wanted);
    }
    assert_eq!(holm(&[0.9]), [0.9]);
}
