//! `kaslite train`: single experiments; replay; kill and resume.

use crate::support::{Ran, Space, kaslite_torch, wait_until};
use crate::training::project::assert_equal;
use std::path::Path;
use std::time::{Duration, Instant};

/// Kills in the test suite; `KASLITE_TEST_KILLS` asks for more.
const KILLS: usize = 4;

/// A run in which seeds grow, of a second at most.
const RUN: &str = "train --problem-type moons --n_samples 200 --input_dim 2 --moon-noise 0.3 \
    --hidden_dim 16 --num-layers 2 --seeds_per_layer 2 --warm_up_epochs 12 --adaptation-epochs 30 \
    --acc_threshold 1.0 --progress_thresh 0.2 --blend_steps 5 --set train.patience=3 \
    --checkpoint-every 3";

fn space() -> Space {
    kaslite_torch();
    Space::empty()
}

/// The only run of a project.
fn only(space: &Space) -> String {
    let records = space.records();
    assert_eq!(records.len(), 1, "{records:?}");
    records[0].clone()
}

/// What a run drew and trained.
fn made(space: &Space, run: &str) -> Vec<(String, String)> {
    let folder = space.path(&format!("results/runs/{run}"));
    let mut files = Vec::new();
    for part in ["data", "train"] {
        list(&folder.join(part), part, &mut files);
    }
    files.sort();
    files
}

fn list(folder: &Path, name: &str, into: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the run") {
        let path = entry.expect("a folder of the run").path();
        let name = format!("{name}/{}", path.file_name().expect("a name").display());
        if path.is_dir() {
            list(&path, &name, into);
        } else {
            let bytes = std::fs::read(&path).expect("a file of the run");
            into.push((name, format!("{bytes:?}")));
        }
    }
}

#[test]
fn a_single_experiment_needs_no_pipeline_and_leaves_a_record() {
    let space = space();
    let line = format!("{RUN} --name moons --tag small --set seeds.landing=reference");
    space.kaslite(&line).ok().says("best accuracy");
    let run = only(&space);
    assert!(run.starts_with("moons_"), "{run}");
    space
        .kaslite("runs show latest")
        .ok()
        .prints("seeds.landing")
        .prints("small");
    let listed = space.run(&["runs", "list", "--where", "train.patience == 3", "--json"]);
    let listed = listed.ok();
    assert_eq!(listed.json().as_array().expect("a list").len(), 1);
    let config = space.read(&format!("results/runs/{run}/train/config.json"));
    let config: serde_json::Value = serde_json::from_str(&config).expect("JSON");
    // Given by a flag, by `--set`, and by the script's default.
    assert_eq!(config["seeds.blend_steps"], 5);
    assert_eq!(config["seeds.landing"], "reference");
    assert_eq!(config["train.lr"], 0.003);
    assert!(!space.has(&format!("results/runs/{run}/checkpoint")));
    let head = space.read(&format!("results/runs/{run}/config.yaml"));
    assert!(
        head.contains("seeds.landing: continuous"),
        "what it would be: {head}"
    );
    for name in ["REPORT.md", "logs/train.log", "logs/metrics.csv"] {
        assert!(space.has(&format!("results/runs/{run}/{name}")), "{name}");
    }
    assert!(
        !space.has(".kaslite"),
        "a single experiment leaves no cache"
    );
}

#[test]
fn what_is_wrong_with_the_flags_is_said_before_anything_is_made() {
    let space = space();
    space
        .kaslite("train --lr abc --n_samples 1 --set train.foo=1")
        .exits(2)
        .says("3 problems")
        .says("--lr abc: `train.lr` must be")
        .says("--n_samples 1: `data.n_samples` must be")
        .says("--set train.foo=1: no param `train.foo`");
    space
        .kaslite("train --sweep-config x.yaml")
        .exits(2)
        .says("`uses: sweep`");
    space
        .kaslite("train --params none.yaml")
        .exits(2)
        .says("`none.yaml` is not there");
    assert!(!space.has("results"));
}

