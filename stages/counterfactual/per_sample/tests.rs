use super::*;

fn one(values: &[f64]) -> PerSample {
    let mut samples = PerSample::new(1, values.len());
    samples.add(0, 1.0, 0, values.iter().copied());
    samples
}

/// `numpy.quantile([1, 2, 4, 8, 16], [0.025, 0.975])`.
#[test]
fn quantiles_are_those_of_numpy() {
    let sorted = [1.0, 2.0, 4.0, 8.0, 16.0];
    assert!((quantile(&sorted, 25).unwrap() - 1.1).abs() < 1e-12);
    assert!((quantile(&sorted, 975).unwrap() - 15.2).abs() < 1e-12);
    assert_eq!(quantile(&[], 25), None);
}

#[test]
fn an_interval_is_about_two_standard_errors_wide() {
    // 400 samples of a fair coin: the standard error of the mean is 0.025.
    let coin: Vec<f64> = (0..400).map(|at| f64::from(at % 2)).collect();
    let interval = one(&coin).intervals(2000, 7)[0].unwrap();
    assert!((interval.low - 0.451).abs() < 0.006, "{interval:?}");
    assert!((interval.high - 0.549).abs() < 0.006, "{interval:?}");
}

/// A network that is always better by the same has no spread, however the samples spread.
#[test]
fn samples_are_paired() {
    let better: Vec<f64> = (0..50).map(|at| f64::from(at * at) + 0.25).collect();
    let mut difference = PerSample::new(1, 50);
    difference.add(0, 1.0, 0, better.iter().copied());
    difference.add(0, -1.0, 0, better.iter().map(|value| value - 0.25));
    let interval = difference.intervals(100, 1)[0].unwrap();
    assert!((interval.low - 0.25).abs() < 1e-9 && (interval.high - 0.25).abs() < 1e-9);
}

#[test]
fn parts_add_up() {
    let mut parts = PerSample::new(1, 4);
    parts.add(0, 2.0, 0, [1.0, 2.0].into_iter());
    parts.add(0, 2.0, 2, [3.0, 4.0].into_iter());
    parts.divide(2.0);
    assert_eq!(parts, one(&[1.0, 2.0, 3.0, 4.0]));
    assert_eq!(parts.intervals(0, 1), [None]);
    assert_eq!(parts.intervals(50, 1), parts.intervals(50, 1));
}
