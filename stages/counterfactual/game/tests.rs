use super::*;
use crate::counterfactual::quantity::{Quantity, shapley_weight};
use proptest::prelude::*;
use serde::Deserialize;

impl Game {
    /// The weighted sum of the values.
    pub(in crate::counterfactual) fn of(&self, quantity: Quantity) -> f64 {
        let values = self.values.iter().copied();
        quantity.of(self.seeds, Configuration::every(self.seeds).zip(values))
    }

    fn each(&self, quantity: fn(usize) -> Quantity) -> Vec<f64> {
        (0..self.seeds)
            .map(|seed| self.of(quantity(seed)))
            .collect()
    }
}

fn assert_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() < 1e-12,
            "{found} is not {expected}"
        );
    }
}

/// Games of up to six seeds with values between −1 and 1.
fn games() -> impl Strategy<Value = Game> {
    (0..=6_usize).prop_flat_map(games_of)
}

fn games_of(seeds: usize) -> impl Strategy<Value = Game> {
    proptest::collection::vec(-1.0..1.0_f64, 1 << seeds)
        .prop_map(move |values| Game { seeds, values })
}

/// The definition read literally: the mean over all orders in which the seeds can be switched on.
fn by_orders(game: &Game) -> Vec<f64> {
    let mut sums = vec![0.0; game.seeds];
    let mut orders = 0.0;
    let mut order: Vec<usize> = (0..game.seeds).collect();
    each_order(&mut order, 0, &mut |order| {
        let mut on = 0;
        for &seed in order {
            let joined = on | 1 << seed;
            sums[seed] += game.values[joined] - game.values[on];
            on = joined;
        }
        orders += 1.0;
    });
    sums.iter().map(|sum| sum / orders).collect()
}

fn each_order(order: &mut Vec<usize>, fixed: usize, visit: &mut impl FnMut(&[usize])) {
    if fixed == order.len() {
        return visit(order);
    }
    for at in fixed..order.len() {
        order.swap(fixed, at);
        each_order(order, fixed + 1, visit);
        order.swap(fixed, at);
    }
}

#[test]
fn weights_are_those_of_the_formula() {
    let factorial = |n: usize| (1..=n).product::<usize>() as f64;
    for n in 1..=16 {
        for s in 0..n {
            let formula = factorial(s) * factorial(n - s - 1) / factorial(n);
            assert!((shapley_weight(s, n) - formula).abs() < 1e-12, "{s} of {n}");
        }
    }
}

/// What two public packages make of the same values.
#[test]
fn the_numbers_of_shap_and_shapiq() {
    #[derive(Deserialize)]
    struct Peers {
        players: usize,
        values: Vec<f64>,
        shapley: Vec<f64>,
        moebius: Vec<f64>,
        banzhaf_interactions: Vec<f64>,
    }
    let peers: Peers = serde_json::from_str(include_str!("peers.json")).unwrap();
    let game = Game::new(peers.players, |one| peers.values[one.place()]);
    assert_close(&game.each(Quantity::Shapley), &peers.shapley);
    assert_close(&game.dividends(), &peers.moebius);
    assert_close(&game.interactions(), &peers.banzhaf_interactions);
}

#[test]
fn gloves() {
    // Seeds 0 and 1 hold a left glove, seed 2 a right one; a pair is worth 1.
    let pair = |who: Configuration| who.has(2) && (who.has(0) || who.has(1));
    let game = Game::new(3, |who| f64::from(u8::from(pair(who))));
    let sixth = 1.0 / 6.0;
    assert_close(&game.each(Quantity::Shapley), &[sixth, sixth, 4.0 * sixth]);
    assert_close(&game.each(Quantity::Marginal), &[0.25, 0.25, 0.75]);
    assert_close(&game.each(Quantity::RemovalCost), &[0.0, 0.0, 1.0]);
    assert_close(&game.each(Quantity::Solo), &[0.0, 0.0, 0.0]);
    assert_close(
        &game.dividends(),
        &[0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, -1.0],
    );
    assert!((game.of(Quantity::Interaction(0, 1)) + 0.5).abs() < 1e-12);
    assert!((game.of(Quantity::Interaction(0, 2)) - 0.5).abs() < 1e-12);
}

