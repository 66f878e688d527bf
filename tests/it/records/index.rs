//! What is known of all runs is kept, and the records are the truth.

use crate::freshness::chain;
use crate::support::Space;

/// A project with three runs.
fn runs() -> Space {
    let space = chain();
    for round in 0..3 {
        space.write("in.txt", format!("{round}\n"));
        space.repro();
    }
    space
}

fn listed(space: &Space, line: &str) -> Vec<String> {
    let ran = space
        .kaslite(&format!("runs list --columns run {line}"))
        .ok();
    ran.stdout.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn a_record_that_changes_comes_or_goes_is_seen() {
    let space = runs();
    let ids = listed(&space, "");
    assert_eq!(ids.len(), 3);
    assert!(space.has(".kaslite/runs"));
    // Edited by hand, by an editor that writes in place.
    let config = format!("results/runs/{}/config.yaml", ids[1]);
    space.edit(&config, "status: exploratory", "status: keep");
    assert_eq!(listed(&space, "--where status=='keep'"), [ids[1].clone()]);
    space.kaslite("runs tag latest good").ok();
    let tagged = [
        "runs",
        "list",
        "--where",
        "'good' in tags",
        "--columns",
        "run,tags",
    ];
    space.run(&tagged).ok().prints(&ids[2]);
    std::fs::remove_dir_all(space.path(&format!("results/runs/{}", ids[0]))).expect("a record");
    assert_eq!(listed(&space, ""), ids[1..]);
}

#[test]
fn the_index_may_be_gone_or_damaged_at_any_time() {
    let space = runs();
    let ids = listed(&space, "");
    let whole = std::fs::read(space.path(".kaslite/runs")).expect("an index");
    for damage in [
        &b""[..],
        b"{}\n",
        b"\xff\xff",
        &whole[..whole.len() / 2],
        &whole[..whole.len() - 1],
    ] {
        space.write(".kaslite/runs", damage);
        assert_eq!(listed(&space, "--where outcome=='done'"), ids);
    }
    space.remove(".kaslite/runs");
    assert_eq!(listed(&space, "--where outcome=='done'"), ids);
    assert_eq!(
        std::fs::read(space.path(".kaslite/runs")).expect("an index"),
        whole
    );
}

#[test]
fn records_that_are_removed_lie_in_the_trash_until_gc() {
    let space = runs();
    let ids = listed(&space, "");
    space
        .kaslite("runs rm latest")
        .ok()
        .says("`.kaslite/trash` has them until `gc` empties it");
    let kept = format!(".kaslite/trash/run-{0}/{0}/config.yaml", ids[2]);
    assert!(space.has(&kept));
    assert_eq!(listed(&space, ""), ids[..2]);
    space.kaslite("gc --older-than 30d").ok();
    assert!(space.has(&kept));
    space.kaslite("gc --older-than 0d").ok();
    assert!(!space.has(&kept));
}

#[test]
fn criterion_6_hundreds_of_runs_are_found_kept_and_cleared_away() {
    let space = Space::new(
        "stages:
  train:
    cmd: 'echo \"{\\\"metric\\\": {\\\"accuracy\\\": 0.5}}\" > metrics.json'
    params: [train]
    metrics: [metrics.json]
",
    );
    space.write("params.yaml", "train: {lr: 0.5}\n");
    space.repro();
    let first = space.records().pop().expect("a run");
    let [config, summary] = ["config.yaml", "summary.json"]
        .map(|name| space.read(&format!("results/runs/{first}/{name}")));
    // Of ten throwaway runs on each of thirty days, one is kept.
    for day in 1..=30 {
        for run in 0..10 {
            let id = format!("repro_202501{day:02}_1200{run:02}");
            let lr = format!("0.{:03}", day * 10 + run);
            let mut config = config
                .replace(&first, &id)
                .replace("lr: 0.5", &format!("lr: {lr}"));
            if run == 0 {
                config = config.replace("status: exploratory", "status: keep");
            }
            let summary = summary
                .replace(&first, &id)
                .replace("\"train.lr\": 0.5", &format!("\"train.lr\": {lr}"))
                .replace(
                    "accuracy\": 0.5",
                    &format!("accuracy\": {}", 1.0 - f64::from(run) / 10.0),
                );
            space.write(&format!("results/runs/{id}/config.yaml"), config);
            space.write(&format!("results/runs/{id}/summary.json"), summary);
        }
    }
    assert_eq!(listed(&space, "").len(), 301);
    let found = listed(
        &space,
        "--where train.lr<0.1 --sort metric.accuracy --reverse -n 200",
    );
    assert_eq!(found.len(), 90);
    let best = listed(&space, "--where metric.accuracy==1.0");
    assert_eq!(best, listed(&space, "--where status=='keep'"));
    assert_eq!(best.len(), 30);
    space
        .run(&["runs", "rm", "--where", "metric.accuracy < 1.0"])
        .ok();
    assert_eq!(listed(&space, "").len(), 30, "the best of each day");
    space.kaslite("gc --older-than 0d").ok();
    assert_eq!(listed(&space, "").len(), 30, "what is kept stays");
    space
        .kaslite("metrics show repro_20250130_120000")
        .ok()
        .prints("metric.accuracy");
}
