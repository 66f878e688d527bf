//! `kill -9` at random moments of a run of two hundred stages: the next run completes it, nothing is
//! falsely fresh, and no stage that was recorded runs twice.
//!
//! `KASLITE_TEST_KILLS` asks for more kills than the few of the test suite.

use crate::support::{Running, Space, kaslite, wait_until};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::File;
use std::time::{Duration, Instant};

const KILLS: usize = 6;
const STAGES: usize = 200;
/// Stages that run at once, and so the most that a kill can interrupt.
const JOBS: usize = 4;

/// Stages that read up to three earlier ones: files, folders, outs that are not cached, some slow
/// between the first and the last byte.
fn pipeline() -> String {
    let mut text = "stages:\n".to_owned();
    for stage in 0..STAGES {
        let near = stage.saturating_sub(9);
        let mut deps: Vec<usize> = [stage * 7, stage * 13 + 3, stage * 29 + 5]
            .map(|pick| near + pick % 9)
            .into_iter()
            .filter(|dep| *dep < stage)
            .collect();
        deps.sort_unstable();
        deps.dedup();
        let mut deps: Vec<String> = deps.into_iter().map(out).collect();
        deps.push("in.txt".to_owned());
        let own = out(stage);
        let (make, file) = match stage % 5 {
            0 => (format!("mkdir {own} && "), format!("{own}/file")),
            _ => (String::new(), own.clone()),
        };
        let slow = if stage % 8 == 0 { "; sleep 0.03" } else { "" };
        let _ = writeln!(
            text,
            "  s{stage}:\n    cmd: echo s{stage} >> \"$TICKS\" && {make}(echo {stage}{slow}; \
             find {} -type f | sort | xargs cksum) > {file}\n    deps: [{}]\n    outs: [{}]",
            deps.join(" "),
            deps.join(", "),
            if stage % 7 == 0 {
                format!("{{{own}: {{cache: false}}}}")
            } else {
                own.clone()
            },
        );
    }
    text
}

fn out(stage: usize) -> String {
    format!("made-{stage}")
}

fn space(input: &str) -> Space {
    let space = Space::new(&pipeline());
    space.write("in.txt", input);
    space
}

/// What a run that nothing disturbs makes of an input, from nothing.
struct Undisturbed {
    input: &'static str,
    files: Vec<(String, u32, String)>,
    took: Duration,
}

impl Undisturbed {
    fn of(input: &'static str) -> Self {
        let (space, began) = (space(input), Instant::now());
        space.kaslite("repro -j4").ok();
        Self {
            input,
            took: began.elapsed(),
            files: space.files(),
        }
    }

    /// The file of a stage's out.
    fn file(&self, stage: &str) -> (String, &str) {
        let own = stage.replacen('s', "made-", 1);
        let inside = format!("{own}/file");
        let found = self
            .files
            .iter()
            .find(|(name, _, _)| *name == own || *name == inside);
        let (name, _, text) = found.expect("every stage makes a file");
        (name.clone(), text)
    }
}

/// A number for each kill, spread evenly over 0..1 by steps of an irrational number.
fn spread(kill: usize, step: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "few kills")]
    let turns = kill as f64 * step;
    turns.fract()
}

/// What is done to one run.
struct Kill {
    number: usize,
    /// Everything that kaslite had started dies with it.
    whole_group: bool,
}

impl Kill {
    fn new(number: usize) -> Self {
        Self {
            number,
            whole_group: number.is_multiple_of(2),
        }
    }

