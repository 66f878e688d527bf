use super::*;
use std::convert::Infallible;

/// Values without a pattern, the same each time, plus a gain a seed: a game in which seeds differ.
fn value(on: Configuration, salt: u64) -> f64 {
    let mut generator = NumpyGenerator::new(salt << 16 | on.place() as u64);
    let alone: f64 = on.seeds().map(|seed| seed as f64 * 0.01).sum();
    alone + 0.1 * generator.random()
}

fn draw(seeds: usize, budget: Budget, value: &dyn Fn(Configuration) -> f64) -> Sampling {
    let mut sampling = Sampling::new(seeds, budget);
    let drawn: Result<(), Infallible> = sampling.draw(|round| {
        let both = |one: &Configuration| (*one, [value(*one), -value(*one)]);
        Ok(Some(round.keys().map(both).collect()))
    });
    drawn.unwrap();
    sampling
}

fn budget(standard_error: f64, orders: usize, rng_seed: u64) -> Budget {
    Budget {
        standard_error,
        orders,
        rng_seed,
    }
}

/// Each order shares out the whole gain, so any number of them does.
#[test]
fn shares_add_up_to_the_gain() {
    let worth = |on| value(on, 3);
    let sampling = draw(14, budget(0.0, 256, 1), &worth);
    let [shares, _] = sampling.values();
    let sum: f64 = shares.iter().map(|share| share.value).sum();
    let gain = worth(Configuration::all(14)) - worth(Configuration::NONE);
    assert!((sum - gain).abs() < 1e-12);
    assert_eq!(sampling.orders(), 256);
}

#[test]
fn an_additive_game_needs_no_more_than_the_first_orders() {
    let worth = |on: Configuration| on.seeds().map(|seed| seed as f64).sum();
    let sampling = draw(20, budget(1e-9, 100_000, 1), &worth);
    assert_eq!(sampling.orders(), 2 * FIRST_PAIRS);
    for (seed, share) in sampling.values()[0].iter().enumerate() {
        assert!((share.value - seed as f64).abs() < 1e-12);
    }
}

/// The weights of a round, times the values, are the shares that the orders give.
#[test]
fn weights_give_the_same_shares() {
    let worth = |on| value(on, 5);
    let mut sums = [0.0; 6];
    let mut sampling = Sampling::new(6, budget(0.0, 64, 2));
    let drawn: Result<(), Infallible> = sampling.draw(|round| {
        for (one, weights) in round {
            for (seed, weight) in weights {
                sums[*seed] += weight * worth(*one);
            }
        }
        Ok(Some(
            round.keys().map(|one| (*one, [worth(*one), 0.0])).collect(),
        ))
    });
    drawn.unwrap();
    let orders = sampling.orders() as f64;
    for (sum, share) in sums.iter().zip(&sampling.values()[0]) {
        assert!((sum / orders - share.value).abs() < 1e-12);
    }
}

/// What 16 seeds are worth alone and in pairs, without a pattern, the same each time: a game whose Shapley
/// values are known without its 65,536 configurations.
struct Pairs {
    alone: Vec<f64>,
    together: Vec<Vec<f64>>,
}

impl Pairs {
    const SEEDS: usize = 16;

    fn new(salt: u64) -> Self {
        let mut generator = NumpyGenerator::new(salt);
        let mut row = || (0..Self::SEEDS).map(|_| generator.random() - 0.5).collect();
        Self {
            alone: row(),
            together: (0..Self::SEEDS).map(|_| row()).collect(),
        }
    }

    /// Of two seeds together; the first is the smaller.
    fn pair(&self, one: usize, other: usize) -> f64 {
        self.together[one.min(other)][one.max(other)]
    }

    fn value(&self, on: Configuration) -> f64 {
        let pairs = |seed: usize| -> f64 {
            let others = on.seeds().filter(|other| *other > seed);
            others.map(|other| self.pair(seed, other)).sum()
        };
        on.seeds().map(|seed| self.alone[seed] + pairs(seed)).sum()
    }

    /// What a seed is worth alone, and half of what it is worth with each other.
    fn shapley(&self, seed: usize) -> f64 {
        let others = (0..Self::SEEDS).filter(|other| *other != seed);
        self.alone[seed] + 0.5 * others.map(|other| self.pair(seed, other)).sum::<f64>()
    }
}

/// An order and its reverse share out every pair's worth evenly: where seeds are worth something alone
/// and in pairs, the sample is exact.
#[test]
fn pairs_of_16_seeds_are_shared_out_exactly() {
    for salt in 0..20 {
        let game = Pairs::new(salt);
        let sampling = draw(Pairs::SEEDS, budget(0.0, 2, salt), &|on| game.value(on));
        for (seed, share) in sampling.values()[0].iter().enumerate() {
            assert!(
                (share.value - game.shapley(seed)).abs() < 1e-12,
                "{salt} {seed}"
            );
        }
    }
}

/// The same with a bonus where all seeds of a random group are on: its members share it evenly.
#[test]
fn intervals_of_16_seeds_hold_what_they_promise() {
    let (mut inside, mut all) = (0, 0);
    for salt in 0..200 {
        let game = Pairs::new(salt);
        let order = NumpyGenerator::new(salt + 1000).permutation(Pairs::SEEDS);
        let groups: Vec<&[usize]> = vec![&order[..3], &order[3..7], &order[5..10]];
        let bonus = |on: Configuration, group: &[usize]| {
            f64::from(u8::from(group.iter().all(|seed| on.has(*seed))))
        };
        let value = |on: Configuration| -> f64 {
            game.value(on) + groups.iter().map(|group| bonus(on, group)).sum::<f64>()
        };
        let seed = order[6];
        let shares = groups.iter().filter(|group| group.contains(&seed));
        let exact = game.shapley(seed) + shares.map(|group| 1.0 / group.len() as f64).sum::<f64>();
        let sampling = draw(Pairs::SEEDS, budget(0.0, 256, salt), &value);
        let share = sampling.values()[0][seed];
        inside += usize::from((share.value - exact).abs() <= 1.96 * share.standard_error);
        all += 1;
    }
    assert!(inside * 100 >= all * 93, "{inside} of {all}");
}

/// The exact value lies within 1.96 standard errors in about 95 of 100 games.
#[test]
fn intervals_hold_what_they_promise() {
    use crate::counterfactual::game::Game;
    use crate::counterfactual::quantity::Quantity;
    let (mut inside, mut all) = (0, 0);
    for salt in 0..200 {
        let worth = |on| value(on, salt);
        let exact = Game::new(8, worth);
        let sampling = draw(8, budget(0.0, 256, salt), &worth);
        let share = sampling.values()[0][3];
        let off = (share.value - exact.of(Quantity::Shapley(3))).abs();
        inside += usize::from(off <= 1.96 * share.standard_error);
        all += 1;
    }
    assert!(inside * 100 >= all * 93, "{inside} of {all}");
}

#[test]
fn who_has_seen_enough_ends_it() {
    let mut sampling = Sampling::new(3, budget(0.0, 64, 1));
    let drawn: Result<(), Infallible> = sampling.draw(|_| Ok(None));
    drawn.unwrap();
    assert_eq!(sampling.orders(), 0);
}
