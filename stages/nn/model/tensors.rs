use crate::seed::{Child, SeedId};

/// The names of a seed's tensors in a model file.
pub(super) fn child_names(seed: SeedId) -> Vec<String> {
    Child::NAMES
        .iter()
        .map(|name| format!("{seed}.{name}"))
        .collect()
}
