use crate::verdict::answer::{Answer, Evidence, Finding, points};
use crate::verdict::basis::{Basis, failed_runs};
use crate::verdict::found::Found;
use crate::verdict::question::Question;
use kaslite_stats::{FEWEST_FOR_FIVE_PERCENT, pairs_needed};

const AGAINST_LEARNING: &str = "growth.against_host_continued";

/// Is morphogenesis winning?
pub(super) fn winning(basis: &Basis<'_>) -> Answer {
    let mut answer = match &basis.control {
        None => basis.not_measured(Question::WINNING, "control"),
        Some(control) => by_pairs(basis, control),
    };
    if let Some(size_curve) = &basis.size_curve {
        let other = basis.differs("size_curve");
        let other = other.map(|other| format!("Of the size curve: {other}."));
        let told = size_curve.size().into_iter().chain(other);
        answer.text = std::iter::once(answer.text)
            .chain(told)
            .collect::<Vec<_>>()
            .join(" ");
        answer.evidence.extend(size_curve.worth());
    }
    answer
}

fn by_pairs(basis: &Basis<'_>, control: &Found<'_>) -> Answer {
    let what = "growth against a host that learns on";
    let Some(evidence) = control.pairs(what, AGAINST_LEARNING) else {
        return no_pairs(control);
    };
    let other = basis.differs("control");
    let finding = match other {
        Some(_) => Finding::NotEnough,
        None => evidence.side(),
    };
    let caused = evidence.value.map(points).unwrap_or_default();
    let test = tested(control, &evidence);
    let text = match (finding, other) {
        (_, Some(other)) => format!(
            "{caused} percentage points against a host that learns for as long ({test}), but that \
             is not of this training: {other}."
        ),
        (Finding::Yes, None) => format!(
            "Networks that may grow are {caused} percentage points more accurate than a host that \
             learns for as long ({test})."
        ),
        (Finding::No, None) => format!(
            "Networks that may grow are {caused} percentage points off a host that learns for as \
             long ({test}): growth costs accuracy."
        ),
        (Finding::NotEnough | Finding::NotMeasured, None) => format!(
            "{caused} percentage points against a host that learns for as long ({test}), which \
             leaves it open on which side of 0 it lies{}.",
            more_pairs(control, AGAINST_LEARNING)
        ),
    };
    Question::WINNING.answer(finding, text, vec![evidence])
}

/// `5 pairs of runs; sign-flip p 0.1250, the smallest that so many pairs can give 0.0625`.
fn tested(control: &Found<'_>, evidence: &Evidence) -> String {
    let pairs = control.number(&format!("{AGAINST_LEARNING}.n"));
    let pairs = pairs.unwrap_or_default();
    let test = evidence.p.zip(evidence.least_p).map(|(p, least)| {
        format!("; sign-flip p {p:.4}, the smallest that so many pairs can give {least:.4}")
    });
    format!("{pairs} pairs of runs{}", test.unwrap_or_default())
}

/// The answer where no two runs with the same rng seed came to their ends.
fn no_pairs(control: &Found<'_>) -> Answer {
    let failed = failed_runs(control).unwrap_or_else(|| "there are no runs".to_owned());
    let text = format!("No two runs with the same rng seed can be compared: {failed}.");
    Question::WINNING.answer(Finding::NotMeasured, text, Vec::new())
}

/// `: with this effect it needs 4 more rng seeds`.
fn more_pairs(control: &Found<'_>, against: &str) -> String {
    let number = |key: &str| control.number(&format!("{against}.{key}"));
    let pairs = number("n").unwrap_or_default();
    let (needed, why) = match number("effect") {
        Some(effect) => (pairs_needed(effect), "with this effect it needs"),
        // Of one pair, or of differences that are all the same, there is none.
        None => (Some(FEWEST_FOR_FIVE_PERCENT), "it needs at least"),
    };
    match needed.map(|needed| needed as f64 - pairs) {
        Some(more) if more > 0.0 => format!(": {why} {more} more rng seeds (`control.rng_seeds`)"),
        Some(_) => ": the exact test does not reach 0.05, and more rng seeds \
                    (`control.rng_seeds`) may tell"
            .to_owned(),
        None => ": an effect so small takes more than a thousand rng seeds".to_owned(),
    }
}
