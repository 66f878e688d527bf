use serde::{Deserialize, Serialize};

use crate::config::Landing;
use crate::report::GerminationRecord;
use crate::seed::{SeedId, SeedState};

/// Follows what the accuracy does after each germination.
///
/// With [`Landing::Reference`] as the original means it: the dip is what the next epoch lost, and
/// recovery counts from the germination. A child does not show so soon, so both tell little. With
/// [`Landing::Continuous`] only epochs count in which the child showed, until it has landed and the
/// accuracy is back: the dip is the deepest fall, recovery the time from the first fall to the
/// return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct GerminationLog {
    landing: Landing,
    watches: Vec<Watch>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Watch {
    record: GerminationRecord,
    fell: Option<usize>,
    returned: Option<usize>,
    over: bool,
}

impl GerminationLog {
    pub(super) fn new(landing: Landing) -> Self {
        Self {
            landing,
            watches: Vec::new(),
        }
    }

    /// Takes in the validation accuracy of an epoch, and the state that each seed was in at its
    /// end, before a germination there is added.
    pub(super) fn observe(
        &mut self,
        epoch: usize,
        accuracy: f64,
        state: impl Fn(SeedId) -> SeedState,
    ) {
        for watch in &mut self.watches {
            match self.landing {
                Landing::Reference => watch.follow_germination(epoch, accuracy),
                Landing::Continuous => {
                    watch.follow_landing(epoch, accuracy, state(watch.record.seed));
                }
            }
        }
    }

    /// Follows a germination; one before it in the same slot is over.
    pub(super) fn add(&mut self, seed: SeedId, epoch: usize, accuracy_before: f64) {
        for watch in self
            .watches
            .iter_mut()
            .filter(|watch| watch.record.seed == seed)
        {
            watch.over = true;
        }
        self.watches.push(Watch {
            record: GerminationRecord {
                seed,
                epoch,
                accuracy_before,
                accuracy_after: None,
                recovery_epochs: None,
            },
            fell: None,
            returned: None,
            over: false,
        });
    }

    pub(super) fn into_records(self) -> Vec<GerminationRecord> {
        self.watches.into_iter().map(|watch| watch.record).collect()
    }
}

impl Watch {
    fn follow_germination(&mut self, epoch: usize, accuracy: f64) {
        let record = &mut self.record;
        let since = epoch - record.epoch;
        if since == 1 {
            record.accuracy_after = Some(accuracy);
        }
        if record.recovery_epochs.is_none() && accuracy >= record.accuracy_before {
            record.recovery_epochs = Some(since);
        }
    }

    fn follow_landing(&mut self, epoch: usize, accuracy: f64, state: SeedState) {
        if self.over || !state.shows() {
            return;
        }
        let record = &mut self.record;
        let lowest = record.accuracy_after.unwrap_or(accuracy);
        record.accuracy_after = Some(lowest.min(accuracy));
        if accuracy < record.accuracy_before {
            self.fell.get_or_insert(epoch);
            self.returned = None;
        } else {
            self.returned.get_or_insert(epoch);
            self.over = state == SeedState::Active;
        }
        record.recovery_epochs = match (self.fell, self.returned) {
            (Some(fell), Some(returned)) => Some(returned.saturating_sub(fell)),
            (None, Some(_)) => self.over.then_some(0),
            (_, None) => None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: SeedId = SeedId { layer: 1, index: 1 };

    fn follow(landing: Landing, epochs: &[(f64, SeedState)]) -> GerminationRecord {
        let mut log = GerminationLog::new(landing);
        log.add(SEED, 10, 0.8);
        for (epoch, &(accuracy, state)) in (11..).zip(epochs) {
            log.observe(epoch, accuracy, |_| state);
        }
        log.into_records().remove(0)
    }

    fn reference(accuracies: &[f64]) -> GerminationRecord {
        let epochs: Vec<_> = accuracies
            .iter()
            .map(|&accuracy| (accuracy, SeedState::Training))
            .collect();
        follow(Landing::Reference, &epochs)
    }

    #[test]
    fn in_the_original_recovery_counts_from_the_germination() {
        assert_eq!(reference(&[0.8]).recovery_epochs, Some(1));
        let slow = reference(&[0.7, 0.75, 0.81, 0.6]);
        assert_eq!(slow.recovery_epochs, Some(3));
        let dip = slow.dip().unwrap();
        assert!((dip - 0.1).abs() < 1e-12);
    }

    #[test]
    fn what_never_happened_is_none() {
        assert_eq!(reference(&[0.7, 0.75]).recovery_epochs, None);
        let unseen = (reference(&[]).accuracy_after, reference(&[]).dip());
        assert_eq!(unseen, (None, None));
        let hidden = follow(Landing::Continuous, &[(0.7, SeedState::Training)]);
        assert_eq!(
            (hidden.accuracy_after, hidden.recovery_epochs),
            (None, None)
        );
    }

    #[test]
    fn a_landing_is_followed_from_its_first_fall_until_it_is_back() {
        use SeedState::{Active, Blending, Training};
        let record = follow(
            Landing::Continuous,
            &[
                (0.5, Training),
                (0.81, Blending),
                (0.78, Blending),
                (0.8, Blending),
                (0.7, Active),
                (0.85, Active),
                (0.4, Active),
            ],
        );
        assert_eq!(record.accuracy_after, Some(0.7));
        // From epoch 13 to epoch 16.
        assert_eq!(record.recovery_epochs, Some(3));
    }

    #[test]
    fn a_soft_landing_needs_no_recovery() {
        use SeedState::{Active, Blending};
        let soft = [(0.8, Blending), (0.82, Active)];
        let record = follow(Landing::Continuous, &soft);
        assert_eq!(record.recovery_epochs, Some(0));
        let dip = record.dip().unwrap();
        assert!(dip.abs() < 1e-12, "{dip}");
        let open = follow(Landing::Continuous, &soft[..1]);
        assert_eq!(open.recovery_epochs, None, "not landed yet");
        let lost = [(0.7, Blending), (0.75, Active)];
        let record = follow(Landing::Continuous, &lost);
        assert_eq!(record.recovery_epochs, None, "never back");
    }
}
