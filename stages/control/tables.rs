use kaslite_stats::Paired;
use kaslite_track::table::{Column, Table};

use crate::control::contribution::Contribution;
use crate::control::control_run::ControlRun;
use crate::shared::int;
use crate::train::Metrics;

/// One row a run: what differs from the run that may grow, how it ended, and what it measured, null
/// where it failed.
pub(super) fn runs(runs: &[ControlRun]) -> Table {
    let status = |run: &ControlRun| if run.result.is_ok() { "done" } else { "failed" }.to_owned();
    Table::new()
        .with("rng_seed", column(runs, |run| run.rng_seed))
        .with("arm", column(runs, |run| run.arm.kind().to_owned()))
        .with(
            "slot",
            column(runs, |run| run.arm.slot().map(|slot| slot.to_string())),
        )
        .with("status", column(runs, status))
        .with("reason", column(runs, |run| run.result.clone().err()))
        .with("best_accuracy", measure(runs, |m| m.metric.accuracy.best))
        .with("final_accuracy", measure(runs, |m| m.metric.accuracy.last))
        .with("final_loss", measure(runs, |m| m.loss.val.last))
        .with("seeds_grown", measure(runs, |m| int(m.seeds.grown)))
        .with(
            "parameters",
            measure(runs, |m| int(m.parameters.host + m.parameters.grown)),
        )
}

/// One row a slot that grew in any run: what it caused, in shares of the accuracy, beside what
/// switching it off costs.
pub(super) fn contributions(of: &[Contribution]) -> Table {
    let causal = |cell: fn(&Paired) -> Option<f64>| -> Column {
        let cells = of.iter().map(|one| one.causal.as_ref().and_then(cell));
        cells.collect()
    };
    let agreement = |one: &Contribution| one.agreement.map(|it| it.name().to_owned());
    Table::new()
        .with("slot", column(of, |one| one.slot.to_string()))
        .with("grown_in", column(of, |one| int(one.grown_in)))
        .with("runs", column(of, |one| int(one.runs)))
        .with(
            "n",
            column(of, |one| one.causal.map(|causal| int(causal.n))),
        )
        .with("causal", causal(|it| Some(it.mean)))
        .with("causal_low", causal(|it| Some(it.interval?.low)))
        .with("causal_high", causal(|it| Some(it.interval?.high)))
        .with("p", causal(|it| Some(it.p)))
        .with("least_p", causal(|it| Some(it.least_p)))
        .with("effect", causal(|it| it.effect))
        .with("removal_cost", column(of, |one| one.removal_cost))
        .with(
            "removal_cost_low",
            column(of, |one| Some(one.removal_interval?.low)),
        )
        .with(
            "removal_cost_high",
            column(of, |one| Some(one.removal_interval?.high)),
        )
        .with("confounding_gap", column(of, |one| one.gap))
        .with("agreement", column(of, agreement))
        .with(
            "replaced_in",
            column(of, |one| {
                one.replacement.as_ref().map(|it| int(it.replaced_in))
            }),
        )
        .with("explanation", column(of, Contribution::explanation))
}

fn measure<T>(runs: &[ControlRun], cell: impl Fn(&Metrics) -> T) -> Column
where
    Column: From<Vec<Option<T>>>,
{
    column(runs, |run| run.result.as_ref().ok().map(&cell))
}

fn column<R, T>(rows: &[R], cell: impl Fn(&R) -> T) -> Column
where
    Column: From<Vec<T>>,
{
    rows.iter().map(cell).collect()
}
