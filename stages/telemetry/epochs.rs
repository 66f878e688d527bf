use kaslite_nn::{EpochStats, LifeStage, SeedState, SeedStats};

use crate::shared::int;
use crate::telemetry::{Field, Schema};

/// One epoch.
#[derive(Debug)]
pub(crate) struct EpochRow {
    pub(crate) stats: EpochStats,
    /// State, stage and weights of each seed.
    seeds: Vec<(SeedState, LifeStage, usize)>,
}

impl EpochRow {
    pub(crate) fn new(stats: EpochStats, seeds: &[SeedStats]) -> Self {
        let seeds = seeds.iter();
        Self {
            stats,
            seeds: seeds
                .map(|seed| (seed.state, seed.life.stage(), seed.parameters))
                .collect(),
        }
    }

    fn in_state(&self, state: SeedState) -> i64 {
        int(self.seeds.iter().filter(|seed| seed.0 == state).count())
    }

    fn parameters(&self, counts: impl Fn(LifeStage) -> bool) -> usize {
        let seeds = self.seeds.iter().filter(|seed| counts(seed.1));
        seeds.map(|seed| seed.2).sum()
    }
}

/// `epochs.parquet`.
pub(crate) const EPOCHS: Schema<EpochRow> = Schema {
    file: "epochs.parquet",
    rows: "an epoch",
    fields: &[
        Field::int("epoch", "", "from 1, through both phases", |row| {
            Some(int(row.stats.epoch))
        }),
        Field::text("phase", "warm-up or adaptation", |row| {
            Some(row.stats.phase.to_string())
        }),
        Field::real(
            "train_loss",
            "nats",
            "mean of the training batches' mean cross-entropies; null where nothing was trained",
            |row| row.stats.train_loss,
        ),
        Field::real(
            "val_loss",
            "nats",
            "mean of the validation rows' cross-entropies; with seeds.landing: reference, of the validation batches' means",
            |row| Some(row.stats.val_loss),
        ),
        Field::real(
            "val_accuracy",
            "share",
            "validation rows that were classified rightly",
            |row| Some(row.stats.val_accuracy),
        ),
        Field::real(
            "best_accuracy",
            "share",
            "highest val_accuracy up to here",
            |row| Some(row.stats.best_accuracy),
        ),
        Field::int(
            "plateau",
            "epochs",
            "epochs in a row without progress, as the controller counts them",
            |row| Some(int(row.stats.plateau)),
        ),
        Field::real(
            "learning_rate",
            "",
            "with which the task was learnt; null where nothing was trained",
            |row| row.stats.learning_rate,
        ),
        Field::int("seeds_dormant", "seeds", "in the state dormant", |row| {
            Some(row.in_state(SeedState::Dormant))
        }),
        Field::int("seeds_training", "seeds", "in the state training", |row| {
            Some(row.in_state(SeedState::Training))
        }),
        Field::int("seeds_blending", "seeds", "in the state blending", |row| {
            Some(row.in_state(SeedState::Blending))
        }),
        Field::int("seeds_active", "seeds", "in the state active", |row| {
            Some(row.in_state(SeedState::Active))
        }),
        Field::real(
            "train_accuracy",
            "share",
            "training rows that were classified rightly, each when its batch was trained on; null where nothing was trained",
            |row| row.stats.train_accuracy,
        ),
        Field::real(
            "host_gradient_norm",
            "",
            "mean norm of the host's gradient over every tenth batch, frozen or not; null where no module learnt the task",
            |row| row.stats.host_gradient_norm,
        ),
        Field::real(
            "gradient_leakage",
            "share",
            "of the host's gradient in the first batch, what comes through seeds that learn straight through and are kept away from it: it is computed with and without them; null where there is none",
            |row| row.stats.gradient_leakage,
        ),
        Field::text(
            "fidelity",
            "research where every batch was looked at closely (dense_*.parquet; a frozen host's gradient in a few, unless `telemetry.mode` is research), else standard",
            |row| {
                Some(
                    if row.stats.dense {
                        "research"
                    } else {
                        "standard"
                    }
                    .to_owned(),
                )
            },
        ),
        Field::int("host_parameters", "weights", "of the host", |row| {
            Some(int(row.stats.host_parameters))
        }),
        Field::int(
            "seed_parameters",
            "weights",
            "of all seeds that are there",
            |row| Some(int(row.parameters(LifeStage::holds_seed))),
        ),
        Field::int(
            "fossilized_parameters",
            "weights",
            "of the seeds that are there for good",
            |row| Some(int(row.parameters(LifeStage::is_terminal))),
        ),
        Field::int(
            "total_parameters",
            "weights",
            "host_parameters and seed_parameters",
            |row| {
                let seeds = row.parameters(LifeStage::holds_seed);
                Some(int(row.stats.host_parameters + seeds))
            },
        ),
    ],
};
