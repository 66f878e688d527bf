//! [`of_stages`]: the params of built-in stages that no pipeline names.

use crate::error::EngineError;
use crate::params::{DEFAULT_FILE, Overrides, ParamsFile, arguments};
use crate::problem::Problem;
use crate::rel_path::RelPath;
use crate::spec::StageSpec;
use crate::value::Value;

/// The params of these stages, all sections of all of them: those of `base`, or else their defaults,
/// and over both what was given.
///
/// # Errors
/// Everything that is wrong with `base`, and with what was given.
pub fn of_stages(
    specs: &[&'static StageSpec],
    base: Result<ParamsFile, Vec<Problem>>,
    given: &Overrides,
) -> Result<Value, EngineError> {
    let mut base = base.map_err(EngineError::Problems)?;
    base.drop_record();
    let mut problems = Vec::new();
    let file = RelPath::root().join(DEFAULT_FILE);
    let (own, known) = (
        |key: &str| specs.iter().any(|spec| spec.param(key).is_some()),
        base.value.clone(),
    );
    given.apply(&file, &mut base, specs, &mut problems);
    let mut all = Value::Map(indexmap::IndexMap::new());
    for spec in specs {
        let own = arguments(spec, Some(&base), &mut problems);
        for (key, value) in spec
            .params
            .iter()
            .filter_map(|param| Some((param.key, own.get(param.key)?)))
        {
            all.set(key, value.clone());
        }
    }
    // A key that nobody knows is a problem already.
    problems.extend(given.unread(|given| {
        given.is_of_default() && (own(&given.key) || known.get(&given.key).is_none())
    }));
    problems.sort();
    problems.dedup();
    if problems.is_empty() {
        Ok(all)
    } else {
        Err(EngineError::Problems(problems))
    }
}
