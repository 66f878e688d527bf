//! [`RunStore`]: all run records of a project.

use crate::record::experiment::{Config, Experiment};
use crate::record::run_record::{RunRecord, RunSummary};
use kaslite_engine::fs::{self, FsError};
use std::path::{Path, PathBuf};

/// What is said of a run, and its params.
const CONFIG: &str = "config.yaml";

/// The run records of a project, `results/runs`.
#[derive(Clone, Debug)]
pub struct RunStore {
    folder: PathBuf,
}

/// Why a run was not found or not read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// No run has this name or begins with it.
    #[error("no run is called `{0}`")]
    Unknown(String),
    /// Several runs begin with it.
    #[error("`{name}` could be any of {}", runs.join(", "))]
    Ambiguous {
        /// What was asked for.
        name: String,
        /// The first few that fit.
        runs: Vec<String>,
    },
    /// A summary that is no summary.
    #[error("the record `{run_id}` is damaged")]
    Damaged {
        /// The run.
        run_id: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A `config.yaml` that is none.
    #[error("the record `{run_id}` is damaged: config.yaml: {reason}")]
    DamagedConfig {
        /// The run.
        run_id: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file operation failed.
    #[error(transparent)]
    Fs(#[from] FsError),
}

impl RunStore {
    /// The records of the project at `root`.
    pub fn new(root: &Path) -> Self {
        Self {
            folder: root.join("results").join("runs"),
        }
    }

    /// Where the records lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The names of all runs, oldest first.
    pub fn ids(&self) -> Vec<String> {
        let mut ids = self.folders();
        ids.retain(|id| self.folder.join(id).join(CONFIG).is_file());
        ids
    }

    /// The names of all folders where records lie, in the order of runs: a few may be none.
    pub fn folders(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten();
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut keyed: Vec<((String, usize), String)> = names
            .map(|id| {
                let (time, count, _) = order(&id);
                ((time, count), id)
            })
            .collect();
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, id)| id).collect()
    }

    /// The last of the runs that began in one second, whatever their names, by the count that ends it; 0
    /// where none did.
    pub(super) fn runs_of(&self, stamp: &str) -> usize {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten();
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let wanted = stamp.replace('_', "");
        let count = |name: String| {
            let (time, count, _) = order(&name);
            (time == wanted).then_some(count)
        };
        names.filter_map(count).max().unwrap_or(0)
    }

    /// One record, by name, by a prefix that only it has, or by `latest` and `latest~N`.
    pub fn find(&self, name: &str) -> Result<RunRecord, RecordError> {
        let ids = self.ids();
        if let Some(back) = latest(name) {
            let index = ids.len().checked_sub(back + 1);
            let id = index.and_then(|index| ids.get(index));
            return self.load(id.ok_or_else(|| RecordError::Unknown(name.to_owned()))?);
        }
        if ids.iter().any(|id| id == name) {
            return self.load(name);
        }
        let begins = |id: &String| !name.is_empty() && id.starts_with(name);
        let fits: Vec<String> = ids.into_iter().filter(begins).collect();
        match fits.as_slice() {
            [] => Err(RecordError::Unknown(name.to_owned())),
            [only] => self.load(only),
            _ => Err(RecordError::Ambiguous {
                name: name.to_owned(),
                runs: fits.into_iter().take(4).collect(),
            }),
        }
    }

    /// Changes what is said of a run.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn amend(
        &self,
        run_id: &str,
        change: impl FnOnce(&mut Experiment),
    ) -> Result<(), RecordError> {
        Ok(amend(&self.folder.join(run_id), change)?)
    }

    /// One record by its exact name.
    pub fn load(&self, run_id: &str) -> Result<RunRecord, RecordError> {
        let folder = self.folder.join(run_id);
        let summary = match fs::read_if_exists(&folder.join("summary.json"))? {
            None => None,
            Some(text) => Some(serde_json::from_str::<RunSummary>(&text).map_err(|source| {
                RecordError::Damaged {
                    run_id: run_id.to_owned(),
                    source,
                }
            })?),
        };
        let text = fs::read_if_exists(&folder.join(CONFIG))?.unwrap_or_default();
        let config = Config::parse(&text).map_err(|reason| RecordError::DamagedConfig {
            run_id: run_id.to_owned(),
            reason,
        })?;
        Ok(RunRecord {
            run_id: run_id.to_owned(),
            folder,
            experiment: config.experiment,
            summary,
        })
    }
}

/// Changes what is said of a run, at the head of its `config.yaml`.
///
/// # Errors
/// It cannot be written. A file that is no `config.yaml` stays as it is.
pub(super) fn amend(folder: &Path, change: impl FnOnce(&mut Experiment)) -> Result<(), FsError> {
    let path = folder.join(CONFIG);
    let text = fs::read_if_exists(&path)?.unwrap_or_default();
    if let Ok(mut config) = Config::parse(&text) {
        change(&mut config.experiment);
        fs::write_atomic(&path, config.text().as_bytes())?;
    }
    Ok(())
}

/// How far back `latest` or `latest~N` reaches.
fn latest(name: &str) -> Option<usize> {
    let rest = name.strip_prefix("latest")?;
    if rest.is_empty() {
        Some(0)
    } else {
        rest.strip_prefix('~')?.parse().ok()
    }
}

/// By date and time, which end the name, then by the count that tells runs of one second apart.
fn order(run_id: &str) -> (String, usize, &str) {
    let mut parts = run_id.rsplitn(4, '_');
    let last = parts.next().unwrap_or_default();
    let before = parts.next().unwrap_or_default();
    let third = parts.next().unwrap_or_default();
    let is_time = |text: &str| text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    match last.parse::<usize>() {
        Ok(count) if is_time(before) && !is_time(last) => {
            (format!("{third}{before}"), count, run_id)
        }
        _ => (format!("{before}{last}"), 1, run_id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_sort_by_time_whatever_their_name() {
        let mut ids = vec![
            "b_20260101_000000_2",
            "z_20250101_000000",
            "a_20260101_000000",
            "a_20260101_000001",
        ];
        ids.sort_by(|a, b| order(a).cmp(&order(b)));
        let sorted = [
            "z_20250101_000000",
            "a_20260101_000000",
            "b_20260101_000000_2",
            "a_20260101_000001",
        ];
        assert_eq!(ids, sorted);
        assert_eq!(
            (latest("latest"), latest("latest~2"), latest("latest2")),
            (Some(0), Some(2), None)
        );
    }
}
