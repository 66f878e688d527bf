use serde::{Deserialize, Serialize};
use tch::Device;

use crate::blueprint::Blueprint;
use crate::checkpoint::Floats;
use crate::lifecycle::{LifeStage, SlotLife};
use crate::seed::{Child, Lesson, Operator, Seed};

/// A seed as a checkpoint has it: all of it, so that it can live on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SeedRecord {
    pub(super) life: SlotLife,
    pub(super) progress: f64,
    pub(super) lesson: Lesson,
    pub(super) asked: Option<(usize, LifeStage)>,
    pub(super) child: Option<ChildRecord>,
}

/// Its child.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ChildRecord {
    blueprint: Blueprint,
    operator: Operator,
    weights: Floats,
}

impl ChildRecord {
    pub(super) fn of(child: &Child) -> Self {
        Self {
            blueprint: child.blueprint(),
            operator: child.operator(),
            weights: Floats::of(child.parameters().flat()),
        }
    }

    /// The child, for rows of width `dim`; none where the weights are not its.
    fn child(&self, dim: usize, device: Device) -> Option<Child> {
        let (blueprint, operator) = (self.blueprint, self.operator);
        let fits = Child::layout(blueprint, operator, dim).count() == self.weights.len();
        fits.then(|| {
            let values = self.weights.values();
            Child::with_values(blueprint, operator, dim, &values, device)
        })
    }
}

impl SeedRecord {
    /// The seed, in a slot of width `dim`; none where the weights are not its.
    pub(crate) fn seed(&self, dim: usize, device: Device) -> Option<Seed> {
        let child = match &self.child {
            Some(record) => Some(record.child(dim, device)?),
            None => None,
        };
        Some(Seed::restored(self, child))
    }
}
