//! What programs read: `--json`.

use crate::freshness::chain;
use serde_json::json;

#[test]
fn b151_status_as_json_has_state_and_reasons_of_each_stage() {
    let space = chain();
    space.repro();
    space.write("in.txt", "two\n");
    let status = space.kaslite("status --json").ok().json();
    let a = json!({
        "stage": "a",
        "state": "stale",
        "cached": false,
        "reasons": [{"reason": "dep", "path": "in.txt", "change": "modified"}],
    });
    let b = json!({
        "stage": "b",
        "state": "unknown",
        "cached": false,
        "reasons": [{"reason": "upstream", "stage": "a"}],
    });
    assert_eq!(status[0], a);
    assert_eq!(status[1], b);
    assert_eq!(status.as_array().map(Vec::len), Some(3));
    space.repro();
    let status = space.kaslite("status --json --check").ok().json();
    assert_eq!(
        status[2],
        json!({"stage": "c", "state": "fresh", "cached": false, "reasons": []})
    );
}

#[test]
fn a_cached_stage_says_so_in_json() {
    let space = chain();
    space.repro();
    space.remove("a.txt");
    let status = space.kaslite("status --json").ok().json();
    assert_eq!(status[0]["state"], "stale");
    assert_eq!(status[0]["cached"], true);
    assert_eq!(
        status[0]["reasons"],
        json!([{"reason": "out", "path": "a.txt", "change": "removed"}])
    );
}

#[test]
fn repro_as_json_tells_every_event_on_stdout_and_nothing_on_stderr() {
    let space = chain();
    space.edit(
        "pipeline.yaml",
        "cp b.txt c.txt",
        "echo hello && cp b.txt c.txt",
    );
    let ran = space.kaslite("repro --json").ok();
    assert_eq!(ran.stderr, "");
    let events = ran.json_lines();
    let kinds: Vec<&str> = events
        .iter()
        .map(|event| event["event"].as_str().expect("a kind"))
        .collect();
    let stage = ["stage-decided", "stage-started", "stage-finished"];
    let last = [
        "stage-decided",
        "stage-started",
        "log",
        "stage-finished",
        "run-finished",
    ];
    assert_eq!(
        kinds,
        [&["run-started"], &stage[..], &stage[..], &last[..]].concat()
    );
    assert_eq!(events[0]["stages"], json!(["a", "b", "c"]));
    assert_eq!(events[1]["decision"], "run");
    assert_eq!(events[1]["reasons"], json!([{"reason": "never-run"}]));
    assert_eq!(events[2]["action"], "tick && cp in.txt a.txt");
    assert_eq!(events[3]["outcome"], "done");
    assert!(events[3]["duration"].as_f64().expect("seconds") > 0.0);
    assert_eq!(events[9]["line"], "hello");
    assert_eq!(events[9]["stream"], "stdout");
    assert_eq!(
        events[11]["stages"],
        json!([["a", "done"], ["b", "done"], ["c", "done"]])
    );
}

#[test]
fn a_failure_is_told_in_json_too() {
    let space = chain();
    space.edit("pipeline.yaml", "cp a.txt b.txt", "exit 3");
    let events = space.kaslite("repro --json").exits(1).json_lines();
    let end = &events.last().expect("an event")["stages"];
    assert_eq!(end[0], json!(["a", "done"]));
    assert!(
        end[1][1]["failed"]
            .as_str()
            .expect("a reason")
            .contains("exit code 3")
    );
    assert_eq!(end[2], json!(["c", {"skipped": "b"}]));
}

#[test]
fn a_dry_run_as_json_has_a_line_for_each_stage() {
    let space = chain();
    let lines = space.kaslite("repro --dry --json").ok().json_lines();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        lines[0],
        json!({"stage": "a", "decision": "run", "reasons": [{"reason": "never-run"}]})
    );
    assert_eq!(lines[1]["decision"], "unknown");
}

#[test]
fn why_as_json_has_run_key_and_nearest_past_run() {
    let space = chain();
    space.repro();
    space.write("in.txt", "two\n");
    let why = space.kaslite("why a --json").ok().json();
    assert_eq!(why["stage"], "a");
    assert_eq!(why["state"], "stale");
    assert_eq!(why["cached"], false);
    assert_eq!(why["run_key"].as_str().map(str::len), Some(64));
    assert_eq!(why["reasons"], why["nearest_past_run"]);
}

#[test]
fn the_events_of_the_run_record_are_the_events_of_json() {
    let space = chain();
    let told = space.kaslite("repro --json").ok();
    let record = space.read(&format!("results/runs/{}/events.jsonl", space.records()[0]));
    assert_eq!(record, told.stdout);
}