#[test]
fn a_run_starts_from_the_params_of_another() {
    let space = space();
    space.kaslite(RUN).ok();
    let first = only(&space);
    let config = format!("results/runs/{first}/config.yaml");
    space
        .run(&["train", "--params", &config, "--name", "again"])
        .ok();
    let again = space
        .records()
        .into_iter()
        .find(|run| run.starts_with("again_"));
    let again = again.expect("a second record");
    assert_equal(
        &made(&space, &again),
        &made(&space, &first),
        "the same params",
    );
}

#[test]
fn three_runs_replay_byte_for_byte() {
    let space = space();
    let others = [
        "--seed 7",
        "--set seeds.controller=tamiyo --set seeds.lesson=task --set seeds.tempo=fast",
        "--set seeds.landing=reference",
    ];
    for other in others {
        space.kaslite(&format!("{RUN} {other}")).ok();
        let ran = space.kaslite("train --replay latest").ok();
        ran.says("equal byte for byte")
            .prints("equal     train/slots.parquet");
    }
    let run = space.records().into_iter().next_back().expect("a run");
    assert!(!space.has(&format!("results/runs/{run}/replay")));
    // A run that was tampered with does not repeat.
    space.write(&format!("results/runs/{run}/train/epochs.parquet"), "other");
    let ran = space.run(&["train", "--replay", &run]).exits(1);
    ran.says("1 of 19 files differ")
        .prints("different train/epochs.parquet");
    space
        .kaslite("train --resume latest")
        .exits(2)
        .says("there is nothing to go on with");
    space
        .kaslite("train --replay latest --lr 0.1")
        .exits(2)
        .says("`--lr` cannot be given");
}

/// Waits until the only run has told of an epoch.
fn wait_for_an_epoch(space: &Space) {
    wait_until("the first epochs", || {
        space.records().first().is_some_and(|run| {
            let events = space.read_or_nothing(&format!("results/runs/{run}/events.jsonl"));
            events.contains("metric.accuracy.val")
        })
    });
}

/// Demands that the record says after which epoch the run went on.
#[track_caller]
fn assert_resumed(space: &Space, run: &str, ran: &Ran) {
    let said = ran.stderr.split("goes on after epoch ").nth(1);
    let epoch = said.map_or("0", |said| said.lines().next().unwrap_or_default());
    let config = space.read(&format!("results/runs/{run}/config.yaml"));
    let wanted = format!("resumed_from: {run}\n  resumed_epoch: {epoch}\n");
    assert!(config.contains(&wanted), "no `{wanted}` in:\n{config}");
    let log = space.read(&format!("results/runs/{run}/logs/train.log"));
    assert!(log.contains(" INFO    train: | epoch 1: warm-up"), "{log}");
}

/// Every run is killed while it trains, and once more after it was gone on with.
#[test]
fn a_run_that_is_killed_again_and_again_ends_as_if_it_never_was() {
    let kills = std::env::var("KASLITE_TEST_KILLS").ok();
    let kills = kills.and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let long = RUN.replace("--adaptation-epochs 30", "--adaptation-epochs 90");
    let undisturbed = space();
    let began = Instant::now();
    let running = undisturbed.start(&long);
    wait_for_an_epoch(&undisturbed);
    let trains = Instant::now();
    running.wait().ok();
    let (whole, training) = (began.elapsed(), trains.elapsed());
    let wanted = made(&undisturbed, &only(&undisturbed));
    let (mut moment, mut killed, mut tries, mut checkpoints) = (0.37, 0, 0, 0);
    while killed < kills {
        tries += 1;
        assert!(tries < 10 * kills, "they end before they are killed");
        // Steps of the golden ratio cover the whole training evenly.
        moment = (moment + 0.618_033_988_75) % 1.0;
        let space = space();
        let running = space.start(&long);
        wait_for_an_epoch(&space);
        std::thread::sleep(training.mul_f64(moment));
        running.kill_all();
        running.wait();
        let run = only(&space);
        let in_run = |name: &str| format!("results/runs/{run}/{name}");
        if space.has(&in_run("summary.json")) {
            continue;
        }
        killed += 1;
        checkpoints += usize::from(space.has(&in_run("checkpoint/state")));
        let again = space.start(&format!("train --resume {run}"));
        std::thread::sleep(whole.mul_f64(moment));
        again.kill_all();
        again.wait();
        if !space.has(&in_run("summary.json")) {
            let ran = space.run(&["train", "--resume", &run]).ok();
            assert_resumed(&space, &run, &ran);
        }
        let when = format!("kill {killed} after {moment:.3} of {training:?}");
        assert_equal(&made(&space, &run), &wanted, &when);
        assert!(!space.has(&in_run("checkpoint")), "{when}");
    }
    assert!(
        checkpoints > 0,
        "none of {kills} runs went on from a checkpoint"
    );
    eprintln!("{checkpoints} of {kills} runs went on from a checkpoint");
}

