//! The training loop: [`fit`] warms the host up, then lets seeds grow in it.

mod adaptation;
mod batches;
mod fit;
mod germination_log;
mod loss_log;
mod memory;
mod reservoir;
mod session;
mod shadow_trainer;
mod task_learner;
mod task_loss;
mod validation;
mod warm_up;

pub use fit::fit;

use batches::Batches;
use germination_log::GerminationLog;
use loss_log::LossLog;
use memory::Memory;
use reservoir::Reservoir;
use session::Session;
use shadow_trainer::ShadowTrainer;
use task_learner::TaskLearner;
use task_loss::TaskLoss;
use validation::Validation;
