//! The code that made the results.

use crate::report::view::ProvenanceView;
use kaslite_track::provenance::Provenance;
use std::path::Path;

/// As git has it now.
pub(super) fn read(root: &Path) -> ProvenanceView {
    let git = Provenance::of(root);
    ProvenanceView {
        kaslite_version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: git.commit,
        branch: git.branch,
        dirty: git.dirty,
        changed_files: git.changed_files,
        changed_total: git.changed_total,
        note: git.note,
    }
}
