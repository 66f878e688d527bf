use crate::report::GerminationRecord;
use crate::seed::SeedId;

/// Follows what the accuracy does after each germination.
#[derive(Default)]
pub(super) struct GerminationLog {
    records: Vec<GerminationRecord>,
}

impl GerminationLog {
    /// Takes in the validation accuracy of an epoch, before a germination at its end is added.
    pub(super) fn observe(&mut self, epoch: usize, accuracy: f64) {
        for record in &mut self.records {
            let since = epoch - record.epoch;
            if since == 1 {
                record.accuracy_after = Some(accuracy);
            }
            if record.recovery_epochs.is_none() && accuracy >= record.accuracy_before {
                record.recovery_epochs = Some(since);
            }
        }
    }

    pub(super) fn add(&mut self, seed: SeedId, epoch: usize, accuracy_before: f64) {
        self.records.push(GerminationRecord {
            seed,
            epoch,
            accuracy_before,
            accuracy_after: None,
            recovery_epochs: None,
        });
    }

    pub(super) fn into_records(self) -> Vec<GerminationRecord> {
        self.records
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: SeedId = SeedId { layer: 1, index: 1 };

    fn after(accuracies: &[f64]) -> GerminationRecord {
        let mut log = GerminationLog::default();
        log.add(SEED, 10, 0.8);
        for (epoch, &accuracy) in (11..).zip(accuracies) {
            log.observe(epoch, accuracy);
        }
        log.into_records().remove(0)
    }

    #[test]
    fn recovery_counts_from_the_epoch_after() {
        assert_eq!(after(&[0.8]).recovery_epochs, Some(1));
        assert_eq!(after(&[0.7, 0.75, 0.81, 0.6]).recovery_epochs, Some(3));
    }

    #[test]
    fn what_never_happened_is_none() {
        assert_eq!(after(&[0.7, 0.75]).recovery_epochs, None);
        assert_eq!((after(&[]).accuracy_after, after(&[]).dip()), (None, None));
    }

    #[test]
    fn the_dip_is_what_the_next_epoch_lost() {
        let dip = after(&[0.7, 0.9]).dip().unwrap();
        assert!((dip - 0.1).abs() < 1e-12);
    }
}
