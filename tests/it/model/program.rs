//! [`Real`]: the program, as a person runs it.

use crate::model::driver::{Driver, End, Fate, Place, State, Told, Wish};
use crate::support::kaslite;
use serde_json::Value;
use std::os::unix::process::CommandExt;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// The program `kaslite`.
pub(super) struct Real;

fn command(place: &Place) -> Command {
    let mut command = Command::new(kaslite());
    command
        .env_clear()
        .envs(&place.environment)
        .env("HOME", &place.root)
        .current_dir(&place.root)
        .stdin(Stdio::null());
    command
}

fn options(wish: &Wish) -> Vec<String> {
    let mut options = wish.targets.clone();
    let flags = [
        (wish.single, "--single"),
        (wish.downstream, "--downstream"),
        (wish.force, "--force"),
    ];
    options.extend(
        flags
            .into_iter()
            .filter(|(set, _)| *set)
            .map(|(_, flag)| flag.to_owned()),
    );
    options
}

/// The output of a command that neither was refused nor fell over.
fn told(output: &Output) -> Result<&Output, String> {
    match output.status.code() {
        Some(0 | 1 | 130) => Ok(output),
        _ => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

fn done(place: &Place, arguments: &[&str]) -> Result<(), String> {
    let output = command(place)
        .args(arguments)
        .output()
        .expect("the program starts");
    told(&output).map(|_| ())
}

fn end(outcome: &Value) -> End {
    match outcome
        .as_str()
        .or_else(|| outcome.as_object()?.keys().next().map(String::as_str))
    {
        Some("fresh") => End::Fresh,
        Some("restored") => End::Restored,
        Some("done") => End::Ran,
        Some("failed") => End::Failed,
        Some("skipped") => End::Skipped,
        Some("cancelled") => End::Interrupted,
        Some("frozen") => End::Frozen,
        _ => panic!("what is {outcome}?"),
    }
}

impl Driver for Real {
    fn status(&self, place: &Place, wish: &Wish) -> Told<State> {
        let mut command = command(place);
        let output = command
            .args(["status", "--json"])
            .args(options(wish))
            .output();
        let output = output.expect("the program starts");
        let list: Value = serde_json::from_slice(&told(&output)?.stdout).expect("JSON");
        let state = |stage: &Value| match (stage["state"].as_str(), stage["cached"].as_bool()) {
            (Some("fresh"), _) => State::Fresh,
            (Some("stale"), Some(true)) => State::Cached,
            (Some("stale"), _) => State::Stale,
            (Some("frozen"), _) => State::Frozen,
            _ => State::Unknown,
        };
        let stages = list.as_array().expect("a list").iter();
        let name = |stage: &Value| stage["stage"].as_str().expect("a name").to_owned();
        Ok(stages.map(|stage| (name(stage), state(stage))).collect())
    }

    fn repro(&self, place: &Place, wish: &Wish, fate: &Fate) -> Option<Told<End>> {
        let mut command = command(place);
        command
            .args(["repro", "--json"])
            .args(options(wish))
            .arg(format!("-j{}", wish.jobs.max(1)));
        if wish.keep_going {
            command.arg("--keep-going");
        }
        if wish.no_run_cache {
            command.arg("--no-run-cache");
        }
        if let Fate::Killed(moment) = fate {
            let child = command
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .process_group(0)
                .spawn();
            let mut child = child.expect("the program starts");
            std::thread::sleep(Duration::from_millis(
                u64::try_from(*moment).expect("a few"),
            ));
            let group = format!("-{}", child.id());
            let kill = Command::new("kill")
                .args(["-s", "KILL", "--", &group])
                .stderr(Stdio::null())
                .status();
            kill.expect("the program kill");
            child.wait().expect("a child");
            return None;
        }
        let output = command.output().expect("the program starts");
        Some(told(&output).map(|output| {
            let text = String::from_utf8_lossy(&output.stdout);
            let last = text.lines().last().expect("an event");
            let last: Value = serde_json::from_str(last).expect("JSON");
            let stages = last["stages"]
                .as_array()
                .expect("the end of the run")
                .iter();
            let name = |stage: &Value| stage[0].as_str().expect("a name").to_owned();
            stages.map(|stage| (name(stage), end(&stage[1]))).collect()
        }))
    }

    fn commit(&self, place: &Place, targets: &[String]) -> Result<(), String> {
        let targets = targets.iter().map(String::as_str);
        done(
            place,
            &["commit"].into_iter().chain(targets).collect::<Vec<_>>(),
        )
    }

    fn checkout(&self, place: &Place, force: bool) -> Result<(), String> {
        done(
            place,
            if force {
                &["checkout", "--force"]
            } else {
                &["checkout"]
            },
        )
    }

    fn gc(&self, place: &Place) -> Result<(), String> {
        done(place, &["gc", "--workspace"])
    }
}
