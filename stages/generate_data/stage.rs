use std::collections::BTreeMap;
use std::path::Path;

use kaslite_engine::context::StageContext;
use kaslite_engine::registry::StageError;

use crate::generate_data::data_section::DataSection;
use crate::generate_data::export::{write_npz, write_parquet};
use crate::generate_data::problem::Dataset;
use crate::shared::fail;

/// Draws the samples that the section `data` asks for and writes them: npz where the path of the
/// out ends so, else Parquet.
///
/// # Errors
/// Arguments that a problem refuses; a file that cannot be written.
pub fn run(context: &StageContext<'_>) -> Result<(), StageError> {
    let section: DataSection = context.section("data")?;
    let (problem, used) = section.problem();
    let dataset = problem.generate(section.rng_seed).map_err(fail)?;
    let out = context.out("dataset")?;
    if context.is_cancelled() {
        return Err(StageError::new("interrupted"));
    }
    let ending = Path::new(out.path.as_str()).extension();
    if ending.is_some_and(|ending| ending == "npz") {
        write_npz(&dataset, &out.file)?;
    } else {
        write_parquet(&dataset, &metadata(context, used), &out.file)?;
    }
    context.log(summary(&text(context, "problem_type"), &dataset));
    Ok(())
}

/// A param of the section as one would type it.
fn text(context: &StageContext<'_>, key: &str) -> String {
    let value = context.arguments().get(&format!("data.{key}"));
    value.map(ToString::to_string).unwrap_or_default()
}

/// What the file says of itself: the problem and every argument that shaped it.
fn metadata(context: &StageContext<'_>, used: &[&str]) -> Vec<(String, String)> {
    let named = ["problem_type", "rng_seed"].map(|key| (key.to_owned(), text(context, key)));
    let arguments = used
        .iter()
        .map(|key| (format!("data.{key}"), text(context, key)));
    named.into_iter().chain(arguments).collect()
}

fn summary(problem_type: &str, dataset: &Dataset) -> String {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for label in &dataset.y {
        *counts.entry(*label).or_default() += 1;
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(label, count)| format!("{count} of class {label}"))
        .collect();
    let (n, counts) = (dataset.n, counts.join(", "));
    format!("{n} samples of {problem_type}: {counts}")
}
