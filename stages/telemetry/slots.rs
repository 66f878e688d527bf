use kaslite_nn::{GateRecord, LivingSeed, SeedMetrics, SeedStats};

use crate::shared::int;
use crate::telemetry::{Field, Schema};

/// One slot in one epoch.
#[derive(Debug)]
pub(crate) struct SlotRow {
    pub(crate) epoch: usize,
    pub(crate) stats: SeedStats,
    /// Percentage points of accuracy that the epoch gained; none in the first.
    pub(crate) gained: Option<f64>,
    /// Sum of the alphas of the slots that the host meets before this one, and after it.
    pub(crate) around: (f64, f64),
    /// What the last gate found that was asked for the seed that is there.
    pub(crate) last_gate: Option<GateRecord>,
}

impl SlotRow {
    /// The seed, unless it was removed.
    fn seed(&self) -> Option<&LivingSeed> {
        let life = &self.stats.life;
        life.seed().filter(|_| life.stage().holds_seed())
    }

    fn metrics(&self) -> Option<&SeedMetrics> {
        self.seed().map(LivingSeed::metrics)
    }
}

/// `slots.parquet`.
pub(crate) const SLOTS: Schema<SlotRow> = Schema {
    file: "slots.parquet",
    rows: "a slot in an epoch; every slot in every epoch",
    fields: &[
        Field::int("epoch", "", "from 1, through both phases", |row| {
            Some(int(row.epoch))
        }),
        Field::text("seed", "the slot: seed<layer>_<index>", |row| {
            Some(row.stats.seed.to_string())
        }),
        Field::int("layer", "", "the hidden layer, from 1", |row| {
            Some(int(row.stats.seed.layer))
        }),
        Field::int("index", "", "the place behind that layer, from 1", |row| {
            Some(int(row.stats.seed.index))
        }),
        Field::text(
            "state",
            "dormant, training, blending or active: the stage in the words of the Python original",
            |row| Some(row.stats.state.to_string()),
        ),
        Field::real(
            "alpha",
            "share",
            "how far the seed shows; null before it blends",
            |row| row.stats.alpha,
        ),
        Field::real(
            "drift",
            "0 to 2",
            "1 - mean cosine between input and output over the validation rows (all of them, unless they are very many); with seeds.landing: reference, over the last validation batch; null before it blends",
            |row| row.stats.drift,
        ),
        Field::real(
            "gate_openness",
            "share",
            "how far the seed's own gate lets it in: mean of g(x) over the validation rows that drift is measured on; null where it does not join through one (seeds.operator: gate)",
            |row| row.stats.openness,
        ),
        Field::real(
            "health",
            "",
            "mean over the features of the variance of what the slot was given; null with few batches or once active",
            |row| row.stats.health,
        ),
        Field::real(
            "progress",
            "share",
            "how far the lesson before the blend is; null without a seed",
            |row| row.stats.progress,
        ),
        Field::int(
            "parameters",
            "weights",
            "of the seed; 0 without one",
            |row| Some(int(row.stats.parameters)),
        ),
        Field::text("stage", "of the life of the seed", |row| {
            Some(row.stats.life.stage().to_string())
        }),
        Field::int(
            "stage_code",
            "",
            "the stage as a number, 1 to 10 without 5",
            |row| Some(row.stats.life.stage().code().into()),
        ),
        Field::int(
            "epochs_in_stage",
            "epochs",
            "that ended since the stage began",
            |row| Some(int(row.stats.life.epochs_in_stage())),
        ),
        Field::text("previous_stage", "null before the first passage", |row| {
            row.stats
                .life
                .previous()
                .map(|(stage, _)| stage.to_string())
        }),
        Field::int(
            "previous_stage_epochs",
            "epochs",
            "that the stage before lasted; null before the first passage",
            |row| row.stats.life.previous().map(|(_, epochs)| int(epochs)),
        ),
        Field::text(
            "removed_for",
            "why the seed is led out or was removed; null otherwise",
            |row| {
                let seed = row.stats.life.seed()?;
                seed.leaving().map(|reason| reason.to_string())
            },
        ),
        Field::text(
            "blueprint",
            "what the seed is built from; null without one",
            |row| row.seed().map(|seed| seed.blueprint().to_string()),
        ),
        Field::int(
            "germinated",
            "epoch",
            "at whose end the seed germinated; null without one",
            |row| row.seed().map(|seed| int(seed.germinated())),
        ),
        Field::truth(
            "isolated",
            "whether the seed's gradients are kept away from the host; null without a seed",
            |row| row.seed().map(LivingSeed::is_isolated),
        ),
        Field::real(
            "alpha_target",
            "share",
            "where alpha is led; null without a seed",
            |row| row.seed().map(|seed| seed.alpha().target()),
        ),
        Field::int(
            "alpha_steps_done",
            "steps",
            "of the way of alpha; null without a seed",
            |row| row.seed().map(|seed| int(seed.alpha().steps_done())),
        ),
        Field::int(
            "alpha_steps",
            "steps",
            "that the way of alpha has; null without a seed",
            |row| row.seed().map(|seed| int(seed.alpha().steps_total())),
        ),
        Field::real(
            "upstream_alpha",
            "sum of shares",
            "of the seeds that the host meets before this slot",
            |row| Some(row.around.0),
        ),
        Field::real(
            "downstream_alpha",
            "sum of shares",
            "of the seeds that the host meets after this slot",
            |row| Some(row.around.1),
        ),
        Field::real(
            "improvement_in_epoch",
            "percentage points",
            "of validation accuracy, whoever caused it; null without a seed",
            |row| row.seed().and(row.gained),
        ),
        Field::real(
            "improvement_in_stage",
            "percentage points",
            "of validation accuracy since the stage began, whoever caused it; null without a seed",
            |row| row.metrics()?.improvement_in_stage(),
        ),
        Field::real(
            "improvement_since_blending",
            "percentage points",
            "of validation accuracy since the blend began, whoever caused it; null before",
            |row| row.metrics()?.improvement_since_blending(),
        ),
        Field::real(
            "total_improvement",
            "percentage points",
            "of validation accuracy since the germination, whoever caused it; null without a seed",
            |row| row.metrics()?.total_improvement(),
        ),
        Field::real(
            "contribution",
            "percentage points",
            "what the validation accuracy loses without the seed, when it was last switched off; null before",
            |row| row.metrics()?.contribution,
        ),
        Field::real(
            "contribution_velocity",
            "percentage points",
            "change of the contribution a measurement, averaged (0.7 of what was); null before the second",
            |row| row.metrics()?.contribution_velocity,
        ),
        Field::int(
            "contribution_age",
            "epochs",
            "since the contribution was measured; null before",
            |row| row.metrics()?.contribution_age.map(int),
        ),
        Field::real(
            "gradient_norm",
            "",
            "norm of the seed's gradient, averaged over epochs (0.9 of what was); null before it learns",
            |row| row.metrics()?.gradient_norm,
        ),
        Field::real(
            "gradient_health",
            "share",
            "1 - 0.5 vanishing - 0.8 exploding; null where the seed did not learn in the epoch",
            |row| Some(row.metrics()?.gradient_health?.health),
        ),
        Field::real(
            "gradient_vanishing",
            "share",
            "of the seed's tensors with a gradient below 1e-7; null as gradient_health",
            |row| Some(row.metrics()?.gradient_health?.vanishing),
        ),
        Field::real(
            "gradient_exploding",
            "share",
            "of the seed's tensors with a gradient above 10 or not finite; null as gradient_health",
            |row| Some(row.metrics()?.gradient_health?.exploding),
        ),
        Field::real(
            "gradient_ratio",
            "0 to 10",
            "how much the seed learns beside the host, weights counted; null where the seed did not learn the task",
            |row| row.metrics()?.gradient_ratio,
        ),
        Field::text(
            "last_gate",
            "the gate that was last asked for this seed; null before",
            |row| Some(row.last_gate.as_ref()?.gate.to_string()),
        ),
        Field::int("last_gate_epoch", "epoch", "in which it was asked", |row| {
            Some(int(row.last_gate.as_ref()?.epoch))
        }),
        Field::truth("last_gate_passed", "whether every check passed", |row| {
            Some(row.last_gate.as_ref()?.passed)
        }),
        Field::text(
            "last_gate_reason",
            "what spoke against the seed, or for it",
            |row| Some(row.last_gate.as_ref()?.reason()),
        ),
    ],
};
