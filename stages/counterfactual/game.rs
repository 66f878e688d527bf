use kaslite_nn::Configuration;

/// A cooperative game: the grown seeds are its players, and each configuration has a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Game {
    seeds: usize,
    /// `[2^seeds]`, in the order of [`Configuration::every`].
    values: Vec<f64>,
}

impl Game {
    /// A game of so many seeds, few enough that a value for each configuration fits in memory.
    pub(super) fn new(seeds: usize, value: impl Fn(Configuration) -> f64) -> Self {
        let values = Configuration::every(seeds).map(value).collect();
        Self { seeds, values }
    }

    /// The Harsanyi dividend of every configuration, in the order of [`Configuration::every`]:
    /// a(S) = Σ over T ⊆ S of (−1)^(|S| − |T|) v(T), what its seeds are worth together beyond what
    /// all smaller groups of them are worth. They add up to v(N).
    ///
    /// Harsanyi, "A simplified bargaining model for the n-person cooperative game" (1963).
    pub(super) fn dividends(&self) -> Vec<f64> {
        let mut dividends = self.values.clone();
        self.each_edge(|without, with| dividends[with] -= dividends[without]);
        dividends
    }

    /// The Banzhaf interaction index of every configuration, in the order of
    /// [`Configuration::every`]: Σ over T ⊇ S of a(T) / 2^(|T| − |S|); for one seed its
    /// [`Quantity::Marginal`](super::quantity::Quantity::Marginal), for two their [`Quantity::Interaction`](super::quantity::Quantity::Interaction).
    pub(super) fn interactions(&self) -> Vec<f64> {
        let mut sums = self.dividends();
        self.each_edge(|without, with| sums[without] += 0.5 * sums[with]);
        sums
    }

    /// Every pair of configurations that differ in one seed, seed after seed.
    fn each_edge(&self, mut visit: impl FnMut(usize, usize)) {
        for seed in 0..self.seeds {
            for place in (0..self.values.len()).filter(|place| place >> seed & 1 == 0) {
                visit(place, place | 1 << seed);
            }
        }
    }
}

#[cfg(test)]
mod tests;
