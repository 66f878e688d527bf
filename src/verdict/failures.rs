use crate::verdict::answer::{Answer, Finding, points, sentence};
use crate::verdict::basis::{Basis, failed_runs};
use crate::verdict::found::Found;
use crate::verdict::question::Question;

/// Why did it fail? Everything that speaks of something that went wrong.
pub(super) fn failures(basis: &Basis<'_>) -> Answer {
    let mut causes: Vec<String> = basis.failures().collect();
    let Basis {
        training,
        counterfactual,
        ..
    } = basis;
    // What was made with other params says nothing of this training.
    let control = basis.control.as_ref();
    let control = control.filter(|_| basis.differs("control").is_none());
    let size_curve = basis.size_curve.as_ref();
    let size_curve = size_curve.filter(|_| basis.differs("size_curve").is_none());
    causes.extend(training.as_ref().and_then(anomalies));
    if training.as_ref().and_then(grown) == Some(0.0) {
        causes.push("no seed germinated".to_owned());
    }
    if let Some(counterfactual) = counterfactual {
        if counterfactual.text("attribution.status").as_deref() == Some("failed") {
            causes.extend(counterfactual.text("attribution.reason"));
        }
        causes.extend(training.as_ref().and_then(|it| swapped(it, counterfactual)));
    }
    causes.extend(control.and_then(failed_runs));
    causes.extend(control.into_iter().flat_map(unreliable));
    causes.extend(size_curve.and_then(failed_sizes));
    if let Some(finding) = (!causes.is_empty()).then_some(Finding::Yes) {
        let text = sentence(&causes.join("; "));
        return Question::FAILED.answer(finding, text, Vec::new());
    }
    let Some(training) = training else {
        return basis.not_measured(Question::FAILED, "train");
    };
    let text = nothing(training, control, size_curve);
    Question::FAILED.answer(Finding::No, text, Vec::new())
}

fn grown(training: &Found<'_>) -> Option<f64> {
    training.number("seeds.grown")
}

/// What the training noticed on its way.
fn anomalies(training: &Found<'_>) -> Option<String> {
    let count = training.number("anomalies.count")?;
    let times = match count {
        count if count <= 0.0 => return None,
        1.0 => "once".to_owned(),
        count => format!("{count} times"),
    };
    let epoch = training.number("anomalies.first_epoch");
    let epoch = epoch.map_or(String::new(), |epoch| format!(" in epoch {epoch}"));
    let trigger = training.text("anomalies.first_trigger");
    let trigger = trigger.map_or(String::new(), |it| format!(" ({})", it.replace('_', " ")));
    let first = match (epoch.as_str(), trigger.as_str()) {
        ("", "") => String::new(),
        (epoch, trigger) => format!(", first{epoch}{trigger}"),
    };
    Some(format!("the training went wrong {times}{first}"))
}

/// Whether the network that was looked at is not the one that was trained.
fn swapped(training: &Found<'_>, counterfactual: &Found<'_>) -> Option<String> {
    let (trained, seen) = (grown(training)?, grown(counterfactual)?);
    (trained > 0.0 && seen < trained).then(|| {
        format!(
            "`train` grew {trained} seeds, and the network that `counterfactual` looked at has {seen}"
        )
    })
}

fn failed_sizes(size_curve: &Found<'_>) -> Option<String> {
    let number = |key: &str| size_curve.number(&format!("runs.{key}"));
    let failed = number("failed").filter(|failed| *failed > 0.0)?;
    let all = failed + number("done").unwrap_or_default();
    Some(format!("{failed} of {all} runs of the size curve failed"))
}

/// What is known to have gone well; nothing is said of what was not made.
fn nothing(
    training: &Found<'_>,
    control: Option<&Found<'_>>,
    size_curve: Option<&Found<'_>>,
) -> String {
    let mut told = vec!["seeds grew".to_owned()];
    told.push(match training.number("anomalies.count") {
        Some(_) => "the training noticed nothing that went wrong".to_owned(),
        None => "whether something went wrong while it trained is not known".to_owned(),
    });
    let done = |found: &Found<'_>| found.number("runs.done");
    told.push(match control.map(done) {
        Some(Some(runs)) => format!("all {runs} control runs ended with numbers"),
        Some(None) => "no control run failed".to_owned(),
        None => "there are no control runs of it to look at".to_owned(),
    });
    if let Some(runs) = size_curve.and_then(done) {
        told.push(format!("all {runs} runs of the size curve did"));
    }
    sentence(&told.join("; "))
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
