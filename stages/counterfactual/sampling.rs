use std::collections::BTreeMap;

use kaslite_nn::Configuration;
use kaslite_random::NumpyGenerator;

/// Pairs of orders that are drawn before it is asked whether they do.
const FIRST_PAIRS: usize = 64;

/// How many orders are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Enough are drawn when the largest standard error of a seed is no larger.
    pub standard_error: f64,
    /// Most orders that are drawn.
    pub orders: usize,
    /// Of the draws.
    pub rng_seed: u64,
}

/// A seed's Shapley value from a sample of orders.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampled {
    /// The mean over the orders.
    pub value: f64,
    /// Of the sampling alone: how far the value would vary from draw to draw.
    pub standard_error: f64,
}

/// Configurations that are to be evaluated, with their weight for each seed. The weights of all
/// rounds together, divided by [`Sampling::orders`], give the Shapley values.
pub type Round = BTreeMap<Configuration, Vec<(usize, f64)>>;

/// The values of configurations by two measures.
pub type Values = BTreeMap<Configuration, [f64; 2]>;

/// Shapley values from orders in which the seeds are switched on one after the other: the mean of
/// what a seed adds where it comes. Orders are drawn in pairs, each with its reverse; pairs are
/// independent, so that their spread gives a standard error.
///
/// Castro, Gómez & Tejada, "Polynomial calculation of the Shapley value based on sampling" (2009);
/// antithetic pairs: Mitchell, Cooper, Frank & Holmes, "Sampling permutations for Shapley value
/// estimation" (2022).
#[derive(Debug)]
pub struct Sampling {
    seeds: usize,
    budget: Budget,
    generator: NumpyGenerator,
    /// For each measure and seed the sum over the pairs of its mean in the pair, and that of the
    /// squares.
    sums: [Vec<(f64, f64)>; 2],
    pairs: usize,
}

impl Sampling {
    /// Nothing is drawn yet.
    pub fn new(seeds: usize, budget: Budget) -> Self {
        Self {
            seeds,
            budget,
            generator: NumpyGenerator::new(budget.rng_seed),
            sums: [vec![(0.0, 0.0); seeds], vec![(0.0, 0.0); seeds]],
            pairs: 0,
        }
    }

    /// Draws until the standard error by the first measure or the budget is reached. `evaluate` gives
    /// the values of each configuration of a round, or none to end.
    pub fn draw<E>(
        &mut self,
        mut evaluate: impl FnMut(&Round) -> Result<Option<Values>, E>,
    ) -> Result<(), E> {
        while let Some(pairs) = self.next_pairs() {
            let orders: Vec<Vec<usize>> = (0..pairs)
                .flat_map(|_| {
                    let order = self.generator.permutation(self.seeds);
                    let reverse = order.iter().rev().copied().collect();
                    [order, reverse]
                })
                .collect();
            let Some(values) = evaluate(&round(&orders))? else {
                return Ok(());
            };
            for pair in orders.chunks(2) {
                self.add(pair, &values);
            }
        }
        Ok(())
    }

    /// How many orders were drawn.
    pub fn orders(&self) -> usize {
        2 * self.pairs
    }

    /// The Shapley value of each seed by each measure.
    pub fn values(&self) -> [Vec<Sampled>; 2] {
        let pairs = self.pairs as f64;
        let of_seed = |&(sum, squares): &(f64, f64)| {
            let value = sum / pairs;
            let variance = (squares - pairs * value * value).max(0.0) / (pairs - 1.0);
            Sampled {
                value,
                standard_error: (variance / pairs).sqrt(),
            }
        };
        let of_measure = |sums: &Vec<(f64, f64)>| sums.iter().map(of_seed).collect();
        self.sums.each_ref().map(of_measure)
    }

    /// How many pairs come next: as many as there are, so that what is drawn doubles.
    fn next_pairs(&self) -> Option<usize> {
        let most = (self.budget.orders / 2).max(2);
        if self.pairs == 0 {
            return Some(FIRST_PAIRS.min(most));
        }
        let [first, _] = self.values();
        let errors = first.into_iter().map(|value| value.standard_error);
        let enough = errors.fold(0.0, f64::max) <= self.budget.standard_error;
        let next = self.pairs.min(most - self.pairs);
        (!enough && next > 0).then_some(next)
    }

    fn add(&mut self, pair: &[Vec<usize>], values: &Values) {
        for (which, sums) in self.sums.iter_mut().enumerate() {
            let mut means = vec![0.0; self.seeds];
            for order in pair {
                let mut on = Configuration::NONE;
                for &seed in order {
                    let joined = on.with(seed);
                    means[seed] += 0.5 * (values[&joined][which] - values[&on][which]);
                    on = joined;
                }
            }
            for ((sum, squares), mean) in sums.iter_mut().zip(means) {
                *sum += mean;
                *squares += mean * mean;
            }
        }
        self.pairs += 1;
    }
}

/// The configurations on the way of each order. One that is met again weighs more.
fn round(orders: &[Vec<usize>]) -> Round {
    let mut round = Round::new();
    let mut weigh = |configuration, seed, weight| {
        let weights: &mut Vec<(usize, f64)> = round.entry(configuration).or_default();
        match weights.iter_mut().find(|(known, _)| *known == seed) {
            Some((_, sum)) => *sum += weight,
            None => weights.push((seed, weight)),
        }
    };
    for order in orders {
        let mut on = Configuration::NONE;
        for &seed in order {
            weigh(on, seed, -1.0);
            on = on.with(seed);
            weigh(on, seed, 1.0);
        }
    }
    round
}

#[cfg(test)]
mod tests;
