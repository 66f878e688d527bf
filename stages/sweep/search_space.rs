use std::collections::BTreeMap;

use kaslite::sweep::{Grid, GridError};
use kaslite_engine::context::StageContext;
use kaslite_engine::registry::StageError;
use kaslite_engine::spec::ParamSpec;
use kaslite_engine::trial::Trial;
use kaslite_engine::value::Value;
use serde::Deserialize;

use crate::shared::fail;

/// The section `sweep` of the params.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SweepSection {
    parameters: Value,
    max_trials: usize,
}

/// The trials of a sweep, and what tells them apart.
#[derive(Debug)]
pub(super) struct SearchSpace {
    /// In the order of their numbers.
    pub(super) trials: Vec<Trial>,
    /// The params with more than one value.
    pub(super) varied: Vec<&'static ParamSpec>,
}

impl SearchSpace {
    /// The grid of `sweep.parameters` over the params of the other sections.
    pub(super) fn of(context: &StageContext<'_>) -> Result<Self, StageError> {
        let section: SweepSection = context.section("sweep")?;
        let specs = context.param_specs().iter();
        let swept: Vec<&'static ParamSpec> =
            specs.filter(|param| param.section() != "sweep").collect();
        let keys: Vec<&str> = swept.iter().map(|param| param.key).collect();
        let axes = sorted(&section.parameters).map_err(fail)?;
        if axes.is_empty() {
            return Err(StageError::new(
                "`sweep.parameters` is empty: it needs params of `train` with their values, such \
                 as `lr: [0.001, 0.003]`",
            ));
        }
        let axes = Value::Map(axes.into_iter().collect());
        let grid = Grid::parse(&axes, &keys, section.max_trials).map_err(fail)?;
        let value = |param: &&ParamSpec| {
            let value = context.arguments().get(param.key)?;
            Some((param.key.to_owned(), value.clone()))
        };
        let base: BTreeMap<String, Value> = swept.iter().filter_map(value).collect();
        let names = grid.varied();
        let is_varied = |param: &&ParamSpec| names.iter().any(|name| name == param.key);
        Ok(Self {
            trials: grid.trials(&base),
            varied: swept.into_iter().filter(is_varied).collect(),
        })
    }
}

/// Dotted key → values, in the order of the keys. That of the file does not count when it is judged
/// what is stale, and so must not shape what is made: not even the numbers of the trials.
fn sorted(parameters: &Value) -> Result<Vec<(String, Value)>, GridError> {
    let mut axes = parameters.leaves("");
    axes.retain(|(key, _)| !key.is_empty());
    axes.sort_by(|(one, _), (other, _)| one.cmp(other));
    match axes.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(GridError::Twice(pair[0].0.clone())),
        None => Ok(axes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kaslite_engine::manifest::parse_params;

    fn keys(text: &str) -> Result<Vec<String>, String> {
        let value = parse_params("sweep", text.to_owned()).unwrap();
        let axes = sorted(&value).map_err(|error| error.to_string())?;
        Ok(axes.into_iter().map(|(key, _)| key).collect())
    }

    #[test]
    fn the_order_of_the_file_does_not_count() {
        let sorted = ["hidden_dim", "train.lr"];
        let one = "train: {lr: [1, 2]}\nhidden_dim: [3, 4]";
        let other = "hidden_dim: [3, 4]\ntrain.lr: [1, 2]";
        assert_eq!(keys(one).unwrap(), sorted);
        assert_eq!(keys(other).unwrap(), sorted);
    }

    #[test]
    fn nothing_to_vary_is_empty() {
        assert!(keys("{}").unwrap().is_empty());
        assert!(sorted(&Value::Null).unwrap().is_empty());
    }

    #[test]
    fn no_spelling_is_lost() {
        let twice = keys("train: {lr: 1}\ntrain.lr: 2").unwrap_err();
        assert_eq!(twice, "`sweep.parameters` names `train.lr` twice");
    }
}
