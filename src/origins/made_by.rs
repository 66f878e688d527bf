use kaslite_track::provenance::Provenance;
use kaslite_track::record::RunRecord;

/// So many changed files are named.
const NAMED: usize = 3;

/// The run that made a stage's outs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeBy {
    /// Its name.
    pub run_id: String,
    /// The code it had.
    pub code: Code,
    /// Values given beside the params file, as `train.lr=1`.
    pub given: Vec<String>,
    /// Whether it is one of `kaslite train`, without a pipeline.
    pub is_of_train: bool,
}

/// The code of a run, as git knew it when the run began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// All of it was in a commit.
    Commit(String),
    /// What differed from the commit, some of it by name.
    Changed(String, Vec<String>),
    /// It was under no commit.
    Unknown,
}

impl MadeBy {
    /// Of a record; `locks` are the locks of the project.
    pub(super) fn of(run: &RunRecord, is_of_train: bool, locks: &[String]) -> Option<Self> {
        let git = &run.summary.as_ref()?.git;
        let given = run.experiment.cli_overrides.iter();
        Some(Self {
            run_id: run.run_id.clone(),
            code: Code::of(git, locks),
            given: given.map(|(key, value)| format!("{key}={value}")).collect(),
            is_of_train,
        })
    }

    /// The file of its record that says so.
    pub fn file(&self) -> String {
        format!("results/runs/{}/summary.json", self.run_id)
    }

    /// The command that makes it again, and compares.
    pub fn replay(&self) -> String {
        let command = if self.is_of_train {
            "train --replay"
        } else {
            "runs replay"
        };
        format!("`kaslite {command} {}`", self.run_id)
    }
}

impl Code {
    /// What kaslite wrote itself counts for no change of the code.
    pub(super) fn of(git: &Provenance, locks: &[String]) -> Self {
        let (Some(commit), Some(dirty)) = (git.commit.clone(), git.dirty) else {
            return Self::Unknown;
        };
        if !dirty {
            return Self::Commit(commit);
        }
        let foreign = git.changed_files.iter().filter(|file| !is_own(file, locks));
        let mut named: Vec<String> = foreign.cloned().collect();
        let unnamed = git.changed_total.unwrap_or(usize::MAX) > git.changed_files.len();
        if named.is_empty() && !unnamed {
            return Self::Commit(commit);
        }
        if named.len() > NAMED || unnamed {
            named.truncate(NAMED);
            named.push("…".to_owned());
        }
        Self::Changed(commit, named)
    }
}

/// Whether a path of the repository is a lock, a record or kept state.
fn is_own(path: &str, locks: &[String]) -> bool {
    let below = |folder: &str| path.starts_with(folder) || path.contains(&format!("/{folder}"));
    let is = |lock: &String| path == lock || path.ends_with(&format!("/{lock}"));
    below(".kaslite/") || below("results/runs/") || locks.iter().any(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(changed: &[&str], total: usize) -> Code {
        let git = Provenance {
            commit: Some("0123abc".to_owned()),
            dirty: Some(total > 0),
            changed_files: changed.iter().map(|file| (*file).to_owned()).collect(),
            changed_total: Some(total),
            ..Provenance::default()
        };
        Code::of(&git, &["pipeline.lock".to_owned()])
    }

    #[test]
    fn what_kaslite_wrote_is_no_change_of_the_code() {
        let clean = Code::Commit("0123abc".to_owned());
        assert_eq!(code(&[], 0), clean);
        let own = ["pipeline.lock", "sub/pipeline.lock", ".kaslite/"];
        assert_eq!(code(&own, 3), clean);
        let changed = |files: &[&str]| {
            let files = files.iter().map(|file| (*file).to_owned()).collect();
            Code::Changed("0123abc".to_owned(), files)
        };
        assert_eq!(
            code(&["params.yaml", "pipeline.lock"], 2),
            changed(&["params.yaml"])
        );
        assert_eq!(
            code(&["other-pipeline.lock"], 1),
            changed(&["other-pipeline.lock"])
        );
        // Of more changes than are named, the others may be anything.
        assert_eq!(code(&["pipeline.lock"], 51), changed(&["…"]));
        assert_eq!(Code::of(&Provenance::default(), &[]), Code::Unknown);
    }
}
