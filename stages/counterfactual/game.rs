/// A cooperative game: players, and what each coalition of them is worth.
///
/// A coalition is a bit mask, player `i` being bit `i`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Game {
    players: usize,
    /// `[2^players]`, by coalition.
    values: Vec<f64>,
}

impl Game {
    /// A game of so many players, few enough that a value for each coalition fits in memory.
    pub(super) fn new(players: usize, value: impl Fn(usize) -> f64) -> Self {
        let values = (0..1 << players).map(value).collect();
        Self { players, values }
    }

    /// What the coalition without players is worth.
    pub(super) fn nobody(&self) -> f64 {
        self.values[0]
    }

    /// What all players together are worth.
    pub(super) fn everybody(&self) -> f64 {
        self.values[self.values.len() - 1]
    }

    /// What all players add to none.
    pub(super) fn gain(&self) -> f64 {
        self.everybody() - self.nobody()
    }

    /// The Shapley value of each player, in order:
    /// φᵢ = Σ over coalitions S without i of |S|! (n − |S| − 1)! / n! · (v(S ∪ {i}) − v(S)).
    /// They add up to [`Game::gain`].
    ///
    /// Shapley, "A value for n-person games" (1953).
    pub(super) fn shapley(&self) -> Vec<f64> {
        let weights = shapley_weights(self.players);
        let weight = |others: usize| weights[others.count_ones() as usize];
        self.players_by(|added, others| weight(others) * added)
    }

    /// The mean of what each player adds to the coalitions without it, all of equal weight: the mean
    /// value with it minus the mean value without it.
    ///
    /// Banzhaf, "Weighted voting doesn't work" (1965).
    pub(super) fn marginals(&self) -> Vec<f64> {
        let share = 2.0 / self.values.len() as f64;
        self.players_by(|added, _| share * added)
    }

    /// What is lost when one player leaves all the others.
    pub(super) fn removal_costs(&self) -> Vec<f64> {
        let all = self.values.len() - 1;
        let players = 0..self.players;
        let cost = |player: usize| self.values[all] - self.values[all & !(1 << player)];
        players.map(cost).collect()
    }

    /// What each player adds to nobody.
    pub(super) fn solos(&self) -> Vec<f64> {
        let players = 0..self.players;
        let solo = |player: usize| self.values[1 << player] - self.nobody();
        players.map(solo).collect()
    }

    /// For each player the sum of `part(what it adds, the others)` over the coalitions of others.
    fn players_by(&self, part: impl Fn(f64, usize) -> f64) -> Vec<f64> {
        let of_player = |player: usize| {
            let bit = 1 << player;
            let others = (0..self.values.len()).filter(|coalition| coalition & bit == 0);
            others
                .map(|others| part(self.values[others | bit] - self.values[others], others))
                .sum()
        };
        (0..self.players).map(of_player).collect()
    }
}

/// s! (n − s − 1)! / n! for s = 0 .. n: one over n times the number of coalitions of that size.
fn shapley_weights(players: usize) -> Vec<f64> {
    let n = players as f64;
    let mut coalitions = 1.0; // The binomial coefficient C(n − 1, s).
    (0..players)
        .map(|size| {
            let weight = 1.0 / (n * coalitions);
            coalitions *= (n - 1.0 - size as f64) / (size as f64 + 1.0);
            weight
        })
        .collect()
}

#[cfg(test)]
mod tests;
