use crate::verdict::answer::{Answer, Finding};
use crate::verdict::basis::Basis;
use crate::verdict::question::Question;

const AGAINST_HOST: &str = "growth.against_host_only";

/// What would have happened without seeds?
pub(super) fn without_seeds(basis: &Basis<'_>) -> Answer {
    let Some(control) = &basis.control else {
        return basis.not_measured(Question::WITHOUT_SEEDS, "control");
    };
    let evidence = control.pairs("growth against the host alone", AGAINST_HOST);
    let mean = |arm: &str| control.number(&format!("accuracy.{arm}.mean"));
    let told =
        |share: Option<f64>| share.map_or("—".to_owned(), |it| format!("{:.2} %", 100.0 * it));
    let mut text = format!(
        "The host alone ends at {} on average, a host that learns on at {}, with seeds it is {}.",
        told(mean("host_only")),
        told(mean("host_continued")),
        told(mean("grown"))
    );
    let other = basis.differs("control");
    if let Some(other) = &other {
        text = format!("{text} But that is not of this training: {other}.");
    }
    if let Some(training) = &basis.training {
        let host = training.number("metric.accuracy.host_only");
        text = format!(
            "{text} In the run itself the host had {} before it grew.",
            told(host)
        );
    }
    let finding = match (&evidence, other) {
        (None, _) => Finding::NotMeasured,
        (Some(_), Some(_)) => Finding::NotEnough,
        (Some(_), None) => Finding::Yes,
    };
    Question::WITHOUT_SEEDS.answer(finding, text, evidence.into_iter().collect())
}