#[test]
fn ctrl_c_keeps_the_epoch_and_the_run_goes_on_from_there() {
    let undisturbed = space();
    let long = RUN
        .replace("--adaptation-epochs 30", "--adaptation-epochs 90")
        .replace("--checkpoint-every 3", "--checkpoint-every 1000");
    undisturbed.kaslite(&long).ok();
    let wanted = made(&undisturbed, &only(&undisturbed));
    let space = space();
    let running = space.start(&long);
    wait_for_an_epoch(&space);
    running.signal("INT");
    let ran = running.wait().exits(130);
    let run = only(&space);
    ran.says(&format!("`kaslite train --resume {run}` goes on with it"));
    // Damaged, it is refused; whole, it is gone on with.
    let state = format!("results/runs/{run}/checkpoint/state");
    let bytes = std::fs::read(space.path(&state)).expect("a checkpoint");
    space.write(&state, &bytes[..bytes.len() - 1]);
    space
        .run(&["train", "--resume", &run])
        .exits(1)
        .says("is damaged");
    space.write(&state, &bytes);
    space
        .run(&["train", "--replay", &run])
        .exits(2)
        .says("did not come to its end");
    space
        .run(&["train", "--resume", &run])
        .ok()
        .says("goes on after epoch");
    assert_equal(&made(&space, &run), &wanted, "after Ctrl-C");
    space.run(&["train", "--replay", &run]).ok();
}

#[test]
fn a_run_that_goes_on_is_not_gone_on_with_by_another() {
    let space = space();
    let running = space.start(&RUN.replace("--n_samples 200", "--n_samples 20000"));
    wait_until("the run to begin", || {
        space.records().first().is_some_and(|run| {
            space.has(&format!("results/runs/{run}/checkpoint/lock"))
                && space.has(&format!("results/runs/{run}/data"))
        })
    });
    let run = only(&space);
    space
        .run(&["train", "--resume", &run])
        .exits(5)
        .says("another kaslite trains");
    running.kill_all();
    std::thread::sleep(Duration::from_millis(1));
    running.wait();
}

/// With a thousand times the learning rate something goes wrong: when, by which sign, where the trace
/// lies and from where it could be gone on with is said, and no number that is none is unmarked.
#[test]
fn a_run_that_goes_wrong_tells_when_and_by_which_sign() {
    let space = space();
    let wrong = format!("{RUN} --lr 3.0 --checkpoint-every 1");
    let wrong = wrong.replacen(" --checkpoint-every 3", "", 1);
    let ran = space.kaslite(&wrong);
    let ran = ran.says("something went wrong").says("TROUBLE.md");
    let run = only(&space);
    let trouble = space.read(&format!("results/runs/{run}/TROUBLE.md"));
    let begin = "It began in epoch 1: the validation loss is ";
    assert!(trouble.contains(begin), "{trouble}");
    assert!(
        trouble.contains("`train/dense_batches.parquet`"),
        "{trouble}"
    );
    assert!(space.has(&format!("results/runs/{run}/train/dense_windows.parquet")));
    // What was ruined in the first epoch never becomes good by standing still.
    let best = space.run(&["runs", "show", &run, "--json"]).ok().json();
    let best = &best["metrics"]["train/metrics.json"]["loss.val.best"];
    if best.as_f64().is_some_and(|loss| loss > 1.0) {
        assert!(
            trouble.contains("No good checkpoint was left."),
            "{trouble}"
        );
    }
    let report = space.read(&format!("results/runs/{run}/REPORT.md"));
    assert!(report.contains("`TROUBLE.md`"), "{report}");
    // On the screen and in the file the same is warned of.
    let warned = ran.stderr.contains("unsound_gradients: ");
    assert_eq!(trouble.contains("`unsound_gradients`"), warned, "{trouble}");
}

