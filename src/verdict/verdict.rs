use crate::origins::Origins;
use crate::unmade::Unmade;
use crate::verdict::answer::Answer;
use crate::verdict::basis::Basis;
use crate::verdict::failures::failures;
use crate::verdict::reproducible::reproducible;
use crate::verdict::why::why;
use crate::verdict::winning::winning;
use crate::verdict::without_seeds::without_seeds;
use kaslite_track::metrics::Metrics;
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
    /// From the metrics of a run, a revision or the workspace, the stages that made none there, and what
    /// the others were made from.
    pub fn of(metrics: &Metrics, unmade: &Unmade, origins: &Origins) -> Self {
        let basis = Basis::new(metrics, unmade, origins);
        Self {
            answers: vec![
                winning(&basis),
                why(&basis),
                failures(&basis),
                reproducible(&basis),
                without_seeds(&basis),
            ],
            components: basis.components(),
        }
    }
}
