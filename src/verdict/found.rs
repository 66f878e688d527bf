use crate::verdict::answer::{Evidence, Unit};
use crate::verdict::equivalent_size::EquivalentSize;
use kaslite_engine::value::Value;
use kaslite_track::metrics::Metrics;
use std::collections::{BTreeMap, BTreeSet};

/// The metrics file of one stage.
pub(super) struct Found<'a> {
    pub(super) file: &'a str,
    values: &'a BTreeMap<String, Value>,
}

impl<'a> Found<'a> {
    /// The first file with a key that only one stage writes, whatever the file is called.
    pub(super) fn with(metrics: &'a Metrics, key: &str) -> Option<Self> {
        let mut files = metrics.iter();
        let (file, values) = files.find(|(_, values)| values.contains_key(key))?;
        Some(Self { file, values })
    }

    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.values
            .get(key)?
            .as_f64()
            .filter(|value| value.is_finite())
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.values.get(key)?.as_text().map(str::to_owned)
    }

    /// How large a network without growth is as accurate, as a sentence with its file.
    pub(super) fn size(&self) -> Option<String> {
        let size = EquivalentSize::of(|key| self.number(key), |key| self.text(key))?;
        Some(format!("{} (`{}`)", size.sentence(), self.file))
    }

    /// The texts below `prefix.`, by the rest of their keys.
    pub(super) fn texts(&self, prefix: &str) -> BTreeMap<String, String> {
        let below = |(key, value): (&String, &Value)| {
            let rest = key.strip_prefix(prefix)?.strip_prefix('.')?;
            Some((rest.to_owned(), value.as_text()?.to_owned()))
        };
        self.values.iter().filter_map(below).collect()
    }

    /// What stands between `prefix.` and the next dot.
    pub(super) fn names(&self, prefix: &str) -> BTreeSet<String> {
        let below = |key: &String| {
            let rest = key.strip_prefix(prefix)?.strip_prefix('.')?;
            Some(rest.split_once('.')?.0.to_owned())
        };
        self.values.keys().filter_map(below).collect()
    }

    /// A number with its interval as evidence; none where it was not measured.
    pub(super) fn evidence(
        &self,
        what: impl Into<String>,
        key: &str,
        ends: [&str; 2],
    ) -> Option<Evidence> {
        let [low, high] = ends.map(|end| self.number(end));
        Some(Evidence {
            what: what.into(),
            value: Some(self.number(key)?),
            unit: Unit::Accuracy,
            interval: low.zip(high).map(|(low, high)| [low, high]),
            over: None,
            p: None,
            least_p: None,
            file: self.file.to_owned(),
            key: key.to_owned(),
        })
    }

    /// A mean difference of pairs of runs as evidence, with its test; none where it was not measured.
    pub(super) fn pairs(&self, what: &str, at: &str) -> Option<Evidence> {
        let key = |of: &str| format!("{at}.{of}");
        let ends = [key("interval.low"), key("interval.high")];
        let pairs = self.number(&key("n"));
        Some(Evidence {
            over: pairs.map(|pairs| {
                let noun = if pairs > 1.0 { "pairs" } else { "pair" };
                format!("{pairs} {noun} of runs")
            }),
            p: self.number(&key("p")),
            least_p: self.number(&key("least_p")),
            ..self.evidence(what, &key("mean"), [&ends[0], &ends[1]])?
        })
    }

    /// What the weights that grew are worth, of the metrics of the stage `size_curve`.
    pub(super) fn worth(&self) -> Vec<Evidence> {
        let delta = self.pairs("growth against a host of its width", "worth.accuracy_delta");
        let single = |what: &str, key: &str, unit| {
            let one = self.evidence(what, key, ["", ""])?;
            Some(Evidence { unit, ..one })
        };
        let ratio = single(
            "accuracy by weights, relative to that host",
            "worth.params_efficiency_ratio",
            Unit::Number,
        );
        let return_on = single(
            "gain for 10,000 weights that grew",
            "worth.accuracy_for_10k_weights",
            Unit::Accuracy,
        );
        [delta, ratio, return_on].into_iter().flatten().collect()
    }
}
