//! [`Library`]: the engine in this process; only what is killed has a process of its own.

use crate::model::builtin::registry;
use crate::model::driver::{Driver, End, Fate, Place, State, Told, Wish};
use kaslite_engine::cache::Limits;
use kaslite_engine::cancel::Cancel;
use kaslite_engine::certificate::Certificate;
use kaslite_engine::checkout::{CheckoutOptions, checkout};
use kaslite_engine::commit::commit;
use kaslite_engine::error::EngineError;
use kaslite_engine::event::{Decided, Event, EventSink, Outcome};
use kaslite_engine::project::Project;
use kaslite_engine::repro::{ReproOptions, repro};
use kaslite_engine::run_lock::RunLock;
use kaslite_engine::standing::Standing;
use kaslite_engine::workspace::{Selection, Workspace};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

/// By this variable a process knows that it is the one to be killed, and what it is to do.
const DOOM: &str = "KASLITE_TEST_DOOM";

/// The engine as a library.
pub(super) struct Library;

/// Does at the n-th event what is to happen to the run.
struct Meddler<'a> {
    place: &'a Place,
    fate: &'a Fate,
    seen: AtomicUsize,
    cancel: Cancel,
}

impl EventSink for Meddler<'_> {
    fn emit(&self, _: &Event) {
        let seen = self.seen.fetch_add(1, Ordering::SeqCst);
        match self.fate {
            Fate::Interrupted(moment) if *moment == seen => self.cancel.cancel(),
            Fate::Killed(moment) if *moment == seen => std::process::abort(),
            Fate::Edited(moment, name, text) if *moment == seen => {
                // Where a folder lies, it stays.
                let _ = std::fs::write(self.place.root.join(name), text);
            }
            Fate::Undisturbed | Fate::Interrupted(_) | Fate::Killed(_) | Fate::Edited(..) => {}
        }
    }
}

fn project(place: &Place) -> Project {
    Project::of_file(&place.root.join("pipeline.yaml"), place.environment.clone())
}

