//! The life of a seed, as logic without tensors: training drives it, telemetry writes it down.
//!
//! | module | holds |
//! |---|---|
//! | `life_stage` | [`LifeStage`]: nine stages, and which may follow which |
//! | `passage` | [`Passage`], [`IllegalPassage`]: one move from stage to stage, and one that is refused |
//! | `alpha` | [`AlphaController`]: how far a child shows, and how that changes |
//! | `gradient` | what gradients say of a seed: [`GradientHealth`], [`gradient_ratio`] |
//! | `gate` | [`Gate`]s before a stage, each evaluation kept as a [`GateRecord`] |
//! | `seed_metrics` | [`SeedMetrics`]: what is measured of one seed |
//! | `slot_life` | [`SlotLife`]: the state machine |
//!
//! Accuracies are shares, 0 to 1; differences of accuracies (improvement, contribution) are
//! percentage points. What was not measured is `None` and holds a gate shut.

mod alpha;
mod gate;
mod gradient;
mod life_stage;
mod passage;
mod seed_metrics;
mod slot_life;

pub use alpha::{AlphaController, AlphaMode, Curve, NotHolding, Tempo};
pub use gate::{Check, Gate, GateMode, GateParams, GateRecord, Measure};
pub use gradient::{GradientHealth, gradient_ratio};
pub use life_stage::LifeStage;
pub use passage::{IllegalPassage, Passage, PruneReason};
pub use seed_metrics::SeedMetrics;
pub use slot_life::{
    Advance, AutoForward, Blend, Germination, Isolation, LivingSeed, Pace, SlotError, SlotLife,
    Tick,
};
