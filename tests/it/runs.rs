//! Run records.

use crate::freshness::chain;
use crate::support::{Space, has_git};

#[test]
fn a_run_leaves_a_record_with_all_that_explains_it() {
    let space = chain();
    space.write("params.yaml", "lr: 0.5\n");
    space.edit(
        "pipeline.yaml",
        "    outs: [a.txt]",
        "    params: [lr]\n    outs: [a.txt]",
    );
    space.kaslite("repro -j1").ok();
    let record = format!("results/runs/{}", space.records()[0]);
    let config = space.read(&format!("{record}/config.yaml"));
    for part in [
        "run_id: repro_",
        "timestamp: ",
        "git_commit: ",
        "lr: 0.5",
        "- repro",
        "- -j1",
    ] {
        assert!(config.contains(part), "no `{part}` in {config}");
    }
    assert_eq!(space.read(&format!("{record}/pipeline.lock")), space.lock());
    let summary: serde_json::Value =
        serde_json::from_str(&space.read(&format!("{record}/summary.json"))).expect("JSON");
    assert_eq!(summary["status"], "done");
    assert_eq!(summary["stages"][0]["stage"], "a");
    assert_eq!(summary["stages"][0]["outcome"], "done");
    assert!(summary["stages"][0]["seconds"].as_f64().expect("seconds") > 0.0);
    assert_eq!(summary["params"]["params.yaml"]["lr"], 0.5);
}

#[test]
fn a_run_that_finds_all_fresh_leaves_no_record() {
    let space = chain();
    space.repro();
    space.repro();
    space.kaslite("status").ok();
    assert_eq!(space.records().len(), 1);
}

#[test]
fn a_run_that_only_restores_leaves_a_record() {
    let space = chain();
    space.repro();
    space.remove("a.txt");
    space.repro();
    assert_eq!(space.records().len(), 2);
    space.kaslite("runs show").ok().prints("restored");
}

#[test]
fn runs_of_one_second_have_a_record_each_in_their_order() {
    let space = chain();
    for round in 0..12 {
        space.write("in.txt", format!("{round}\n"));
        space.kaslite("repro a").ok();
    }
    assert_eq!(space.records().len(), 12);
    let runs = space.kaslite("runs list --json").ok().json();
    let started: Vec<&str> = runs
        .as_array()
        .expect("runs")
        .iter()
        .map(|run| run["started"].as_str().expect("a time"))
        .collect();
    assert_eq!(started.len(), 12);
    assert!(started.is_sorted());
    let latest = space.kaslite("runs show --json").ok().json();
    assert_eq!(latest["run_id"], runs[11]["run_id"]);
    let before = space.kaslite("runs show latest~11 --json").ok().json();
    assert_eq!(before["run_id"], runs[0]["run_id"]);
    space.kaslite("runs show latest~12").exits(2);
}

#[test]
fn the_tenth_run_of_a_second_comes_after_the_second() {
    let space = chain();
    space.repro();
    let first = space.records().remove(0);
    for count in [10, 2, 9] {
        let name = format!("results/runs/{first}_{count}");
        for file in ["config.yaml", "summary.json"] {
            let text = space.read(&format!("results/runs/{first}/{file}"));
            let text = text.replace(&first, &format!("{first}_{count}"));
            space.write(&format!("{name}/{file}"), text);
        }
    }
    let runs = space.kaslite("runs list --json").ok().json();
    let id = |run: &serde_json::Value| run["run_id"].as_str().expect("a name").to_owned();
    let ids: Vec<String> = runs.as_array().expect("runs").iter().map(id).collect();
    let wanted = ["", "_2", "_9", "_10"].map(|count| format!("{first}{count}"));
    assert_eq!(ids, wanted);
}

#[test]
fn list_and_show() {
    let space = chain();
    space.kaslite("runs list").ok().says("no runs yet");
    space.kaslite("repro").ok();
    space.edit("pipeline.yaml", "cp b.txt c.txt", "exit 4");
    space.kaslite("repro").exits(1);
    let listed = space.kaslite("runs list").ok();
    let lines: Vec<&str> = listed.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{}", listed.text());
    assert!(lines[0].starts_with("Run "));
    assert!(
        lines[1].contains("done") && lines[2].contains("failed"),
        "{}",
        listed.text()
    );
    let shown = space.kaslite("runs show").ok().text();
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n";
    insta::assert_snapshot!(shown.lines().map(words).collect::<String>());
    space
        .kaslite("runs show nothing")
        .exits(2)
        .says("`kaslite runs list` lists the runs");
}

#[test]
fn a_record_names_the_commit_and_whether_it_was_clean() {
    if !has_git() {
        return;
    }
    let space = chain();
    space.write(".gitignore", ".kaslite/\nresults/\n*.txt\n");
    space.git("init -q -b main");
    space.git("add .");
    space.git("commit -q -m one");
    let commit = space.git("rev-parse HEAD");
    space.repro();
    let shown = space.kaslite("runs show --json").ok().json();
    assert_eq!(shown["git"]["commit"], commit.as_str());
    assert_eq!(shown["git"]["dirty"], false);
    space.edit("pipeline.yaml", "cp b.txt c.txt", "cat b.txt > c.txt");
    space.repro();
    let shown = space.kaslite("runs show --json").ok().json();
    assert_eq!(shown["git"]["dirty"], true);
    let short = &commit[..7];
    space.kaslite("runs list").ok().prints(short).prints("+");
}

#[test]
fn the_lock_and_the_outs_hold_no_time_and_no_path_of_the_machine() {
    let (one, two) = (chain(), Space::new(&chain().read("pipeline.yaml")));
    two.write("in.txt", "one\n");
    one.repro();
    two.repro();
    assert_eq!(one.lock(), two.lock());
    assert!(!one.lock().contains(one.root().to_str().expect("UTF-8")));
}
