/// How large a network without growth is as accurate as the one that grew.
#[derive(Debug, Clone, PartialEq)]
pub struct EquivalentSize {
    estimate: End,
    /// Of its interval of 95 %; none where there is none.
    low: Option<End>,
    high: Option<End>,
    /// Weights of the smallest and the largest that was trained.
    range: Option<(f64, f64)>,
    /// Weights of the network that grew.
    grown: Option<f64>,
}

/// A number of weights, or on which side of those that were trained it lies.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Below,
    Within(f64),
    Above,
    NotMeasured,
}

const KEY: &str = "equivalent_traditional_params";

impl EquivalentSize {
    /// The key that only the stage `size_curve` writes.
    pub(super) const STATUS: &str = "equivalent_traditional_params.status";

    /// From the metrics of the stage `size_curve`; none where they are of another.
    pub fn of(
        number: impl Fn(&str) -> Option<f64>,
        text: impl Fn(&str) -> Option<String>,
    ) -> Option<Self> {
        let end = |at: &str| {
            let size = number(&format!("{at}.size"));
            Some(End::of(&text(&format!("{at}.status"))?, size))
        };
        let below = |of: &str| number(&format!("{KEY}.{of}"));
        Some(Self {
            estimate: end(KEY)?,
            low: end(&format!("{KEY}.low")),
            high: end(&format!("{KEY}.high")),
            range: below("smallest").zip(below("largest")),
            grown: number("grown.parameters"),
        })
    }

    /// For people.
    pub fn sentence(&self) -> String {
        let size = self.grown.map(|grown| format!(" to {grown:.0}"));
        let grown = format!("the one that grew{}", size.unwrap_or_default());
        match (self.estimate, self.range) {
            (End::Within(size), _) => format!(
                "A network without growth needs {size:.0} weights to be as accurate as {grown}{}.",
                self.interval()
            ),
            (End::Below, Some((smallest, _))) => format!(
                "The smallest network without growth that was trained, with {smallest:.0} weights, is as \
                 accurate as {grown}."
            ),
            (End::Above, Some((_, largest))) => format!(
                "No network without growth that was trained, with up to {largest:.0} weights, is as \
                 accurate as {grown}: the size of one that is lies beyond the range of \
                 `size_curve.widths`."
            ),
            (End::Below | End::Above | End::NotMeasured, _) => {
                "How large a network without growth is as accurate could not be measured."
                    .to_owned()
            }
        }
    }

    fn interval(&self) -> String {
        let words = |end: Option<End>| match end? {
            End::Below => Some("less than the smallest that was trained".to_owned()),
            End::Within(size) => Some(format!("{size:.0}")),
            End::Above => Some("more than the largest that was trained".to_owned()),
            End::NotMeasured => None,
        };
        match (words(self.low), words(self.high)) {
            (Some(low), Some(high)) => format!("; 95 % interval: {low} to {high}"),
            (None, _) | (_, None) => String::new(),
        }
    }
}

impl End {
    fn of(status: &str, size: Option<f64>) -> Self {
        match (status, size) {
            ("within_range", Some(size)) => Self::Within(size),
            ("below_range", _) => Self::Below,
            ("above_range", _) => Self::Above,
            (_, _) => Self::NotMeasured,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::origins::Origins;
    use crate::unmade::Unmade;
    use crate::verdict::{Finding, Verdict};
    use kaslite_track::metrics;

    fn told(equivalent: &str) -> String {
        let text = format!(
            r#"{{"grown": {{"parameters": 181112}}, "equivalent_traditional_params": {equivalent}}}"#
        );
        let values = metrics::parse("size/metrics.json", text.as_bytes()).expect("JSON");
        let metrics = std::iter::once(("size/metrics.json".to_owned(), values)).collect();
        let verdict = Verdict::of(&metrics, &Unmade::default(), &Origins::default());
        let winning = &verdict.answers[0];
        // A size alone does not tell whether growth wins.
        assert_eq!(winning.finding, Finding::NotMeasured);
        winning.text.clone()
    }

    const RANGE: &str = r#""smallest": 690, "largest": 198914"#;

    #[test]
    fn a_number_has_its_interval() {
        let text = told(&format!(
            r#"{{"status": "within_range", "size": 31000.4, {RANGE},
                "low": {{"status": "within_range", "size": 9000.0}},
                "high": {{"status": "above_range", "size": null}}}}"#
        ));
        let wanted = "A network without growth needs 31000 weights to be as accurate as the one that \
                      grew to 181112; 95 % interval: 9000 to more than the largest that was \
                      trained. (`size/metrics.json`)";
        assert!(text.ends_with(wanted), "{text}");
    }

    #[test]
    fn beyond_the_range_there_is_no_number() {
        let of = |status| {
            told(&format!(
                r#"{{"status": "{status}", "size": null, {RANGE}}}"#
            ))
        };
        let above = of("above_range");
        assert!(
            above.contains("with up to 198914 weights, is as accurate"),
            "{above}"
        );
        assert!(above.contains("`size_curve.widths`"), "{above}");
        let below = of("below_range");
        assert!(
            below.contains("with 690 weights, is as accurate"),
            "{below}"
        );
        let unknown = of("not_measured");
        assert!(unknown.contains("could not be measured"), "{unknown}");
    }
}
