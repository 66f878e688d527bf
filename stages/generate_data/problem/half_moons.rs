use std::f64::consts::PI;

use kaslite_random::RandomState;

use super::samples::Samples;

/// Two interleaved half circles of radius 1, as scikit-learn's `make_moons(n_samples, noise)` makes
/// them: the outer one is class 0 and has the smaller half of the samples, the inner one is class 1;
/// all are shuffled, then normal noise of the deviation `noise` is added.
pub(super) fn half_moons(n_samples: usize, noise: f64, seed: u32) -> Samples {
    let outer = n_samples / 2;
    let mut samples = Samples::default();
    for angle in angles(outer) {
        samples.push(vec![angle.cos(), angle.sin()], 0);
    }
    for angle in angles(n_samples - outer) {
        samples.push(vec![1.0 - angle.cos(), 1.0 - angle.sin() - 0.5], 1);
    }
    let mut generator = RandomState::new(seed);
    samples.reorder(&generator.permutation(n_samples));
    samples.add_noise(|| generator.normal(0.0, noise));
    samples
}

/// `count` angles from 0 to π, both included, as `numpy.linspace` spaces them.
fn angles(count: usize) -> impl Iterator<Item = f64> {
    let last = count.saturating_sub(1);
    let step = PI / last.max(1) as f64;
    (0..count).map(move |index| {
        if index > 0 && index == last {
            PI
        } else {
            index as f64 * step
        }
    })
}
