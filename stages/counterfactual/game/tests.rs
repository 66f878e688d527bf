use super::*;

/// Values without a pattern, the same each time: a multiplicative hash of the coalition.
fn arbitrary(players: usize, salt: usize) -> Game {
    Game::new(players, |coalition| {
        let hash = (coalition as u64 + 1)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .wrapping_add(salt as u64)
            .wrapping_mul(0xD134_2543_DE82_EF95);
        (hash >> 11) as f64 / (1_u64 << 53) as f64
    })
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

/// The definition read literally: the mean over all orders in which the players can arrive.
fn by_orders(game: &Game) -> Vec<f64> {
    let mut sums = vec![0.0; game.players];
    let mut orders = 0.0;
    let mut order: Vec<usize> = (0..game.players).collect();
    each_order(&mut order, 0, &mut |order| {
        let mut coalition = 0;
        for &player in order {
            let joined = coalition | 1 << player;
            sums[player] += game.values[joined] - game.values[coalition];
            coalition = joined;
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
        let formula = (0..n).map(|s| factorial(s) * factorial(n - s - 1) / factorial(n));
        assert_close(&shapley_weights(n), &formula.collect::<Vec<_>>());
    }
}

#[test]
fn the_mean_over_all_orders() {
    for players in 0..=6 {
        let game = arbitrary(players, 3);
        assert_close(&game.shapley(), &by_orders(&game));
    }
}

#[test]
fn gloves() {
    // Players 0 and 1 hold a left glove, player 2 a right one; a pair is worth 1.
    let game = Game::new(3, |who| f64::from(u8::from(who & 4 != 0 && who & 3 != 0)));
    assert_close(&game.shapley(), &[1.0 / 6.0, 1.0 / 6.0, 4.0 / 6.0]);
    assert_close(&game.marginals(), &[0.25, 0.25, 0.75]);
    assert_close(&game.removal_costs(), &[0.0, 0.0, 1.0]);
    assert_close(&game.solos(), &[0.0, 0.0, 0.0]);
}

#[test]
fn efficiency() {
    for players in [0, 1, 2, 5, 12, 16] {
        let game = arbitrary(players, 9);
        let sum: f64 = game.shapley().iter().sum();
        assert!((sum - game.gain()).abs() < 1e-12, "{players}: {sum}");
    }
}

#[test]
fn symmetry() {
    // The value depends on how many there are: all are alike.
    let game = Game::new(12, |who| f64::from(who.count_ones()).powi(2));
    assert_close(&game.shapley(), &[12.0; 12]);
    assert_close(&game.solos(), &[1.0; 12]);
    assert_close(&game.removal_costs(), &[23.0; 12]);
}

#[test]
fn a_player_who_adds_nothing_gets_nothing() {
    let inner = arbitrary(11, 5);
    let game = Game::new(12, |who| inner.values[who & 0x7FF]);
    assert_close(&game.shapley()[11..], &[0.0]);
    assert_close(&game.shapley()[..11], &inner.shapley());
    assert_close(&game.marginals()[11..], &[0.0]);
    assert_close(&game.removal_costs()[11..], &[0.0]);
}

#[test]
fn additivity() {
    let (one, other) = (arbitrary(12, 1), arbitrary(12, 2));
    let both = Game::new(12, |who| one.values[who] + other.values[who]);
    let sums: Vec<f64> = one
        .shapley()
        .iter()
        .zip(other.shapley())
        .map(|(one, other)| one + other)
        .collect();
    assert_close(&both.shapley(), &sums);
}

#[test]
fn a_game_without_players() {
    let game = Game::new(0, |_| 0.7);
    assert!(game.shapley().is_empty() && game.marginals().is_empty());
    assert!(game.removal_costs().is_empty() && game.solos().is_empty());
    assert!(game.gain().abs() < 1e-15);
}

#[test]
fn a_single_player_gets_the_whole_gain() {
    let game = Game::new(1, |who| [0.25, 0.75][who]);
    for shares in [
        game.shapley(),
        game.marginals(),
        game.removal_costs(),
        game.solos(),
    ] {
        assert_close(&shares, &[0.5]);
    }
}
