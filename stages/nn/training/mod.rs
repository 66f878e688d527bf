//! The training loop: [`fit`] warms the host up, then lets seeds grow in it.

mod adaptation;
mod answers;
mod batch_log;
mod batches;
mod course;
mod fit;
mod germination_log;
mod gradient_log;
mod growing;
mod loss_log;
mod memory;
mod reservoir;
mod seed_matrix;
mod session;
mod shadow_trainer;
mod task_learner;
mod task_loss;
mod trained;
mod validation;
mod warm_up;

pub use fit::{fit, fit_from};

pub(crate) use adaptation::AdaptationState;
pub(crate) use shadow_trainer::ShadowState;
pub(crate) use task_learner::LearnerState;

use adaptation::Adaptation;
use answers::Answers;
use batch_log::BatchLog;
use batches::Batches;
use course::Course;
use germination_log::GerminationLog;
use gradient_log::GradientLog;
use loss_log::LossLog;
use memory::Memory;
use reservoir::Reservoir;
use session::Session;
use shadow_trainer::{At, ShadowTrainer};
use task_learner::TaskLearner;
pub(crate) use task_loss::TaskLoss;
use trained::Trained;
use validation::Validation;
