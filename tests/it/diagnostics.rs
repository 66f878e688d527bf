//! `KASLITE_LOG`: why kaslite did what it did.

use crate::freshness::chain;
use crate::support::{Ran, Space, kaslite_torch};

/// The lines of a level and a target.
fn told(ran: &Ran, level: &str, target: &str) -> Vec<String> {
    let begins = format!("{level} {target}");
    let lines = ran.stderr.lines();
    lines
        .filter(|line| line.contains(&begins))
        .map(str::to_owned)
        .collect()
}

#[test]
fn debug_tells_what_the_engine_did_and_what_the_run_says() {
    let mut space = chain();
    space.set("KASLITE_LOG", "debug");
    let ran = space.kaslite("repro").ok();
    let engine = told(&ran, "DEBUG", "kaslite_engine::");
    let has = |part: &str| engine.iter().any(|line| line.contains(part));
    for part in [
        "there is no certificate",
        "pipeline files are read anew",
        "looked up in the run cache stage=\"a\"",
        "hit=false",
        "claimed stage=\"c\"",
        "stat cache written",
    ] {
        assert!(has(part), "no `{part}` in\n{}", ran.stderr);
    }
    let said = told(&ran, "INFO", "kaslite::run");
    let done = |line: &String| line.contains("done in ") && line.contains("stage=\"b\"");
    assert!(said.iter().any(done), "{said:?}");
}

#[test]
fn what_a_run_says_is_what_its_log_says() {
    let mut space = Space::new(
        "stages:\n  good: {cmd: 'echo hello > a && cat a', outs: [a]}\n  bad: {cmd: 'false'}\n",
    );
    space.set("KASLITE_LOG", "kaslite::run=info");
    let ran = space.kaslite("repro -k -j 1").exits(1);
    let run = space.records().pop().expect("a record");
    let log = space.read(&format!("results/runs/{run}/logs/train.log"));
    let mut count = 0;
    for line in log.lines() {
        // `2026-01-02 03:04:05.678 WARNING good: text`
        let (_, said) = line.split_at(24);
        let (level, about) = said.split_once(' ').expect("a level");
        let mut stages = ["good", "bad"].into_iter();
        let split = |stage: &'static str| Some((stage, about.trim().strip_prefix(stage)?));
        let (stage, text) = match stages.find_map(split) {
            Some((stage, text)) => (format!(" stage=\"{stage}\""), text.trim_start_matches(": ")),
            None => (String::new(), about.trim()),
        };
        let level = if level == "WARNING" { "WARN" } else { level };
        let wanted = format!("{level} kaslite::run: {text}{stage}");
        let is_told = ran.stderr.lines().any(|line| line.ends_with(&wanted));
        assert!(is_told, "no `{wanted}` in\n{}", ran.stderr);
        count += 1;
    }
    assert!(count > 6, "{log}");
    assert!(log.contains("| hello") && log.contains(" ERROR "), "{log}");
    assert_eq!(told(&ran, "DEBUG", "").len(), 0, "{}", ran.stderr);
}

#[test]
fn a_certificate_tells_whether_it_holds_and_what_changed() {
    let mut space = chain();
    space.repro();
    space.kaslite("status").ok();
    space.set("KASLITE_LOG", "kaslite_engine::certificate=debug");
    space.kaslite("status").ok().says("certificate holds");
    space.write("in.txt", "two\n");
    space
        .kaslite("status")
        .ok()
        .says("certificate does not hold: paths differ changed=[\"in.txt\"]")
        .never_says("stat cache");
}

#[test]
fn nothing_more_is_said_where_nobody_asks() {
    let mut space = chain();
    for (name, value) in [("KASLITE_LOG", ""), ("RUST_LOG", "debug")] {
        let plain = space.kaslite("repro --dry -v").ok().text();
        space.set(name, value);
        assert_eq!(space.kaslite("repro --dry -v").ok().text(), plain);
    }
    let ran = space.kaslite("repro").ok();
    ran.never_says("DEBUG").never_says("kaslite::run");
}

#[test]
fn data_on_stdout_stays_data_and_a_pipe_has_no_colours() {
    let mut space = chain();
    let plain = space.kaslite("status --json").ok();
    space.set("KASLITE_LOG", "debug");
    let told = space.kaslite("status --json").ok();
    assert_eq!(told.stdout, plain.stdout);
    assert!(told.stderr.contains("DEBUG") && !told.stderr.contains('\u{1b}'));
    let coloured = space.kaslite("--color always status --json").ok();
    assert!(coloured.stderr.contains("\u{1b}["), "{}", coloured.stderr);
}

#[test]
fn a_wrong_filter_is_refused_before_anything_is_done() {
    for wrong in [
        "kaslite=loud",
        "debgu",
        "info,other=debug",
        "kaslite[",
        "==",
    ] {
        let mut space = chain();
        space.set("KASLITE_LOG", wrong);
        space
            .kaslite("repro")
            .exits(2)
            .says(&format!("error: `KASLITE_LOG` is `{wrong}`: "))
            .says("hint: `debug`");
        assert!(space.ran().is_empty() && !space.has("pipeline.lock"));
    }
    let mut space = chain();
    space.set("KASLITE_LOG", "debgu");
    space.kaslite("--version").ok();
    space
        .kaslite("status")
        .exits(2)
        .says("`debgu` is neither a level nor a target");
}

#[test]
fn kaslite_torch_tells_on_after_the_handover() {
    kaslite_torch();
    let mut space = Space::new(
        "stages:\n  data: {uses: generate_data, params: [data], outs: [data.parquet]}\n",
    );
    space.write(
        "params.yaml",
        "data: {problem_type: spirals, n_samples: 20}\n",
    );
    space.set("KASLITE_LOG", "debug");
    let ran = space.kaslite("repro").ok().says("hands over program=");
    let (before, after) = ran.stderr.split_once("hands over").expect("a handover");
    assert!(before.contains("looked up in the run cache") && !before.contains("claimed"));
    assert!(after.contains("claimed stage=\"data\""), "{after}");
}
