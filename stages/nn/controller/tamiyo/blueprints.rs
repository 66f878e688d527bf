use serde::{Deserialize, Serialize};

use crate::blueprint::Blueprint;

/// What a removal adds to the penalty of its blueprint.
const PENALTY: f64 = 2.0;
/// From here on a blueprint is passed over.
const TOO_MUCH: f64 = 3.0;
/// What is left of a penalty after the next pick.
const DECAY: f64 = 0.5;
/// What is below is forgotten.
const LEAST: f64 = 0.1;

/// The blueprints that the host can grow, taken in turns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Blueprints {
    all: Vec<Blueprint>,
    penalties: Vec<f64>,
    next: usize,
}

impl Blueprints {
    pub(super) fn new(all: Vec<Blueprint>) -> Self {
        let penalties = vec![0.0; all.len()];
        Self {
            all,
            penalties,
            next: 0,
        }
    }

    /// The next one whose penalty is low; the one with the lowest where none is. None where there
    /// are no blueprints.
    pub(super) fn pick(&mut self) -> Option<Blueprint> {
        let count = self.all.len();
        let turn = (0..count).map(|step| (self.next + step) % count);
        let lowest =
            |&one: &usize, &other: &usize| self.penalties[one].total_cmp(&self.penalties[other]);
        let low = turn.clone().find(|&at| self.penalties[at] < TOO_MUCH);
        let at = low.or_else(|| turn.clone().min_by(lowest))?;
        self.next = at + 1;
        for penalty in &mut self.penalties {
            *penalty *= DECAY;
            if *penalty < LEAST {
                *penalty = 0.0;
            }
        }
        Some(self.all[at])
    }

    pub(super) fn penalize(&mut self, blueprint: Blueprint) {
        if let Some(at) = self.all.iter().position(|&known| known == blueprint) {
            self.penalties[at] += PENALTY;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Blueprint; 3] = [Blueprint::Mlp, Blueprint::Norm, Blueprint::LowRank];
    const A: Blueprint = ALL[0];
    const B: Blueprint = ALL[1];
    const C: Blueprint = ALL[2];
    fn picks(blueprints: &mut Blueprints, count: usize) -> Vec<Blueprint> {
        (0..count).filter_map(|_| blueprints.pick()).collect()
    }

    #[test]
    fn blueprints_take_turns() {
        let mut blueprints = Blueprints::new(ALL.to_vec());
        assert_eq!(picks(&mut blueprints, 4), [A, B, C, A]);
        assert_eq!(Blueprints::new(Vec::new()).pick(), None);
    }

    #[test]
    fn what_is_removed_often_is_passed_over_for_a_while() {
        let mut blueprints = Blueprints::new(vec![A, B]);
        blueprints.penalize(A);
        assert_eq!(picks(&mut blueprints, 1), [A]);
        for _ in 0..3 {
            blueprints.penalize(A);
        }
        assert_eq!(picks(&mut blueprints, 4), [B, B, A, B]);
    }

    #[test]
    fn where_all_failed_the_least_failed_is_taken() {
        let mut blueprints = Blueprints::new(vec![A, B]);
        for blueprint in [A, A, A, B, B] {
            blueprints.penalize(blueprint);
        }
        assert_eq!(picks(&mut blueprints, 1), [B]);
    }
}
