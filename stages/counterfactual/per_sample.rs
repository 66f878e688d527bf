use kaslite_nn::Answers;
use kaslite_random::NumpyGenerator;

/// Thousandths of the resamples that an interval leaves out at each end.
const TAIL: usize = 25;

/// What each validation sample by itself says of some quantities: `[quantities][samples]`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PerSample {
    values: Vec<Vec<f64>>,
}

/// The ends of an interval of 95 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Interval {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl PerSample {
    /// Nothing said yet.
    pub(super) fn new(quantities: usize, samples: usize) -> Self {
        Self {
            values: vec![vec![0.0; samples]; quantities],
        }
    }

    /// Adds what one configuration gives for some samples, times its weight in the quantity.
    pub(super) fn add(
        &mut self,
        quantity: usize,
        weight: f64,
        first_row: usize,
        measured: impl Iterator<Item = f64>,
    ) {
        let samples = self.values[quantity][first_row..].iter_mut();
        for (sum, value) in samples.zip(measured) {
            *sum += weight * value;
        }
    }

    /// Divides all that was said.
    pub(super) fn divide(&mut self, by: f64) {
        self.values
            .iter_mut()
            .flatten()
            .for_each(|value| *value /= by);
    }

    /// An interval of 95 % for the mean of each quantity over the samples: percentiles of the means
    /// of resamples, each drawn with replacement and the same for all quantities. None without
    /// resamples.
    ///
    /// Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), ch. 13.
    pub(super) fn intervals(&self, resamples: usize, rng_seed: u64) -> Vec<Option<Interval>> {
        let samples = self.values.first().map_or(0, Vec::len);
        let mut generator = NumpyGenerator::new(rng_seed);
        let range = 0..i64::try_from(samples).unwrap_or(i64::MAX);
        let mut means = vec![Vec::with_capacity(resamples); self.values.len()];
        let mut counts = vec![0.0; samples];
        for _ in 0..resamples {
            counts.fill(0.0);
            for _ in 0..samples {
                let drawn = generator.integers(range.clone());
                counts[usize::try_from(drawn).unwrap_or_default()] += 1.0;
            }
            for (means, values) in means.iter_mut().zip(&self.values) {
                let drawn = counts.iter().zip(values);
                let sum: f64 = drawn.map(|(count, value)| count * value).sum();
                means.push(sum / samples as f64);
            }
        }
        means.into_iter().map(interval).collect()
    }
}

/// What an answer is measured by: cross-entropy in nats.
pub(super) fn losses(answers: &Answers) -> impl Iterator<Item = f64> {
    answers.losses.iter().map(|loss| f64::from(*loss))
}

/// What an answer is measured by: 1 where it is right, else 0.
pub(super) fn right(answers: &Answers) -> impl Iterator<Item = f64> {
    let value = |right: &bool| f64::from(u8::from(*right));
    answers.correct.iter().map(value)
}

fn interval(mut means: Vec<f64>) -> Option<Interval> {
    means.sort_by(f64::total_cmp);
    Some(Interval {
        low: quantile(&means, TAIL)?,
        high: quantile(&means, 1000 - TAIL)?,
    })
}

/// The quantile at so many thousandths of sorted values, between two of them by their distance (type
/// 7 of Hyndman & Fan, "Sample quantiles in statistical packages", 1996, which is `NumPy`'s default).
fn quantile(sorted: &[f64], thousandths: usize) -> Option<f64> {
    let place = thousandths * sorted.len().checked_sub(1)?;
    let below = *sorted.get(place / 1000)?;
    let above = *sorted.get(place.div_ceil(1000))?;
    Some(below + (above - below) * (place % 1000) as f64 / 1000.0)
}

#[cfg(test)]
mod tests;
