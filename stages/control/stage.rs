use std::collections::BTreeSet;

use kaslite_engine::context::StageContext;
use kaslite_engine::registry::StageError;
use kaslite_nn::SeedId;
use kaslite_track::table::Table;

use crate::control::arm::Arm;
use crate::control::contribution::{Contribution, Costs, accuracies};
use crate::control::control_run::ControlRun;
use crate::control::metrics::Metrics;
use crate::control::plan::{ControlSection, Germinations, Plan};
use crate::control::replacement::Grown;
use crate::control::{removal, tables};
use crate::shared::{fail, trials, write_json};

/// Trains with several rng seeds the network that may grow and the host alone, then for each that grew
/// the host that learns when its seeds did, and for each slot that grew the network without that slot,
/// and writes what growth caused. A run that fails is a row; the stage fails where all of the first two
/// kinds do.
///
/// # Errors
/// Params that `train` does not take, no run that succeeded, `interrupted`; a file that cannot be
/// written.
pub fn run(context: &StageContext<'_>) -> Result<(), StageError> {
    let section: ControlSection = context.section("control")?;
    let plan = Plan::of(context, section);
    let mut arms = Vec::new();
    for rng_seed in &plan.rng_seeds {
        arms.extend([Arm::Grown, Arm::HostOnly].map(|arm| (*rng_seed, arm)));
    }
    let mut runs = plan.run(context, &arms, &Germinations::new())?;
    trials::check_success("runs", runs.iter().map(|one| &one.result))?;
    let costs = removal_costs(context, &runs)?;
    let germinations = germinations(&runs);
    let mut arms = Vec::new();
    for (rng_seed, grown) in &costs {
        arms.push((*rng_seed, Arm::HostContinued));
        if section.lesions {
            arms.extend(grown.keys().map(|slot| (*rng_seed, Arm::Lesion(*slot))));
        }
    }
    runs.extend(plan.run(context, &arms, &germinations)?);
    runs.sort_by_key(|run| (run.rng_seed, run.arm));
    let accuracies = accuracies(&runs);
    let grown = grown(context, &runs)?;
    let slots: BTreeSet<SeedId> = costs
        .values()
        .flat_map(|grown| grown.keys().copied())
        .collect();
    let contributions: Vec<Contribution> = slots
        .into_iter()
        .map(|slot| Contribution::of(slot, &accuracies, &costs, &grown, section.lesions))
        .collect();
    let folder = &context.out("folder")?.file;
    let write = |table: &Table, name: &str| table.write(&folder.join(name)).map_err(fail);
    write(&tables::runs(&runs), "control.parquet")?;
    write(
        &tables::contributions(&contributions),
        "contributions.parquet",
    )?;
    let metrics = Metrics::new(&plan.rng_seeds, &runs, &accuracies, &contributions);
    write_json(&folder.join("metrics.json"), &metrics)?;
    context.log(metrics.summary());
    Ok(())
}

fn germinations(runs: &[ControlRun]) -> Germinations {
    let grown = runs.iter().filter(|run| run.arm == Arm::Grown);
    let epochs = grown.filter_map(|run| {
        let metrics = run.result.as_ref().ok()?;
        Some((run.rng_seed, metrics.germination_epochs()))
    });
    epochs.collect()
}

fn removal_costs(context: &StageContext<'_>, runs: &[ControlRun]) -> Result<Costs, StageError> {
    let grown: Vec<&ControlRun> = runs
        .iter()
        .filter(|run| run.arm == Arm::Grown && run.result.is_ok())
        .collect();
    let costs = context.side_by_side(grown.len(), |at| removal::costs(context, grown[at]))?;
    let rng_seeds = grown.iter().map(|run| run.rng_seed);
    Ok(rng_seeds.zip(costs).collect())
}

/// The slots that grew in the runs without a slot.
fn grown(context: &StageContext<'_>, runs: &[ControlRun]) -> Result<Grown, StageError> {
    let lesions: Vec<&ControlRun> = runs
        .iter()
        .filter(|run| run.arm.slot().is_some() && run.result.is_ok())
        .collect();
    let grown = context.side_by_side(lesions.len(), |at| removal::grown(lesions[at]))?;
    let names = lesions.iter().map(|run| (run.arm, run.rng_seed));
    Ok(names.zip(grown).collect())
}
