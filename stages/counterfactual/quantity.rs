use kaslite_nn::Configuration;

/// What is derived from the values v of all configurations of n seeds: a weighted sum of them.
///
/// A weighted sum of means over samples is the mean of the samples' own weighted sums, which is what
/// the intervals rest on (`PerSample`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// All seeds on against all off: v(N) − v(∅).
    Gain,
    /// The Shapley value of a seed: φᵢ = Σ over S without i of |S|! (n − |S| − 1)! / n! ·
    /// (v(S ∪ i) − v(S)). They add up to the gain.
    ///
    /// Shapley, "A value for n-person games" (1953).
    Shapley(usize),
    /// The mean value with the seed on minus the mean value with it off, over all configurations: in
    /// a full factorial at once the main effect of the seed (Box, Hunter & Hunter, "Statistics for
    /// Experimenters", ch. 5) and its Banzhaf value ("Weighted voting doesn't work", 1965).
    Marginal(usize),
    /// What is lost when the seed alone is switched off: v(N) − v(N \ i).
    RemovalCost(usize),
    /// What the seed adds to the host alone: v(i) − v(∅).
    Solo(usize),
    /// The mean over S without i and j of v(S ∪ ij) − v(S ∪ i) − v(S ∪ j) + v(S): above 0 where the
    /// two are worth more together than apart. The Banzhaf interaction index (Grabisch & Roubens, "An
    /// axiomatic approach to the concept of interaction among players in cooperative games", 1999).
    Interaction(usize, usize),
}

impl Quantity {
    /// What it is, from the values of configurations of `seeds` seeds.
    pub fn of(self, seeds: usize, values: impl Iterator<Item = (Configuration, f64)>) -> f64 {
        let part = |(one, value)| self.weight(one, seeds) * value;
        values.map(part).sum()
    }

    /// The weight of a configuration of `seeds` seeds.
    pub(super) fn weight(self, configuration: Configuration, seeds: usize) -> f64 {
        let all = Configuration::all(seeds);
        let difference = |plus, minus| {
            f64::from(u8::from(configuration == plus)) - f64::from(u8::from(configuration == minus))
        };
        let sign = |seed| if configuration.has(seed) { 1.0 } else { -1.0 };
        // One over the number of configurations of the seeds that are not asked for.
        let share = |asked: i32| 0.5_f64.powi(i32::try_from(seeds).unwrap_or(i32::MAX) - asked);
        match self {
            Self::Gain => difference(all, Configuration::NONE),
            Self::Shapley(seed) => {
                let others = configuration.without(seed).size();
                sign(seed) * shapley_weight(others, seeds)
            }
            Self::Marginal(seed) => sign(seed) * share(1),
            Self::RemovalCost(seed) => difference(all, all.without(seed)),
            Self::Solo(seed) => difference(Configuration::only(seed), Configuration::NONE),
            Self::Interaction(one, other) => sign(one) * sign(other) * share(2),
        }
    }
}

/// s! (n − s − 1)! / n!: one over n times the number of coalitions of s among the n − 1 others.
pub(super) fn shapley_weight(others: usize, seeds: usize) -> f64 {
    let coalitions: f64 = (0..others)
        .map(|at| (seeds - 1 - at) as f64 / (at + 1) as f64)
        .product();
    1.0 / (seeds as f64 * coalitions)
}
