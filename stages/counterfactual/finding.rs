use crate::counterfactual::per_sample::Interval;
use crate::counterfactual::quantity::Quantity;

/// A quantity as it was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Finding {
    pub(super) quantity: Quantity,
    pub(super) value: f64,
    /// Of 95 %, over the validation samples.
    pub(super) interval: Option<Interval>,
    /// Of the sampling of orders; none where all configurations were evaluated.
    pub(super) standard_error: Option<f64>,
}

/// What was found by one measure, accuracy or loss.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn new(findings: Vec<Finding>) -> Self {
        Self(findings)
    }

    pub(super) fn extend(&mut self, findings: impl Iterator<Item = Finding>) {
        self.0.extend(findings);
    }

    /// What was found about the quantity; none where it was not measured.
    pub(super) fn of(&self, quantity: Quantity) -> Option<&Finding> {
        let mut findings = self.0.iter();
        findings.find(|finding| finding.quantity == quantity)
    }

    pub(super) fn value(&self, quantity: Quantity) -> Option<f64> {
        self.of(quantity).map(|finding| finding.value)
    }

    pub(super) fn interval(&self, quantity: Quantity) -> Option<Interval> {
        self.of(quantity)?.interval
    }
}
