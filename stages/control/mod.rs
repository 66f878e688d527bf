//! The stage `control`: trains the same network again without growth and without each grown slot, each
//! with several rng seeds, to tell what growth caused.
//!
//! A seed that is switched off in a trained network leaves a network behind that was trained with it;
//! only a run that never had the seed tells what the seed caused. The two differ by the *confounding
//! gap*.
//!
//! | file | holds |
//! |---|---|
//! | `stage` | [`run`]: params → trials of `train` → tables, metrics |
//! | `arm` | `Arm`: what differs from the run that may grow |
//! | `plan` | `Plan`: the trials of each arm |
//! | `control_run` | `ControlRun`: what became of one trial |
//! | `removal` | what switching a seed off costs in a trained network |
//! | `replacement` | `Replacement`: what grew in a slot's place |
//! | `contribution` | `Contribution`: what one slot, or growth, caused |
//! | `tables` | the runs and the slots as tables |
//! | `metrics` | `metrics.json` |

mod arm;
mod contribution;
mod control_run;
mod metrics;
mod plan;
mod removal;
mod replacement;
mod stage;
mod tables;

#[cfg(test)]
mod tests;

pub(crate) use arm::Arm;
pub use stage::run;
