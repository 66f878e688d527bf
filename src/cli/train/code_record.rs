//! [`CodeRecord`]: the code that made a run of `train`.

use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::cli::train::run_folder::RunFolder;
use crate::cli::train::training::specs;
use kaslite_engine::fingerprint::Code;
use kaslite_engine::fs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The code that made a run of `train`, stage by stage: `code.json` of its record.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CodeRecord(BTreeMap<String, Code>);

/// Stage → the files of its code that are others; none where only a library is.
pub(super) type OtherCode = BTreeMap<String, Vec<String>>;

impl CodeRecord {
    /// The code of this program.
    pub(super) fn of(session: &Session) -> Result<Self, CliError> {
        let codes = specs(session)?.map(|spec| (spec.name.to_owned(), Code::of(spec)));
        Ok(Self(codes.into()))
    }

    pub(super) fn write(&self, folder: &RunFolder) -> Result<(), CliError> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        Ok(fs::write_atomic(&folder.code(), text.as_bytes())?)
    }

    /// What the record of a run tells; none where it does not.
    pub(super) fn read(folder: &RunFolder) -> Option<Self> {
        let bytes = std::fs::read(folder.code()).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Where `now` is another code.
    pub(super) fn other_than(&self, now: &Self) -> OtherCode {
        let both = self.0.iter().filter_map(|(stage, then)| {
            let now = now.0.get(stage)?;
            (then.digest != now.digest).then(|| (stage.clone(), then.differing(now)))
        });
        both.collect()
    }
}
