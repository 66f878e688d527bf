//! 123–126: several stages and several kaslites at once.

use crate::schedule::waiting;
use crate::support::{Space, kaslite, wait_until};
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Two stages that note when they begin and end.
fn pair(first: &str, second: &str) -> Space {
    let stage = |name: &str, keys: &str| {
        format!(
            "  {name}:
    cmd: echo begin >> ../order; sleep 0.2; echo end >> ../order; cp in.txt {name}
    deps: [in.txt]
    outs: [{name}]
    {keys}
"
        )
    };
    let space = Space::new(&format!(
        "stages:\n{}{}",
        stage("a", first),
        stage("b", second)
    ));
    space.write("in.txt", "one\n");
    space
}

fn order(space: &Space) -> String {
    let text = std::fs::read_to_string(space.beside("order")).expect("the order");
    text.replace('\n', " ")
}

const APART: &str = "begin end begin end ";

#[test]
fn b123_four_jobs_make_the_lock_of_one() {
    let stages: Vec<String> = (0..8)
        .map(|n| {
            format!("  s{n}: {{cmd: sleep 0.5; cp in.txt s{n}, deps: [in.txt], outs: [s{n}]}}\n")
        })
        .collect();
    let make = |line: &str| {
        let space = Space::new(&format!("stages:\n{}", stages.concat()));
        space.write("in.txt", "one\n");
        let began = Instant::now();
        space.kaslite(line).ok();
        (space.lock(), began.elapsed())
    };
    let ((one, slow), (four, fast)) = (make("repro -j1"), make("repro -j4"));
    assert_eq!(one, four);
    assert!(slow >= Duration::from_secs(4) && fast < slow);
}

#[test]
fn b123_the_longest_work_starts_first() {
    let space = Space::new(
        "stages:
  short: {cmd: tick && cp in.txt short, deps: [in.txt], outs: [short]}
  long: {cmd: tick && cp in.txt long, deps: [in.txt], outs: [long]}
",
    );
    space.write("in.txt", "one\n");
    space.write(
        ".kaslite/durations-pipeline.yaml",
        r#"{"short": 5, "long": 50}"#,
    );
    space.kaslite("repro -j1").ok();
    assert_eq!(space.ran(), ["long", "short"]);
}

#[test]
fn b124_stages_of_one_pool_never_overlap() {
    let space = pair("pool: disk", "pool: disk");
    space.kaslite("repro -j4").ok();
    assert_eq!(order(&space), APART);
}

#[test]
fn b124_nor_do_they_in_two_kaslites() {
    let space = pair("pool: disk", "pool: disk");
    let running = [space.start("repro a"), space.start("repro b")];
    for running in running {
        running.wait().ok();
    }
    assert_eq!(order(&space), APART);
}

#[test]
fn b124_a_deeper_pool_lets_more_run() {
    let space = pair("pool: disk", "pool: disk");
    let text = space.read("pipeline.yaml");
    space.write("pipeline.yaml", format!("pools: {{disk: 2}}\n{text}"));
    space.kaslite("repro -j4").ok();
    assert!(order(&space).starts_with("begin begin"));
}

#[test]
fn b124_resources_are_shared_and_what_wants_too_much_runs_alone() {
    for (first, second, flags) in [
        ("resources: {cpus: 3}", "resources: {cpus: 2}", "-j4"),
        ("resources: {cpus: 99}", "", "-j4"),
        (
            "resources: {memory: 3GiB}",
            "resources: {memory: 2GiB}",
            "-j4 --memory 4GiB",
        ),
        ("resources: {memory: 9GiB}", "", "-j4 --memory 4GiB"),
        (
            "resources: {gpus: 1}",
            "resources: {gpus: 1}",
            "-j4 --gpus 1",
        ),
    ] {
        let space = pair(first, second);
        space.kaslite(&format!("repro {flags}")).ok();
        assert_eq!(order(&space), APART, "{first} {second}");
    }
}

#[test]
fn b124_a_gpu_that_is_not_there_is_refused_and_one_that_is_is_named() {
    let space = Space::new(
        "stages:\n  a: {cmd: echo $CUDA_VISIBLE_DEVICES > a, deps: [in.txt], outs: [a], resources: {gpus: 2}}\n",
    );
    space.write("in.txt", "one\n");
    space
        .kaslite("repro --gpus 1")
        .exits(1)
        .says("it wants 2 GPUs, and there is 1 GPU");
    space.kaslite("repro --gpus 2").ok();
    assert_eq!(space.read("a"), "0,1\n");
    // What is fresh needs none.
    space.kaslite("repro --gpus 0").ok().says("1 fresh");
}

