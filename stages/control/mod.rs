//! The stage `control`: trains the same network again without growth and without each grown slot, each
//! with several rng seeds, to tell what growth caused.
//!
//! | run | differs from the run that may grow by |
//! |---|---|
//! | host alone | after the warm-up nothing learns and nothing grows |
//! | host that learns on | nothing grows, and the host learns where the seeds did: it starts anew after each epoch in which a seed germinated with the same rng seed, at the same learning rate; before the first it is frozen, and where none germinated it is the host alone |
//! | without a slot | that slot is disabled from the start |
//!
//! All of a rng seed have the same split, initial weights and warm-up. The run that may grow and the
//! host that learns on learn in the same epochs at the same rates: the host the task from the first
//! batch on, a seed first its lesson. The order of their batches is the same up to the first
//! germination, which draws from the same generator.
//!
//! What a slot caused, what switching it off costs and the gap are of the rng seeds with which it grew,
//! and its run without it did not fail: k of n. One pair has no interval, and k pairs no p below 2 / 2^k.
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
