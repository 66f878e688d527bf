//! [`Watched`]: the files of a project, and Ctrl-C.

use crate::cli::signals::on_end;
use kaslite_engine::pipeline_files::PipelineFile;
use kaslite_engine::project::Project;
use kaslite_engine::rel_path::RelPath;
use notify::event::EventKind;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// How long nothing must change before a burst of changes is over.
const QUIET: Duration = Duration::from_millis(100);
/// How long a burst may last before it is looked into.
const BURST: Duration = Duration::from_secs(2);
/// How often a folder is looked at that tells of no changes.
const POLL: Duration = Duration::from_secs(1);
/// What no stage reads: kaslite's own files, git's, and the records of runs.
const OWN: &[&str] = &[".kaslite", ".git", "results/runs"];

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Happened {
    /// Files changed, or may have.
    Change,
    /// Ctrl-C.
    Stop,
}

/// The files of a project, and Ctrl-C.
pub(crate) struct Watched {
    root: PathBuf,
    project: Project,
    watcher: Option<RecommendedWatcher>,
    folders: BTreeSet<PathBuf>,
    receiver: Receiver<Happened>,
    /// Keeps the channel open where nothing else sends.
    _sender: Sender<Happened>,
    stops: Arc<AtomicUsize>,
    why_polling: Option<String>,
}

impl Watched {
    /// Begins to watch; from here on Ctrl-C is an answer of [`Watched::wait`].
    pub(crate) fn start(project: &Project, poll: bool) -> Self {
        let root = project
            .root
            .canonicalize()
            .unwrap_or_else(|_| project.root.clone());
        let (sender, receiver) = channel();
        let stops = Arc::new(AtomicUsize::new(0));
        let (on_signal, stopping) = (sender.clone(), stops.clone());
        on_end(move || {
            stopping.fetch_add(1, Ordering::SeqCst);
            let _ = on_signal.send(Happened::Stop);
        });
        let mut watched = Self {
            watcher: None,
            folders: BTreeSet::new(),
            receiver,
            stops,
            why_polling: poll.then(|| "as `--poll` asks".to_owned()),
            _sender: sender.clone(),
            project: project.clone(),
            root: root.clone(),
        };
        if !poll {
            let project = project.clone();
            match notify::recommended_watcher(move |event| tell(&root, &project, event, &sender)) {
                Ok(watcher) => watched.watcher = Some(watcher),
                Err(error) => watched.why_polling = Some(error.to_string()),
            }
            watched.extend();
        }
        watched
    }

    /// Why it has to look for changes itself.
    pub(crate) fn polls(&self) -> Option<&str> {
        self.why_polling.as_deref()
    }

    /// How often Ctrl-C was typed.
    pub(crate) fn stops(&self) -> usize {
        self.stops.load(Ordering::SeqCst)
    }

    /// Whether Ctrl-C was pressed.
    pub(crate) fn stopped(&self) -> bool {
        self.stops() > 0
    }

    /// Waits until something changes, and until the burst of changes is over.
    pub(crate) fn wait(&mut self) -> Happened {
        self.extend();
        let first = if self.why_polling.is_some() {
            match self.receiver.recv_timeout(POLL) {
                Ok(happened) => happened,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Happened::Change,
            }
        } else {
            self.receiver.recv().unwrap_or(Happened::Stop)
        };
        self.settle();
        if self.stopped() {
            return Happened::Stop;
        }
        first
    }

    /// Lets a burst of changes pass.
    fn settle(&self) {
        let end = Instant::now() + BURST;
        while Instant::now() < end && !self.stopped() {
            if self.receiver.recv_timeout(QUIET).is_err() {
                break;
            }
        }
    }

    /// Watches the folders that are there by now. The root is watched flat and each folder in it deep,
    /// so that the thousands of folders of the cache cost no watch.
    fn extend(&mut self) {
        let Some(watcher) = &mut self.watcher else {
            return;
        };
        let mut wanted = vec![(self.root.clone(), RecursiveMode::NonRecursive)];
        for entry in std::fs::read_dir(&self.root)
            .into_iter()
            .flatten()
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() && !is_own(&self.root, &self.project, &path) {
                wanted.push((path, RecursiveMode::Recursive));
            }
        }
        self.folders.retain(|folder| folder.is_dir());
        for (folder, mode) in wanted {
            if self.folders.contains(&folder) {
                continue;
            }
            match watcher.watch(&folder, mode) {
                Ok(()) => {
                    self.folders.insert(folder);
                }
                Err(error) => self.why_polling = Some(error.to_string()),
            }
        }
    }
}

fn tell(
    root: &Path,
    project: &Project,
    event: notify::Result<notify::Event>,
    sender: &Sender<Happened>,
) {
    let counts = event.map_or(true, |event| {
        let is_own = |path: &PathBuf| is_own(root, project, path);
        let is_read = matches!(event.kind, EventKind::Access(_));
        event.need_rescan() || (!is_read && !event.paths.iter().all(is_own))
    });
    if counts {
        // The receiver has gone: nobody is interested any more.
        let _ = sender.send(Happened::Change);
    }
}

fn is_own(root: &Path, project: &Project, path: &Path) -> bool {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let shown = RelPath::root().join(&inside.to_string_lossy());
    inside.as_os_str().is_empty()
        || PipelineFile::of_lock(project, &shown).is_some()
        || OWN.iter().any(|own| inside.starts_with(own))
}