fn open(place: &Place) -> Result<Workspace, String> {
    Workspace::open(project(place), registry(place.code)).map_err(words)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn words(error: EngineError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// The lock of the project. For a moment, a process that a test beside this one is starting has the open
/// file too.
fn lock(place: &Place) -> Result<RunLock, String> {
    for _ in 0..1000 {
        match RunLock::take(&project(place)) {
            Err(EngineError::Busy { .. }) => std::thread::sleep(Duration::from_millis(5)),
            taken => return taken.map_err(words),
        }
    }
    Err("the lock of the project is never free".to_owned())
}

fn selection(wish: &Wish) -> Selection {
    Selection {
        targets: wish.targets.clone(),
        single: wish.single,
        downstream: wish.downstream,
        ..Selection::default()
    }
}

/// The stages, where nothing changed since all were fresh: as every command looks first.
fn all_fresh(place: &Place, wish: &Wish) -> Option<Vec<String>> {
    let standing = Standing::find(&project(place), registry(place.code).specs())?;
    let whole = wish.targets.is_empty() && !wish.force;
    let names = standing.stages().map(|(name, _)| name.to_owned());
    (whole && standing.is_fresh()).then(|| names.collect())
}

fn run(place: &Place, wish: &Wish, fate: &Fate) -> Told<End> {
    if let Some(stages) = all_fresh(place, wish) {
        return Ok(stages
            .into_iter()
            .map(|stage| (stage, End::Fresh))
            .collect());
    }
    let mut workspace = open(place)?;
    workspace.run_cache = !wish.no_run_cache;
    let options = ReproOptions {
        selection: selection(wish),
        force: wish.force,
        keep_going: wish.keep_going,
        jobs: wish.jobs.max(1),
        ..ReproOptions::default()
    };
    let meddler = Meddler {
        place,
        fate,
        seen: AtomicUsize::new(0),
        cancel: Cancel::default(),
    };
    let summary = repro(&workspace, &options, &meddler, &meddler.cancel).map_err(words)?;
    let end = |outcome| match outcome {
        Outcome::Fresh => End::Fresh,
        Outcome::Restored => End::Restored,
        Outcome::Done => End::Ran,
        Outcome::Failed(_) => End::Failed,
        Outcome::Skipped(_) => End::Skipped,
        Outcome::Cancelled => End::Interrupted,
        Outcome::Frozen => End::Frozen,
    };
    let stages = summary.stages.into_iter();
    Ok(stages
        .map(|(stage, outcome)| (stage, end(outcome)))
        .collect())
}

impl Driver for Library {
    fn status(&self, place: &Place, wish: &Wish) -> Told<State> {
        if let Some(stages) = all_fresh(place, wish) {
            return Ok(stages
                .into_iter()
                .map(|stage| (stage, State::Fresh))
                .collect());
        }
        let workspace = open(place)?;
        let plan = workspace
            .plan(&selection(wish), wish.force)
            .map_err(words)?;
        workspace.snapshot.save();
        let stages = &workspace.pipeline.stages;
        let names = workspace.lock.names().into_iter();
        let orphans = names
            .filter(|name| workspace.pipeline.index(name).is_none())
            .count();
        if wish.targets.is_empty() && !wish.force && orphans == 0 {
            Certificate::keep(&workspace, &plan);
        }
        let state = |decided| match decided {
            Decided::Fresh => State::Fresh,
            Decided::Restore => State::Cached,
            Decided::Run => State::Stale,
            Decided::Frozen => State::Frozen,
            Decided::Unknown => State::Unknown,
        };
        let told = plan.into_iter();
        Ok(told
            .map(|(index, judged)| (stages[index].name.clone(), state(judged.decision.what)))
            .collect())
    }

    fn repro(&self, place: &Place, wish: &Wish, fate: &Fate) -> Option<Told<End>> {
        if !matches!(fate, Fate::Killed(_)) {
            return Some(run(place, wish, fate));
        }
        let doom = serde_json::to_string(&(place, wish, fate)).expect("plain data");
        let mut doomed = Command::new(std::env::current_exe().expect("this program"))
            .args([
                "--exact",
                "--ignored",
                "model::library::a_run_that_is_to_be_killed",
            ])
            .env(DOOM, doom)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("this program starts");
        doomed.wait().expect("a child");
        // Its commands die with it.
        let group = format!("-{}", doomed.id());
        let kill = Command::new("kill")
            .args(["-s", "KILL", "--", &group])
            .stderr(Stdio::null())
            .status();
        kill.expect("the program kill");
        None
    }

    fn commit(&self, place: &Place, targets: &[String]) -> Result<(), String> {
        let _lock = lock(place)?;
        let selection = Selection {
            targets: targets.to_vec(),
            ..Selection::default()
        };
        commit(&open(place)?, &selection).map(|_| ()).map_err(words)
    }

    fn checkout(&self, place: &Place, force: bool) -> Result<(), String> {
        let _lock = lock(place)?;
        let workspace = open(place)?;
        let options = CheckoutOptions {
            targets: Vec::new(),
            force,
        };
        let wanted = workspace.lock.entries();
        checkout(&workspace, &wanted, &options)
            .map(|_| ())
            .map_err(words)
    }

    fn gc(&self, place: &Place) -> Result<(), String> {
        let _lock = lock(place)?;
        let workspace = open(place)?;
        let (roots, limits) = (workspace.lock.needed(), Limits::default());
        let swept = workspace
            .cache
            .sweep(&roots, &limits, SystemTime::now(), false);
        swept.map(|_| ()).map_err(|error| error.to_string())
    }
}

/// What [`Library::repro`] starts: no test by itself.
#[test]
#[ignore = "a process that another test starts to have it killed"]
fn a_run_that_is_to_be_killed() {
    let Ok(doom) = std::env::var(DOOM) else {
        return;
    };
    let (place, wish, fate): (Place, Wish, Fate) = serde_json::from_str(&doom).expect("plain data");
    let _ = run(&place, &wish, &fate);
}
