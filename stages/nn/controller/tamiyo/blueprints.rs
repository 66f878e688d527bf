/// What a removal adds to the penalty of its blueprint.
const PENALTY: f64 = 2.0;
/// From here on a blueprint is passed over.
const TOO_MUCH: f64 = 3.0;
/// What is left of a penalty after the next pick.
const DECAY: f64 = 0.5;
/// What is below is forgotten.
const LEAST: f64 = 0.1;

/// The blueprints that the host can grow, taken in turns.
#[derive(Debug, Clone)]
pub(super) struct Blueprints {
    names: Vec<String>,
    penalties: Vec<f64>,
    next: usize,
}

impl Blueprints {
    pub(super) fn new(names: Vec<String>) -> Self {
        let penalties = vec![0.0; names.len()];
        Self {
            names,
            penalties,
            next: 0,
        }
    }

    /// The next one whose penalty is low; the one with the lowest where none is. None where there
    /// are no blueprints.
    pub(super) fn pick(&mut self) -> Option<String> {
        let count = self.names.len();
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
        Some(self.names[at].clone())
    }

    pub(super) fn penalize(&mut self, name: &str) {
        if let Some(at) = self.names.iter().position(|known| known == name) {
            self.penalties[at] += PENALTY;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picks(blueprints: &mut Blueprints, count: usize) -> Vec<String> {
        (0..count).filter_map(|_| blueprints.pick()).collect()
    }

    #[test]
    fn blueprints_take_turns() {
        let mut blueprints = Blueprints::new(["a", "b", "c"].map(str::to_owned).to_vec());
        assert_eq!(picks(&mut blueprints, 4), ["a", "b", "c", "a"]);
        assert_eq!(Blueprints::new(Vec::new()).pick(), None);
    }

    #[test]
    fn what_is_removed_often_is_passed_over_for_a_while() {
        let mut blueprints = Blueprints::new(["a", "b"].map(str::to_owned).to_vec());
        blueprints.penalize("a");
        assert_eq!(picks(&mut blueprints, 1), ["a"]);
        for _ in 0..3 {
            blueprints.penalize("a");
        }
        assert_eq!(picks(&mut blueprints, 4), ["b", "b", "a", "b"]);
    }

    #[test]
    fn where_all_failed_the_least_failed_is_taken() {
        let mut blueprints = Blueprints::new(["a", "b"].map(str::to_owned).to_vec());
        for name in ["a", "a", "a", "b", "b"] {
            blueprints.penalize(name);
        }
        assert_eq!(picks(&mut blueprints, 1), ["b"]);
    }
}