    /// Starts a run and kills it; the stages that it had said were done.
    fn strike(&self, space: &Space, whole: Duration) -> BTreeSet<String> {
        let events = space.beside("events");
        let mut command = space.program(kaslite());
        command
            .args(["repro", "-j4", "--json"])
            .stdout(File::create(&events).expect("a file beside the project"));
        let before = space.ran_so_far();
        let mut running = Running::start(&mut command, space.root().to_owned());
        self.wait(space, &mut running, before, whole);
        if self.whole_group {
            running.kill_all();
        } else {
            running.signal("KILL");
        }
        running.wait();
        let text = std::fs::read_to_string(events).expect("the events");
        // The last line may be cut off.
        let events = text
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let done =
            events.filter(|event| event["event"] == "stage-finished" && event["outcome"] == "done");
        done.map(|event| event["stage"].as_str().expect("a name").to_owned())
            .collect()
    }

    /// Until some stage begins and a bit more, or for some time.
    fn wait(&self, space: &Space, running: &mut Running, before: usize, whole: Duration) {
        let moment = spread(self.number, 0.618_033_988_75);
        // The third life restores: few stages begin, and it takes less time.
        match self.number % 12 {
            2 | 5 | 8 | 11 => return std::thread::sleep(whole.mul_f64(moment / 2.0)),
            3 | 4 => return std::thread::sleep(whole.mul_f64(moment)),
            _ => {}
        }
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 200"
        )]
        let stage = (moment * STAGES as f64) as usize;
        wait_until("a stage to begin", || {
            space.ran_so_far() >= before + stage || running.has_ended()
        });
        std::thread::sleep(Duration::from_millis(8).mul_f64(spread(self.number, 0.414_213_562_37)));
    }

    /// Stages that are fresh by what `status` says, which must be true.
    fn fresh(&self, space: &Space, wanted: &Undisturbed) -> BTreeSet<String> {
        let status = space.kaslite("status --json").ok().json();
        let stages = status.as_array().expect("a list").iter();
        let fresh = stages.filter(|stage| stage["state"] == "fresh");
        let fresh: BTreeSet<String> = fresh
            .map(|stage| stage["stage"].as_str().expect("a name").to_owned())
            .collect();
        for stage in &fresh {
            let (file, text) = wanted.file(stage);
            assert_eq!(
                space.read(&file),
                text,
                "kill {}: {stage} is not fresh",
                self.number
            );
        }
        fresh
    }
}

#[test]
fn a_run_of_two_hundred_stages_that_is_killed_is_completed_and_nothing_recorded_runs_twice() {
    let kills = std::env::var("KASLITE_TEST_KILLS").ok();
    let kills = kills.and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let (first, second) = (Undisturbed::of("one\n"), Undisturbed::of("two\n"));
    let mut space = None;
    for number in 0..kills {
        let kill = Kill::new(number);
        // Three lives of a project: its first run, a run over old outs, and one more over older ones
        // that the run cache has.
        let (wanted, project) = match number % 3 {
            0 => (&first, space.insert(self::space("one\n"))),
            1 => (&second, space.as_mut().expect("made by the kill before")),
            _ => (&first, space.as_mut().expect("made two kills before")),
        };
        project.write("in.txt", wanted.input);
        project.ran();
        struck(project, &kill, wanted);
    }
}

fn struck(space: &Space, kill: &Kill, wanted: &Undisturbed) {
    let when = format!("kill {}", kill.number);
    let mut recorded = kill.strike(space, wanted.took);
    recorded.extend(kill.fresh(space, wanted));
    let begun = space.ran();
    space.kaslite("repro -j4").ok();
    let again = space.ran();
    let twice: Vec<&String> = again
        .iter()
        .filter(|stage| recorded.contains(*stage))
        .collect();
    assert!(twice.is_empty(), "{when}: {twice:?} ran though recorded");
    assert!(
        begun.len() + again.len() <= STAGES + JOBS,
        "{when}: {} + {}",
        begun.len(),
        again.len()
    );
    let made = space.files();
    let differ = made.iter().zip(&wanted.files).find(|(a, b)| a != b);
    assert_eq!(made.len(), wanted.files.len(), "{when}");
    assert_eq!(differ, None, "{when}");
    space.kaslite("repro").ok().says("200 fresh");
}
