use crate::unmade::Unmade;
use crate::verdict::answer::{Answer, Evidence, Finding};
use crate::verdict::basis::{Basis, failed_runs};
use crate::verdict::found::Found;
use kaslite_stats::pairs_needed;
use kaslite_track::metrics::Metrics;
use kaslite_track::provenance::Provenance;
use kaslite_track::record::Components;
use serde::Serialize;

/// The five questions with their answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// In their order.
    pub answers: Vec<Answer>,
    /// What they rest on: how each stage went, and each part of it that can be missing by itself.
    pub components: Components,
}

impl Verdict {
    /// From the metrics of a run, a revision or the workspace, the stages that made none there, and the
    /// code that made them, where it is known.
    pub fn of(metrics: &Metrics, unmade: &Unmade, code: Option<&Provenance>) -> Self {
        let basis = Basis::new(metrics, unmade);
        let mut winning = winning(&basis);
        if let Some(size) = basis.size_curve.as_ref().and_then(Found::size) {
            winning.text = format!("{} {size}", winning.text);
        }
        Self {
            answers: vec![
                winning,
                why(&basis),
                failures(&basis),
                reproducible(code),
                without_seeds(&basis),
            ],
            components: basis.components(),
        }
    }
}

const AGAINST_LEARNING: &str = "growth.against_host_continued";
const AGAINST_HOST: &str = "growth.against_host_only";

fn growth(control: &Found<'_>, against: &str, what: &str) -> Option<Evidence> {
    let key = |of: &str| format!("{against}.{of}");
    let ends = [key("interval.low"), key("interval.high")];
    control.evidence(what, &key("mean"), [&ends[0], &ends[1]])
}

/// A difference of accuracies in percentage points.
fn points(share: f64) -> String {
    format!("{:+.2}", 100.0 * share)
}

/// Whether an interval lies on one side of 0: which.
fn side(evidence: &Evidence) -> Finding {
    match evidence.interval {
        Some([low, _]) if low > 0.0 => Finding::Yes,
        Some([_, high]) if high < 0.0 => Finding::No,
        Some(_) | None => Finding::NotEnough,
    }
}

fn winning(basis: &Basis<'_>) -> Answer {
    let question = "Is morphogenesis winning?";
    let Some(control) = &basis.control else {
        return basis.not_measured(question, "control");
    };
    let what = "growth against a host that learns on";
    let Some(evidence) = growth(control, AGAINST_LEARNING, what) else {
        return no_pairs(question, control);
    };
    let finding = side(&evidence);
    let number = |key: &str| control.number(&format!("{AGAINST_LEARNING}.{key}"));
    let pairs = number("n").unwrap_or_default();
    let caused = points(evidence.value);
    let text = match finding {
        Finding::Yes => format!(
            "Networks that may grow are {caused} percentage points more accurate than a host that \
             learns for as long ({pairs} pairs of runs)."
        ),
        Finding::No => format!(
            "Networks that may grow are {caused} percentage points off a host that learns for as \
             long ({pairs} pairs of runs): growth costs accuracy."
        ),
        Finding::NotEnough | Finding::NotMeasured => format!(
            "{caused} percentage points against a host that learns for as long, but {pairs} pairs \
             of runs leave it open on which side of 0 it lies{}.",
            more_pairs(control, AGAINST_LEARNING)
        ),
    };
    Answer {
        question,
        finding,
        text,
        evidence: vec![evidence],
    }
}

/// The answer where no two runs with the same rng seed came to their ends.
fn no_pairs(question: &'static str, control: &Found<'_>) -> Answer {
    let failed = failed_runs(control).unwrap_or_else(|| "there are no runs".to_owned());
    Answer {
        question,
        finding: Finding::NotMeasured,
        text: format!("No two runs with the same rng seed can be compared: {failed}."),
        evidence: Vec::new(),
    }
}

/// `: 4 more rng seeds are needed`, if the effect stays what it is.
fn more_pairs(control: &Found<'_>, against: &str) -> String {
    let number = |key: &str| control.number(&format!("{against}.{key}"));
    let needed = number("effect").and_then(pairs_needed);
    let more = needed.zip(number("n")).map(|(needed, n)| needed as f64 - n);
    match more.filter(|more| *more > 0.0) {
        Some(more) => {
            format!(": with this effect it needs {more} more rng seeds (`control.rng_seeds`)")
        }
        None => String::new(),
    }
}

fn why(basis: &Basis<'_>) -> Answer {
    let question = "Why is it winning?";
    let Some(counterfactual) = &basis.counterfactual else {
        return basis.not_measured(question, "counterfactual");
    };
    if let Some(reason) = counterfactual.text("attribution.reason") {
        return Answer {
            question,
            finding: Finding::NotMeasured,
            text: format!("Nothing can be shared out: {reason}."),
            evidence: Vec::new(),
        };
    }
    let mut evidence: Vec<Evidence> = counterfactual
        .names("contributions")
        .into_iter()
        .filter_map(|seed| {
            let key = |of: &str| format!("contributions.{seed}.{of}");
            let ends = [key("shapley_low"), key("shapley_high")];
            let what = format!("Shapley value of {seed}");
            counterfactual.evidence(what, &key("shapley"), [&ends[0], &ends[1]])
        })
        .collect();
    evidence.sort_by(|one, other| other.value.total_cmp(&one.value));
    let sure = evidence
        .iter()
        .filter(|one| side(one) == Finding::Yes)
        .count();
    let caveat = counterfactual.text("attribution.caveat");
    let finding = if sure > 0 && caveat.is_none() {
        Finding::Yes
    } else {
        Finding::NotEnough
    };
    let first = evidence.first();
    let largest = first.map_or(String::new(), |one| {
        let (what, share) = (&one.what, points(one.value));
        format!("; the largest is the {what} with {share} percentage points")
    });
    let seeds = evidence.len();
    let mut text = format!(
        "Of {seeds} grown seeds, {sure} have a share whose interval lies above 0{largest}."
    );
    evidence.extend(basis.control.iter().flat_map(caused));
    if evidence.len() > seeds {
        text += " What each slot caused follows from runs without it.";
    }
    if let Some(caveat) = caveat {
        text = format!("{text} But {caveat}.");
    }
    Answer {
        question,
        finding,
        text,
        evidence,
    }
}