#[test]
fn b125_two_repros_of_disjoint_targets_run_at_once() {
    let stage = |own: &str, other: &str| {
        format!(
            "  {own}:
    cmd: touch at-{own}; until test -e at-{other}; do sleep 0.01; done; cp in.txt {own}
    deps: [in.txt]
    outs: [{own}]
"
        )
    };
    let space = Space::new(&format!("stages:\n{}{}", stage("a", "b"), stage("b", "a")));
    space.write("in.txt", "one\n");
    let running = [space.start("repro a"), space.start("repro b")];
    for running in running {
        running.wait().ok();
    }
    assert!(!space.has(".kaslite/journal-pipeline.yaml") && !space.has(".kaslite/tmp"));
    space.kaslite("status --check").ok();
    space.kaslite("repro").ok().says("2 fresh");
}

#[test]
fn b125_the_second_repro_of_a_stage_waits_and_finds_it_fresh() {
    let space = waiting();
    let first = space.start("repro");
    let id = first.id();
    space.wait_for("started");
    let mut second = space.start("repro");
    std::thread::sleep(Duration::from_millis(300));
    assert!(!second.has_ended());
    space.write("go", "");
    first.wait().ok();
    second
        .wait()
        .ok()
        .says(&format!("slow: waits for process {id}, which makes it too"));
    assert_eq!(space.ran(), ["first", "slow", "last"]);
    space.kaslite("status --check").ok();
}

#[test]
fn b122_the_second_takes_over_when_the_first_is_killed() {
    let space = waiting();
    let first = space.start("repro");
    space.wait_for("started");
    let second = space.start("repro");
    std::thread::sleep(Duration::from_millis(200));
    first.kill_all();
    first.wait();
    space.write("go", "");
    second.wait().ok();
    assert_eq!(space.ran(), ["first", "slow", "slow", "last"]);
    assert_eq!(space.read("last"), "one\n");
    assert!(!space.has(".kaslite/journal-pipeline.yaml") && !space.has(".kaslite/tmp"));
    space.kaslite("status --check").ok();
}

#[test]
fn b125_many_writers_lose_no_entry() {
    let stages: Vec<String> = (0..12)
        .map(|n| format!("  s{n}: {{cmd: tick && cp in.txt s{n}, deps: [in.txt], outs: [s{n}]}}\n"))
        .collect();
    let space = Space::new(&format!("stages:\n{}", stages.concat()));
    space.write("in.txt", "one\n");
    let line = |n: usize| format!("repro -j1 s{n} s{} s{}", (n + 1) % 12, (n + 5) % 12);
    let running: Vec<_> = (0..12).map(|n| space.start(&line(n))).collect();
    for running in running {
        running.wait().ok();
    }
    assert_eq!(space.ran().len(), 12, "each stage ran once");
    assert_eq!(space.lock().matches("\n  s").count(), 12);
    space.kaslite("status --check").ok();
}

#[test]
fn b126_b122_readers_never_wait() {
    let space = waiting();
    let mut running = space.start("repro");
    space.wait_for("started");
    for line in ["status", "dag", "repro --dry"] {
        space.kaslite(line).ok();
    }
    assert!(!running.has_ended());
    space.write("go", "");
    wait_until("the end", || running.has_ended());
    running.wait().ok();
}

#[test]
fn b124_gpus_are_shared_by_all_kaslites_and_each_stage_has_its_own() {
    let stage = |own: &str, other: &str| {
        format!(
            "  {own}:
    cmd: touch at-{own}; until test -e at-{other}; do sleep 0.01; done; echo $CUDA_VISIBLE_DEVICES > {own}
    deps: [in.txt]
    outs: [{own}]
    resources: {{gpus: 1}}
"
        )
    };
    let space = Space::new(&format!("stages:\n{}{}", stage("a", "b"), stage("b", "a")));
    space.write("in.txt", "one\n");
    let running = [
        space.start("repro a --gpus 2"),
        space.start("repro b --gpus 2"),
    ];
    for running in running {
        running.wait().ok();
    }
    let mut used = [space.read("a"), space.read("b")];
    used.sort();
    assert_eq!(used, ["0\n", "1\n"]);
}

