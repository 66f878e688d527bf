//! The five questions, from the metrics of all stages of the report.

use crate::report::sources::Sources;
use crate::verdict::Verdict;
use kaslite_track::metrics::{self, Metrics};
use kaslite_track::provenance::Provenance;

const FILE: &str = "metrics.json";

/// A file that cannot be read is missing here; its own part of the report says why.
pub(super) fn read(sources: &Sources) -> Verdict {
    let file = |source: &crate::report::sources::Source| {
        let bytes = std::fs::read(source.file.join(FILE)).ok()?;
        let path = source.path.join(FILE).to_string();
        let values = metrics::parse(&path, &bytes).ok()?;
        Some((path, values))
    };
    let metrics: Metrics = sources.all.iter().filter_map(file).collect();
    Verdict::of(&metrics, Some(&Provenance::of(&sources.root)))
}