#[test]
fn an_additive_game_has_no_interactions() {
    let worth = [0.3, -0.1, 0.25, 0.0];
    let game = Game::new(4, |who| {
        0.5 + who.seeds().map(|seed| worth[seed]).sum::<f64>()
    });
    for quantity in [
        Quantity::Shapley,
        Quantity::Marginal,
        Quantity::RemovalCost,
        Quantity::Solo,
    ] {
        assert_close(&game.each(quantity), &worth);
    }
    for group in Configuration::every(4).filter(|group| group.size() > 1) {
        assert!(game.dividends()[group.place()].abs() < 1e-12);
        assert!(game.interactions()[group.place()].abs() < 1e-12);
    }
}

proptest! {
    #[test]
    fn the_mean_over_all_orders(game in games()) {
        assert_close(&game.each(Quantity::Shapley), &by_orders(&game));
    }

    #[test]
    fn efficiency(game in games()) {
        let sum: f64 = game.each(Quantity::Shapley).iter().sum();
        prop_assert!((sum - game.of(Quantity::Gain)).abs() < 1e-12);
        let sum: f64 = game.dividends().iter().sum();
        prop_assert!((sum - game.values[game.values.len() - 1]).abs() < 1e-12);
    }

    #[test]
    fn symmetry(by_size in proptest::collection::vec(-1.0..1.0_f64, 9)) {
        // The value depends on how many there are: all are alike.
        let game = Game::new(8, |who| by_size[who.size()]);
        for quantity in [Quantity::Shapley, Quantity::Marginal, Quantity::RemovalCost] {
            let shares = game.each(quantity);
            assert_close(&shares, &[shares[0]; 8]);
        }
    }

    #[test]
    fn a_dummy_gets_nothing(inner in games_of(4), dummy in 0..5_usize) {
        let rank = |who: Configuration, seed| usize::from(who.has(seed + usize::from(seed >= dummy)));
        let place = |who| (0..4).map(|seed| rank(who, seed) << seed).sum::<usize>();
        let game = Game::new(5, |who| inner.values[place(who)]);
        for quantity in [
            Quantity::Shapley,
            Quantity::Marginal,
            Quantity::RemovalCost,
            Quantity::Solo,
        ] {
            let mut shares = game.each(quantity);
            prop_assert!(shares.remove(dummy).abs() < 1e-12);
            assert_close(&shares, &inner.each(quantity));
        }
        for other in (0..5).filter(|other| *other != dummy) {
            let pair = Quantity::Interaction(dummy.min(other), dummy.max(other));
            prop_assert!(game.of(pair).abs() < 1e-12);
        }
    }

    #[test]
    fn linearity(one in games_of(5), other in games_of(5), factor in -2.0..2.0_f64) {
        let both = Game::new(5, |who| one.values[who.place()] + factor * other.values[who.place()]);
        let sums = |found: Vec<f64>, more: Vec<f64>| -> Vec<f64> {
            found.iter().zip(more).map(|(one, other)| one + factor * other).collect()
        };
        let expected = sums(one.each(Quantity::Shapley), other.each(Quantity::Shapley));
        assert_close(&both.each(Quantity::Shapley), &expected);
        assert_close(&both.interactions(), &sums(one.interactions(), other.interactions()));
    }

    /// The fast sums over supersets are the weighted sums of the values.
    #[test]
    fn interactions_are_those_of_the_quantities(game in games_of(5)) {
        let interactions = game.interactions();
        for one in 0..5 {
            let alone = Configuration::only(one);
            let marginal = game.of(Quantity::Marginal(one));
            prop_assert!((interactions[alone.place()] - marginal).abs() < 1e-12);
            for other in one + 1..5 {
                let found = interactions[alone.with(other).place()];
                let expected = game.of(Quantity::Interaction(one, other));
                prop_assert!((found - expected).abs() < 1e-12);
            }
        }
    }
}