#[test]
fn b124_what_is_taken_by_another_kaslite_is_waited_for() {
    for (keys, flags, lack) in [
        ("resources: {gpus: 1}", "--gpus 1", "the GPUs"),
        ("resources: {memory: 3GiB}", "--memory 4GiB", "the memory"),
        ("resources: {cpus: 900}", "-j1000", "the cores"),
        ("pool: disk", "", "the pool `disk`"),
    ] {
        let space = pair(keys, keys);
        let running = [
            space.start(&format!("repro a {flags}")),
            space.start(&format!("repro b {flags}")),
        ];
        let said: String = running.map(|running| running.wait().ok().stderr).concat();
        assert_eq!(order(&space), APART, "{keys}");
        assert!(said.contains(&format!(" has {lack}\n")), "{said}");
    }
}

#[test]
fn b125_two_pipelines_of_one_folder_never_make_one_path_at_once() {
    let pipeline = |name: &str, out: &str| {
        format!(
            "stages:\n  {name}:\n    cmd: echo begin >> ../order; sleep 0.3; echo end >> ../order; mkdir -p out; cp in.txt {out}\n    deps: [in.txt]\n    outs: [{out}]\n"
        )
    };
    let space = Space::new(&pipeline("a", "out"));
    space.edit("pipeline.yaml", "cp in.txt out", "cp in.txt out/a");
    space.write("other.yaml", pipeline("b", "out/a"));
    space.write("in.txt", "one\n");
    let running = [space.start("repro"), space.start("--file other.yaml repro")];
    let said: String = running.map(|running| running.wait().ok().stderr).concat();
    assert_eq!(order(&space), APART);
    assert!(said.contains(" makes `out"), "{said}");
}

#[test]
fn b125_a_run_leaves_alone_what_another_one_has_set_aside() {
    let space = waiting();
    let text = space.read("pipeline.yaml");
    let more = "  free: {cmd: tick && cp in.txt free, deps: [in.txt], outs: [free]}\n";
    space.write("pipeline.yaml", format!("{text}{more}"));
    space.write(
        "other.yaml",
        "stages:\n  x: {cmd: cp in.txt x, deps: [in.txt], outs: [x]}\n",
    );
    space.write("go", "");
    space.repro();
    space.remove("go");
    space.remove("started");
    space.write("in.txt", "two\n");
    let first = space.start("repro slow");
    space.wait_for("started");
    space.kaslite("repro free").ok();
    space.kaslite("--file other.yaml repro").ok();
    assert_eq!(space.read("slow"), "half\n", "it is being made");
    first.signal("INT");
    first.wait().exits(130);
    assert_eq!(space.read("slow"), "one\n", "the last good one is back");
    // The same when it is killed, and a run of another pipeline comes first.
    let first = space.start("repro slow");
    space.wait_for("started");
    first.kill_all();
    first.wait();
    space.kaslite("--file other.yaml repro -f").ok();
    assert_eq!(space.read("slow"), "one\n");
    assert!(!space.has(".kaslite/tmp"));
}

#[test]
fn b125_nobody_is_asked_while_a_stage_is_claimed() {
    let space = waiting();
    let mut command = space.program(kaslite());
    command.args(["repro", "-i", "first"]).stdin(Stdio::piped());
    let mut asking = command.spawn().expect("the program starts");
    wait_until("the question", || space.has(".kaslite/tmp"));
    space.kaslite("repro --no-wait first").ok();
    let mut answer = asking.stdin.take().expect("a pipe");
    answer.write_all(b"y\n").expect("an answer");
    assert!(asking.wait().expect("its end").success());
    assert_eq!(
        space.ran(),
        ["first"],
        "it was made while the question stood"
    );
}

#[test]
fn b125_a_stage_that_would_wait_for_itself_is_told_so() {
    let program = kaslite().display();
    let space = Space::new(&format!(
        "stages:
  a: {{cmd: '{program} repro a; cp in.txt a', deps: [in.txt], outs: [a]}}
  b: {{cmd: '{program} repro c; cp c b', deps: [in.txt], outs: [b]}}
  c: {{cmd: cp in.txt c, deps: [in.txt], outs: [c]}}
"
    ));
    space.write("in.txt", "one\n");
    let ran = space.kaslite("repro a").exits(1);
    ran.says("whose stage `a` started this kaslite")
        .says("failed with exit code 5");
    space.kaslite("repro b -j2").ok();
}
