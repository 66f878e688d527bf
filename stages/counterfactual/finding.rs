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

/// Less than this is what rounding leaves of nothing: samples are counted, and losses are floats of 32
/// bits.
const ROUNDING: f64 = 1e-12;

impl Finding {
    /// What is nothing but rounding is nothing: else a seed that never changes an answer would have an
    /// interval on one side of 0.
    fn without_rounding(self) -> Self {
        let rounded = |value: f64| if value.abs() < ROUNDING { 0.0 } else { value };
        let interval = self.interval.map(|Interval { low, high }| Interval {
            low: rounded(low),
            high: rounded(high),
        });
        Self {
            value: rounded(self.value),
            interval,
            ..self
        }
    }
}

/// What was found by one measure, accuracy or loss.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn new(findings: Vec<Finding>) -> Self {
        let mut all = Self::default();
        all.extend(findings.into_iter());
        all
    }

    pub(super) fn extend(&mut self, findings: impl Iterator<Item = Finding>) {
        self.0.extend(findings.map(Finding::without_rounding));
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
