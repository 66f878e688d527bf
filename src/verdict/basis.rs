use crate::origins::Origins;
use crate::unmade::Unmade;
use crate::verdict::answer::{Answer, Finding, sentence};
use crate::verdict::equivalent_size::EquivalentSize;
use crate::verdict::found::Found;
use crate::verdict::question::Question;
use kaslite_track::metrics::Metrics;
use kaslite_track::record::{Component, Components};
use std::collections::BTreeMap;

/// So many runs that failed are told of by name.
const TOLD: usize = 3;

/// What the answers rest on: the metrics of four stages, each there or not for a reason.
pub(super) struct Basis<'a> {
    pub(super) training: Option<Found<'a>>,
    pub(super) counterfactual: Option<Found<'a>>,
    pub(super) control: Option<Found<'a>>,
    pub(super) size_curve: Option<Found<'a>>,
    pub(super) origins: &'a Origins,
    unmade: &'a Unmade,
}

impl<'a> Basis<'a> {
    pub(super) fn new(metrics: &'a Metrics, unmade: &'a Unmade, origins: &'a Origins) -> Self {
        Self {
            training: Found::with(metrics, "metric.accuracy.host_only"),
            counterfactual: Found::with(metrics, "attribution.status"),
            control: Found::with(metrics, "accuracy.host_continued.mean"),
            size_curve: Found::with(metrics, EquivalentSize::STATUS),
            origins,
            unmade,
        }
    }

    /// The answer where a stage has no metrics.
    pub(super) fn not_measured(&self, question: Question, stage: &str) -> Answer {
        let text = match self.unmade.why_of(stage) {
            Some(why) => format!("Nothing was measured: {why}."),
            None => sentence(&self.lacks(stage)),
        };
        question.answer(Finding::NotMeasured, text, Vec::new())
    }

    /// Why a stage has no metrics, as a fragment.
    pub(super) fn lacks(&self, stage: &str) -> String {
        let why = self.unmade.why_of(stage).map(str::to_owned);
        why.unwrap_or_else(|| self.origins.lacks(stage))
    }

    fn found(&self) -> [(&'static str, &Option<Found<'a>>); 4] {
        [
            ("train", &self.training),
            ("counterfactual", &self.counterfactual),
            ("control", &self.control),
            ("size_curve", &self.size_curve),
        ]
    }

    /// The metrics files there are, by the built-in stage that makes such.
    pub(super) fn files(&self) -> Vec<(&'static str, &'a str)> {
        let all = self.found().into_iter();
        all.filter_map(|(uses, found)| Some((uses, found.as_ref()?.file)))
            .collect()
    }

    /// Why the results of a stage are not of the training that the page is about, as a fragment; `None`
    /// where they are, and where that is not known.
    pub(super) fn differs(&self, uses: &str) -> Option<String> {
        let of = |uses: &str| {
            let mut files = self.files().into_iter();
            let (_, file) = files.find(|(name, _)| *name == uses)?;
            self.origins.of_file(file, uses)
        };
        of(uses)?.differs(of("train")?)
    }

    /// The stages that failed, each with its reason.
    pub(super) fn failures(&self) -> impl Iterator<Item = String> {
        self.unmade.failures()
    }

    /// How each of the stages went, and each part of it that can be missing by itself.
    pub(super) fn components(&self) -> Components {
        let mut all = Components::new();
        for (stage, found) in self.found() {
            all.insert(stage.to_owned(), self.of_stage(stage, found.is_some()));
            if let Some(reason) = self.differs(stage) {
                all.insert(
                    format!("{stage}.of_this_training"),
                    Component::Failed { reason },
                );
            }
        }
        if let Some(found) = &self.counterfactual {
            all.insert("counterfactual.attribution".to_owned(), attribution(found));
        }
        if let Some(found) = &self.control {
            all.insert("control.runs".to_owned(), runs(found));
            all.insert("control.slots".to_owned(), slots(found));
        }
        all
    }

    fn of_stage(&self, stage: &str, is_there: bool) -> Component {
        if is_there {
            return success();
        }
        match self.unmade.why_of(stage) {
            Some(why) => Component::Failed {
                reason: why.to_owned(),
            },
            None => Component::Disabled {
                reason: format!("there are no metrics of a stage that uses `{stage}`"),
                to_enable: match self.origins.declared(stage) {
                    Some(name) => format!("`kaslite repro {name}` makes them"),
                    None => format!("add a stage with `uses: {stage}` and its `metrics`"),
                },
            },
        }
    }
}

fn success() -> Component {
    Component::Success {
        data: BTreeMap::new(),
    }
}

/// Whether the gain could be shared out among the seeds.
fn attribution(found: &Found<'_>) -> Component {
    let reason = found.text("attribution.reason").unwrap_or_default();
    match found.text("attribution.status").as_deref() {
        Some("failed") => Component::Failed { reason },
        Some("disabled") => Component::Disabled {
            reason,
            to_enable: "it is told where a seed has grown".to_owned(),
        },
        Some(_) | None => success(),
    }
}

/// Whether every control run came to its end.
fn runs(found: &Found<'_>) -> Component {
    match failed_runs(found) {
        Some(reason) => Component::Failed { reason },
        None => success(),
    }
}

/// `2 of 14 control runs failed: grown_8: …`; none where none did.
pub(super) fn failed_runs(control: &Found<'_>) -> Option<String> {
    let number = |key: &str| control.number(&format!("runs.{key}"));
    let failed = number("failed").filter(|failed| *failed > 0.0)?;
    let all = failed + number("done").unwrap_or_default();
    let text = format!("{failed} of {all} control runs failed");
    let reasons = control.texts("runs.failures").into_iter();
    let mut told: Vec<String> = reasons
        .take(TOLD)
        .map(|(run, reason)| format!("{run}: {reason}"))
        .collect();
    // A record of before they were named has none.
    if told.is_empty() {
        return Some(text);
    }
    let more = failed - told.len() as f64;
    told.extend((more > 0.0).then(|| format!("and {more} more")));
    Some(format!("{text}: {}", told.join("; ")))
}

/// Whether it can be told what each slot caused.
fn slots(found: &Found<'_>) -> Component {
    if !found.names("slots").is_empty() {
        return success();
    }
    let reason = if found.number("accuracy.grown.n") == Some(0.0) {
        "no control run in which seeds may grow came to its end"
    } else {
        "no slot grew in any control run, so there is nothing that a slot caused"
    };
    Component::Disabled {
        reason: reason.to_owned(),
        to_enable: "it is told where a seed has grown".to_owned(),
    }
}
