use kaslite_nn::Trigger;

/// By what a run shows that it goes badly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    /// The validation loss is many times its running mean.
    LossSpike,
    /// The validation accuracy fell.
    AccuracyDrop,
    /// The host's gradient is many times its running mean.
    GradientExplosion,
    /// A loss is no number.
    NotFinite,
    /// The gradients of a seed vanish or explode.
    UnsoundGradients,
    /// It learns, and gets no better.
    Stagnation,
    /// Most seeds are removed.
    SeedFailures,
}

impl Sign {
    /// As a word: that of the trigger, where one found it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::LossSpike => "loss_spike",
            Self::AccuracyDrop => "accuracy_drop",
            Self::GradientExplosion => "gradient_explosion",
            Self::NotFinite => "not_finite",
            Self::UnsoundGradients => "unsound_gradients",
            Self::Stagnation => "stagnation",
            Self::SeedFailures => "seed_failures",
        }
    }

    /// Whether a trigger finds it.
    pub(super) fn has_trigger(self) -> bool {
        match self {
            Self::LossSpike | Self::AccuracyDrop | Self::GradientExplosion | Self::NotFinite => {
                true
            }
            Self::UnsoundGradients | Self::Stagnation | Self::SeedFailures => false,
        }
    }

    /// What the trigger is a sign of; none where nothing went wrong.
    pub(super) fn of(trigger: Trigger) -> Option<Self> {
        match trigger {
            Trigger::LossSpike { .. } => Some(Self::LossSpike),
            Trigger::AccuracyDrop { .. } => Some(Self::AccuracyDrop),
            Trigger::GradientExplosion { .. } => Some(Self::GradientExplosion),
            Trigger::NotFinite { .. } => Some(Self::NotFinite),
            Trigger::StageTransition { .. } | Trigger::GateFailure { .. } | Trigger::Forced => None,
        }
    }
}
