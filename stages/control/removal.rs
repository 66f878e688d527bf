use std::collections::{BTreeMap, BTreeSet};

use kaslite_engine::context::StageContext;
use kaslite_engine::registry::StageError;
use kaslite_nn::{Answers, Configuration, Model, Reading, SeedId};

use crate::control::control_run::ControlRun;
use crate::counterfactual::validation_rows;
use crate::shared::{fail, files};

/// What the accuracy of a trained network loses when one grown seed alone is switched off, for each
/// grown seed.
pub(super) fn costs(
    context: &StageContext<'_>,
    run: &ControlRun,
) -> Result<BTreeMap<SeedId, f64>, StageError> {
    let model = model(run)?;
    let rows = validation_rows(context.dep("dataset")?, &run.folder)?;
    let grown = model.grown_seeds();
    let all = Configuration::all(grown.len());
    let without = (0..grown.len()).map(|seed| all.without(seed));
    let asked: Vec<Configuration> = std::iter::once(all).chain(without).collect();
    let mut right = vec![0_usize; asked.len()];
    let mut visit = |answers: Answers| {
        right[answers.at] += answers.correct.iter().filter(|right| **right).count();
        !context.is_cancelled()
    };
    let whole = model.evaluate_each(&rows, &asked, Reading::AsTrained, &mut visit);
    if !whole.map_err(fail)? {
        return Err(StageError::new("interrupted"));
    }
    let share = |count: usize| count as f64 / rows.rows() as f64;
    let costs = right[1..]
        .iter()
        .map(|count| share(right[0]) - share(*count));
    Ok(grown.iter().map(|grown| grown.seed).zip(costs).collect())
}

/// The slots that grew in a run.
pub(super) fn grown(run: &ControlRun) -> Result<BTreeSet<SeedId>, StageError> {
    let grown = model(run)?.grown_seeds();
    Ok(grown.into_iter().map(|grown| grown.seed).collect())
}

fn model(run: &ControlRun) -> Result<Model, StageError> {
    Model::load(&run.folder.join(files::MODEL)).map_err(fail)
}
