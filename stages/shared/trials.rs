use std::collections::BTreeMap;
use std::path::Path;

use kaslite_engine::context::StageContext;
use kaslite_engine::fs;
use kaslite_engine::registry::StageError;
use kaslite_engine::spec::ParamSpec;
use kaslite_engine::trial::Tried;
use kaslite_engine::value::Value;
use serde::de::DeserializeOwned;

use crate::shared::{fail, files, read_json};

/// The param from which rng seeds count up.
pub(crate) const RNG_SEED: &str = "train.rng_seed";

/// The params of the stage that the trials run, by dotted key: all but those of the section `own`.
pub(crate) fn base(context: &StageContext<'_>, own: &str) -> BTreeMap<String, Value> {
    let specs = context.param_specs().iter();
    let value = |param: &ParamSpec| {
        let value = context.arguments().get(param.key)?;
        Some((param.key.to_owned(), value.clone()))
    };
    let of_trials = specs.filter(|param| param.section() != own);
    of_trials.filter_map(value).collect()
}

/// `8 trials: 6 trained, 1 from the cache, 1 failed`.
pub(crate) fn counts(what: &str, tried: &[Tried]) -> String {
    let failed = tried.iter().filter(|tried| tried.error.is_some()).count();
    let restored = tried.iter().filter(|tried| tried.restored).count();
    let trained = tried.len() - restored - failed;
    let failed = match failed {
        0 => String::new(),
        failed => format!(", {failed} failed"),
    };
    let all = tried.len();
    format!("{all} {what}: {trained} trained, {restored} from the cache{failed}")
}

/// What a trial left in its folder, or why it failed. The folder of one that failed is taken away,
/// since how far it came is no result. Whether it was trained or restored does not show: an out must
/// not depend on what the cache happens to hold.
pub(crate) fn result<T: DeserializeOwned>(
    tried: &Tried,
    folder: &Path,
) -> Result<Result<T, String>, StageError> {
    if let Some(reason) = &tried.error {
        fs::remove(folder).map_err(fail)?;
        return Ok(Err(reason.clone()));
    }
    read_json(&folder.join(files::METRICS)).map(Ok)
}

/// Refuses trials that have all failed.
pub(crate) fn check_success<'a, T: 'a>(
    what: &str,
    results: impl ExactSizeIterator<Item = &'a Result<T, String>>,
) -> Result<(), StageError> {
    let all = results.len();
    let reasons: Vec<&String> = results.filter_map(|result| result.as_ref().err()).collect();
    match reasons.first() {
        Some(first) if reasons.len() == all => Err(StageError::new(format!(
            "all {all} {what} failed, the first because: {first}"
        ))),
        Some(_) | None => Ok(()),
    }
}
