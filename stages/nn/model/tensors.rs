use crate::blueprint::Blueprint;
use crate::seed::{Child, Operator, SeedId};

/// The names of a seed's tensors in a model file.
pub(super) fn child_names(seed: SeedId, blueprint: Blueprint, operator: Operator) -> Vec<String> {
    Child::names(blueprint, operator)
        .iter()
        .map(|name| format!("{seed}.{name}"))
        .collect()
}
