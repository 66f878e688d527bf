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