/// What each slot caused.
fn caused(control: &Found<'_>) -> Vec<Evidence> {
    let slots = control.names("slots").into_iter();
    let evidence = slots.filter_map(|slot| {
        let key = |of: &str| format!("slots.{slot}.causal.{of}");
        let ends = [key("interval.low"), key("interval.high")];
        control.evidence(
            format!("caused by {slot}"),
            &key("mean"),
            [&ends[0], &ends[1]],
        )
    });
    evidence.collect()
}

/// Everything that speaks of something that went wrong.
fn failures(basis: &Basis<'_>) -> Answer {
    let question = "Why did it fail?";
    let mut causes: Vec<String> = basis.failures().collect();
    let Basis {
        training,
        counterfactual,
        control,
        ..
    } = basis;
    let grown = training
        .as_ref()
        .and_then(|training| training.number("seeds.grown"));
    if grown == Some(0.0) {
        causes.push("no seed germinated".to_owned());
    }
    if let Some(counterfactual) = counterfactual
        && counterfactual.text("attribution.status").as_deref() == Some("failed")
    {
        causes.extend(counterfactual.text("attribution.reason"));
    }
    if let Some(control) = control {
        causes.extend(failed_runs(control));
        causes.extend(unreliable(control));
    }
    if causes.is_empty() && training.is_none() {
        return basis.not_measured(question, "train");
    }
    if causes.is_empty() {
        return Answer {
            question,
            finding: Finding::No,
            text: "Nothing failed: seeds grew, and every run ended with numbers.".to_owned(),
            evidence: Vec::new(),
        };
    }
    Answer {
        question,
        finding: Finding::Yes,
        text: format!("{}.", causes.join("; ")),
        evidence: Vec::new(),
    }
}

/// The slots whose removal cost says nothing of what they caused, each with what explains it.
fn unreliable(control: &Found<'_>) -> Vec<String> {
    let slots = control.names("slots").into_iter();
    let told = slots.filter_map(|slot| {
        let text = |key: &str| control.text(&format!("slots.{slot}.{key}"));
        let number = |key: &str| control.number(&format!("slots.{slot}.{key}"));
        if text("agreement")? != "unreliable" {
            return None;
        }
        let (cost, caused) = (number("removal_cost")?, number("causal.mean")?);
        let why = text("explanation").map_or(String::new(), |why| format!(": {why}"));
        Some(format!(
            "what switching off {slot} costs ({}) is not what it caused ({}){why}",
            points(cost),
            points(caused)
        ))
    });
    told.collect()
}

fn reproducible(code: Option<&Provenance>) -> Answer {
    let question = "Can we reproduce this?";
    let commit = code.and_then(|code| Some((code.commit.as_deref()?, code.dirty?)));
    let (finding, text) = match commit {
        Some((commit, false)) => {
            let text = format!(
                "The code is commit {commit}, without changes; params, data and outs are recorded \
                 by digest."
            );
            (Finding::Yes, text)
        }
        Some((commit, true)) => {
            let text = format!(
                "The code is commit {commit} with changes that no commit holds: commit them, and \
                 run again."
            );
            (Finding::NotEnough, text)
        }
        None => {
            let text = "The code is under no git commit: `git init`, commit, and run again.";
            (Finding::NotEnough, text.to_owned())
        }
    };
    Answer {
        question,
        finding,
        text,
        evidence: Vec::new(),
    }
}

fn without_seeds(basis: &Basis<'_>) -> Answer {
    let question = "What would have happened without seeds?";
    let Some(control) = &basis.control else {
        return basis.not_measured(question, "control");
    };
    let evidence = growth(control, AGAINST_HOST, "growth against the host alone");
    let mean = |arm: &str| control.number(&format!("accuracy.{arm}.mean"));
    let told =
        |share: Option<f64>| share.map_or("—".to_owned(), |it| format!("{:.2} %", 100.0 * it));
    let mut text = format!(
        "The host alone ends at {} on average, a host that learns on at {}, with seeds it is {}.",
        told(mean("host_only")),
        told(mean("host_continued")),
        told(mean("grown"))
    );
    if let Some(training) = &basis.training {
        let host = training.number("metric.accuracy.host_only");
        text = format!(
            "{text} In the run itself the host had {} before it grew.",
            told(host)
        );
    }
    let measured = evidence.is_some();
    Answer {
        question,
        finding: if measured {
            Finding::Yes
        } else {
            Finding::NotMeasured
        },
        text,
        evidence: evidence.into_iter().collect(),
    }
}
