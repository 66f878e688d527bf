use crate::config::Config;
use crate::controller::Observation;
use crate::seed::SeedId;

/// Germinates a seed when the validation loss stands still below the wanted accuracy: the dormant
/// seed with the lowest health signal, that is, behind the layer whose activations vary least.
#[derive(Debug, Clone)]
pub struct Kasmina {
    patience: usize,
    delta: f64,
    acc_threshold: f64,
    previous_loss: Option<f64>,
    plateau: usize,
}

impl Kasmina {
    /// A controller with the patience, delta and accuracy threshold of `config`.
    pub fn new(config: &Config) -> Self {
        Self {
            patience: config.patience,
            delta: config.delta,
            acc_threshold: config.acc_threshold,
            previous_loss: None,
            plateau: 0,
        }
    }

    /// Epochs in a row in which the loss fell by less than delta.
    pub fn plateau(&self) -> usize {
        self.plateau
    }

    /// Takes in an epoch; the seed to germinate, if any. The loss is compared with that of the
    /// epoch before, not with the best one; a germination ends the plateau.
    pub fn decide(&mut self, observation: &Observation) -> Option<SeedId> {
        let Observation {
            loss,
            accuracy,
            dormant,
        } = observation;
        let stands = self
            .previous_loss
            .is_some_and(|previous| previous - loss < self.delta);
        self.plateau = if stands { self.plateau + 1 } else { 0 };
        self.previous_loss = Some(*loss);
        if *accuracy >= self.acc_threshold || self.plateau < self.patience {
            return None;
        }
        let seed = weakest(dormant)?;
        self.plateau = 0;
        Some(seed)
    }
}

/// The first of the lowest; a seed without a signal is not chosen.
fn weakest(dormant: &[(SeedId, Option<f64>)]) -> Option<SeedId> {
    let measured = dormant
        .iter()
        .filter_map(|&(seed, health)| Some((seed, health?)));
    measured
        .min_by(|one, other| one.1.total_cmp(&other.1))
        .map(|(seed, _)| seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: SeedId = SeedId { layer: 1, index: 1 };
    const SECOND: SeedId = SeedId { layer: 1, index: 2 };
    const THIRD: SeedId = SeedId { layer: 2, index: 1 };

    fn kasmina() -> Kasmina {
        Kasmina {
            patience: 3,
            delta: 5e-4,
            acc_threshold: 0.95,
            previous_loss: None,
            plateau: 0,
        }
    }

    fn still(dormant: &[(SeedId, Option<f64>)]) -> Observation {
        Observation {
            loss: 0.5,
            accuracy: 0.8,
            dormant: dormant.to_vec(),
        }
    }

    #[test]
    fn a_plateau_germinates_the_seed_with_the_lowest_health() {
        let seeds = still(&[(FIRST, Some(0.2)), (SECOND, Some(0.1)), (THIRD, Some(0.1))]);
        let mut kasmina = kasmina();
        let decisions: Vec<_> = (0..8).map(|_| kasmina.decide(&seeds)).collect();
        let chosen = Some(SECOND);
        assert_eq!(
            decisions,
            [None, None, None, chosen, None, None, chosen, None]
        );
    }

    #[test]
    fn progress_of_delta_or_more_ends_the_plateau() {
        let mut kasmina = kasmina();
        for (loss, plateau) in [(0.5, 0), (0.4999, 1), (0.6, 2), (0.599, 0), (0.5989, 1)] {
            kasmina.decide(&Observation {
                loss,
                accuracy: 0.8,
                dormant: Vec::new(),
            });
            assert_eq!(kasmina.plateau(), plateau, "{loss}");
        }
    }

    #[test]
    fn a_seed_without_a_signal_or_above_the_threshold_stays_dormant() {
        let mut kasmina = kasmina();
        for _ in 0..5 {
            assert_eq!(kasmina.decide(&still(&[(FIRST, None)])), None);
            let good = Observation {
                accuracy: 0.95,
                ..still(&[(FIRST, Some(0.1))])
            };
            assert_eq!(kasmina.decide(&good), None);
        }
        assert_eq!(
            kasmina.decide(&still(&[(FIRST, None), (THIRD, Some(0.4))])),
            Some(THIRD)
        );
    }
}