/// A run that goes wrong late leaves the checkpoint of before.
#[test]
fn the_last_good_checkpoint_is_that_before_it_went_wrong() {
    let space = space();
    let wrong = format!("{RUN} --set telemetry.accuracy_drop=0.1");
    space.kaslite(&wrong).ok().says("something went wrong");
    let run = only(&space);
    let trouble = space.read(&format!("results/runs/{run}/TROUBLE.md"));
    assert!(trouble.contains("checkpoint/last_good"), "{trouble}");
    assert!(space.has(&format!("results/runs/{run}/checkpoint/last_good")));
}

#[test]
fn a_replay_with_other_code_says_so_first() {
    let space = space();
    space.kaslite(RUN).ok();
    let run = only(&space);
    let code = format!("results/runs/{run}/code.json");
    let mut told: serde_json::Value = serde_json::from_str(&space.read(&code)).expect("JSON");
    let ran = space.kaslite("train --replay latest").ok();
    assert!(!ran.stderr.contains("the code of"), "{}", ran.text());
    told["train"]["digest"] = "other".into();
    told["train"]["files"]["stages/train/stage.rs"] = "other".into();
    space.write(&code, told.to_string());
    let ran = space.kaslite("train --replay latest").ok();
    let line = format!("the code of `train` is not that which made `{run}`: stages/train/stage.rs");
    let first = ran.stderr.lines().next().unwrap_or_default();
    assert!(first.contains(&line), "{}", ran.text());
    space.write(&format!("results/runs/{run}/train/epochs.parquet"), "other");
    space
        .kaslite("train --replay latest")
        .exits(1)
        .says("the code is another one than that which made it");
}

/// A loss that is no number ends the run, and what led to it is there.
#[test]
fn a_run_that_fails_leaves_what_led_to_it() {
    let space = space();
    let wrong = format!("{RUN} --lr 1e30");
    let ran = space.kaslite(&wrong).exits(1);
    ran.says("became").says("TROUBLE.md");
    let run = only(&space);
    let trouble = space.read(&format!("results/runs/{run}/TROUBLE.md"));
    assert!(trouble.contains("`not_finite`"), "{trouble}");
    assert!(trouble.contains("It ended before its time"), "{trouble}");
    assert!(
        trouble.contains("No good checkpoint was left."),
        "{trouble}"
    );
    assert!(space.has(&format!("results/runs/{run}/train/dense_batches.parquet")));
}

#[test]
fn trouble_is_told_once_as_a_warning_when_it_begins() {
    let space = space();
    let ordinary = space.kaslite(RUN).ok();
    assert!(!ordinary.stderr.contains("warning"), "{}", ordinary.text());
    let still = RUN.replace("--warm_up_epochs 12", "--warm_up_epochs 60");
    let still = format!("{still} --lr 1e-12 --name still");
    let ran = space.kaslite(&still).ok();
    let warning = "learns for 21 epochs without a better validation loss or accuracy";
    assert_eq!(ran.stderr.matches("stagnation: ").count(), 1);
    let ran = ran.says(warning);
    assert!(
        ran.stderr.contains("warning: train: epoch "),
        "{}",
        ran.text()
    );
    let run = space
        .records()
        .into_iter()
        .find(|run| run.starts_with("still"));
    let folder = format!("results/runs/{}", run.expect("the run"));
    let log = space.read(&format!("{folder}/logs/train.log"));
    let lines = log.lines().filter(|line| line.contains(warning));
    let lines: Vec<&str> = lines.collect();
    assert_eq!(lines.len(), 1, "{log}");
    assert!(lines[0].contains(" WARNING train: "), "{}", lines[0]);
    let events = space.read(&format!("{folder}/events.jsonl"));
    let event = events.lines().find(|line| line.contains(warning));
    let event: serde_json::Value = serde_json::from_str(event.expect("an event")).expect("JSON");
    assert_eq!(event["event"], "warning");
    assert_eq!(event["alert"]["sign"], "stagnation");
    assert_eq!(event["alert"]["over"], false);
    let shown = space.run(&["runs", "show", "latest", "--json"]).ok().json();
    assert_eq!(shown["components"]["health.policy"]["status"], "disabled");
}
