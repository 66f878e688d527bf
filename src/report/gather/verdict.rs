//! The five questions, from the metrics of all stages of the report.

use crate::report::sources::{Source, Sources};
use crate::verdict::Verdict;
use kaslite_track::metrics::{self, Metrics};

const FILE: &str = "metrics.json";

/// A file that cannot be read is missing here; its own part of the report says why.
pub(super) fn read(sources: &Sources) -> Verdict {
    let file = |source: &Source| {
        if sources.why_unmade(source).is_some() {
            return None;
        }
        let bytes = std::fs::read(source.file.join(FILE)).ok()?;
        let path = source.path.join(FILE).to_string();
        let values = metrics::parse(&path, &bytes).ok()?;
        Some((path, values))
    };
    let metrics: Metrics = sources.all.iter().filter_map(file).collect();
    Verdict::of(&metrics, &sources.unmade, &sources.origins)
}
