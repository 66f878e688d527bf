//! [`Durations`]: how long stages took when they last ran. A hint for the order and for people: nothing
//! that is made depends on it.

use crate::cache_file::CacheFile;
use crate::fs;
use crate::project::Project;
use crate::stage::Stage;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Stage → seconds.
#[derive(Debug, Default)]
pub(crate) struct Durations {
    path: PathBuf,
    known: BTreeMap<String, f64>,
    new: BTreeMap<String, f64>,
}

impl Durations {
    /// What earlier runs measured; a damaged file is none.
    pub(crate) fn load(project: &Project) -> Self {
        let path = project.own_state("durations");
        Self {
            known: read(&path),
            path,
            new: BTreeMap::new(),
        }
    }

    /// How long a stage will take, as far as that is known.
    pub(crate) fn of(&self, stage: &Stage) -> Option<Duration> {
        let seconds = self.known.get(&stage.name);
        let measured = seconds.and_then(|seconds| Duration::try_from_secs_f64(*seconds).ok());
        measured.or(stage.limits.time)
    }

    /// A stage took this long.
    pub(crate) fn measure(&mut self, stage: &str, time: Duration) {
        self.new.insert(stage.to_owned(), time.as_secs_f64());
    }

    /// Keeps what was measured. A failure costs a hint, nothing else.
    pub(crate) fn save(&self) {
        if self.new.is_empty() {
            return;
        }
        // Another run may have measured other stages meanwhile.
        let mut all = read(&self.path);
        all.extend(self.new.clone());
        if let Ok(text) = serde_json::to_string_pretty(&all) {
            let _ = CacheFile::store(&self.path, text.as_bytes());
        }
    }
}

fn read(path: &std::path::Path) -> BTreeMap<String, f64> {
    let text = fs::read_if_exists(path).ok().flatten();
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}
