//! [`Grid`]: every combination of some values.

use kaslite_engine::problem::closest;
use kaslite_engine::trial::Trial;
use kaslite_engine::value::Value;
use kaslite_engine::yaml;
use std::collections::BTreeMap;

/// The product of lists of values, the last key changing fastest.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Dotted key → its values, in the order given.
    axes: Vec<(String, Vec<Value>)>,
}

/// What is wrong with a search space.
#[derive(Debug, thiserror::Error)]
pub enum GridError {
    /// A key that names no param.
    #[error("`sweep.parameters.{key}` is no param of the stage{}", hint.as_deref().unwrap_or_default())]
    UnknownParam {
        /// As given.
        key: String,
        /// `; did you mean …`.
        hint: Option<String>,
    },
    /// A short key that several params end with.
    #[error("`sweep.parameters.{key}` could be any of {}", fits.join(", "))]
    AmbiguousParam {
        /// As given.
        key: String,
        /// The params it could be.
        fits: Vec<String>,
    },
    /// A list without values.
    #[error("`sweep.parameters.{0}` has no values")]
    Empty(String),
    /// One param under two spellings.
    #[error("`sweep.parameters` names `{0}` twice")]
    Twice(String),
    /// More combinations than allowed.
    #[error("the grid has {count} trials, more than `sweep.max_trials: {max}`")]
    TooLarge {
        /// Trials of the grid.
        count: u128,
        /// The limit.
        max: usize,
    },
}

impl Grid {
    /// The grid of `sweep.parameters`: key → list, comma string or single value. A key may leave out
    /// its section where only one param ends so (`lr` for `train.lr`).
    ///
    /// # Errors
    /// Unknown or ambiguous keys, empty lists, more than `max` trials.
    pub fn parse(parameters: &Value, params: &[&str], max: usize) -> Result<Self, GridError> {
        let mut axes: Vec<(String, Vec<Value>)> = Vec::new();
        for (key, value) in parameters.leaves("") {
            if key.is_empty() {
                continue;
            }
            let full = resolve(&key, params)?;
            let values = values(&value);
            if values.is_empty() {
                return Err(GridError::Empty(key));
            }
            if axes.iter().any(|(known, _)| *known == full) {
                return Err(GridError::Twice(full));
            }
            axes.push((full, values));
        }
        let count = axes
            .iter()
            .map(|(_, values)| values.len() as u128)
            .product();
        if count > max as u128 {
            return Err(GridError::TooLarge { count, max });
        }
        Ok(Self { axes })
    }

    /// The params with more than one value.
    pub fn varied(&self) -> Vec<String> {
        self.axes
            .iter()
            .filter(|(_, values)| values.len() > 1)
            .map(|(key, _)| key.clone())
            .collect()
    }

    /// One trial for each combination, over `base`; named `run_001_1a2b3c4d` by their number and their
    /// values.
    pub fn trials(&self, base: &BTreeMap<String, Value>) -> Vec<Trial> {
        let mut points = vec![BTreeMap::new()];
        for (key, values) in &self.axes {
            points = points
                .into_iter()
                .flat_map(|point: BTreeMap<String, Value>| {
                    values.iter().map(move |value| {
                        let mut point = point.clone();
                        point.insert(key.clone(), value.clone());
                        point
                    })
                })
                .collect();
        }
        points
            .into_iter()
            .enumerate()
            .map(|(index, point)| {
                let name = format!("run_{:03}_{}", index + 1, slug(&point));
                let mut params = base.clone();
                params.extend(point);
                Trial { name, params }
            })
            .collect()
    }
}

fn resolve(key: &str, params: &[&str]) -> Result<String, GridError> {
    if params.contains(&key) {
        return Ok(key.to_owned());
    }
    let ending = format!(".{key}");
    let fits: Vec<String> = params
        .iter()
        .filter(|param| param.ends_with(&ending))
        .map(|param| (*param).to_owned())
        .collect();
    match fits.as_slice() {
        [only] => Ok(only.clone()),
        [] => {
            let short = params
                .iter()
                .filter_map(|param| param.split_once('.').map(|(_, name)| name));
            let near = closest(key, params.iter().copied().chain(short));
            let hint = near.map(|name| format!("; did you mean `{name}`?"));
            Err(GridError::UnknownParam {
                key: key.to_owned(),
                hint,
            })
        }
        _ => Err(GridError::AmbiguousParam {
            key: key.to_owned(),
            fits,
        }),
    }
}

fn values(value: &Value) -> Vec<Value> {
    match value {
        Value::List(values) => values.clone(),
        Value::Text(text) if text.contains(',') => text
            .split(',')
            .map(|part| yaml::plain(part.trim()))
            .collect(),
        Value::Map(_) => Vec::new(),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {
            vec![value.clone()]
        }
    }
}

/// The first eight hex digits over `key=value` of the point.
fn slug(point: &BTreeMap<String, Value>) -> String {
    let text: Vec<String> = point
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    kaslite_engine::digest::Digest::of(text.join("_").as_bytes()).short()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kaslite_engine::manifest::parse_params;

    const PARAMS: &[&str] = &[
        "train.lr",
        "train.rng_seed",
        "seeds.blend_steps",
        "data.rng_seed",
    ];

    fn grid(text: &str) -> Result<Grid, String> {
        let value = parse_params("sweep", text.to_owned()).unwrap();
        Grid::parse(&value, PARAMS, 100).map_err(|error| error.to_string())
    }

    #[test]
    fn lists_comma_strings_and_single_values_multiply() {
        let grid =
            grid("lr: '0.1, 1e-3'\nseeds: {blend_steps: [1, 2, 3]}\ntrain.rng_seed: 7").unwrap();
        let trials = grid.trials(&BTreeMap::new());
        assert_eq!(trials.len(), 6);
        assert_eq!(grid.varied(), ["train.lr", "seeds.blend_steps"]);
        assert_eq!(trials[1].params["train.lr"], Value::Float(0.1));
        assert_eq!(trials[1].params["seeds.blend_steps"], Value::Int(2));
        assert_eq!(trials[5].params["train.lr"], Value::Float(1e-3));
    }

    #[test]
    fn a_trial_has_one_name_whatever_the_order_of_the_keys() {
        let (a, b) = (
            grid("lr: 1\nblend_steps: 2").unwrap(),
            grid("blend_steps: 2\nlr: 1").unwrap(),
        );
        assert_eq!(
            a.trials(&BTreeMap::new())[0].name,
            b.trials(&BTreeMap::new())[0].name
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        let error = |text| grid(text).unwrap_err();
        assert_eq!(
            error("lrr: 1"),
            "`sweep.parameters.lrr` is no param of the stage; did you mean `lr`?"
        );
        assert_eq!(
            error("rng_seed: 1"),
            "`sweep.parameters.rng_seed` could be any of train.rng_seed, data.rng_seed"
        );
        assert_eq!(error("lr: []"), "`sweep.parameters.lr` has no values");
        assert_eq!(
            error("lr: 1\ntrain.lr: 2"),
            "`sweep.parameters` names `train.lr` twice"
        );
        let many: Vec<String> = (0..101).map(|i| i.to_string()).collect();
        assert_eq!(
            error(&format!("lr: [{}]", many.join(", "))),
            "the grid has 101 trials, more than `sweep.max_trials: 100`"
        );
    }
}
