//! Where the results come from that a verdict rests on: other params, other runs, other commits.

use crate::evidence::project::{controlled, project};
use crate::support::{Space, has_git};
use serde_json::Value;

/// The answer to a question, counted from 0, as JSON has it.
fn answer(space: &Space, side: &str, question: usize) -> Value {
    let verdict = space.kaslite(&format!("verdict {side} --json")).ok();
    verdict.json()["answers"][question].clone()
}

fn text(answer: &Value) -> &str {
    answer["text"].as_str().expect("a text")
}

const REPRODUCED: usize = 3;

/// The project without control runs in a git repository, all of it committed.
fn committed() -> Space {
    let space = project(&[]);
    space.write(".gitignore", "results/\ndata/\n");
    space.git("init -q -b main");
    commit(&space);
    space
}

/// Commits all there is; the commit's hash.
fn commit(space: &Space) -> String {
    space.git("add .");
    space.git("commit -q -m some");
    space.git("rev-parse HEAD")
}

#[test]
fn what_was_made_with_other_params_is_no_evidence() {
    let space = controlled(&[]);
    space.kaslite("repro train counterfactual").ok();
    // The stage is there, and was only not run.
    let winning = answer(&space, "", 0);
    let expected =
        "There are no metrics of the stage `control`; `kaslite repro control` makes them.";
    assert_eq!(text(&winning), expected);
    space.kaslite("repro").ok();
    let told = "of this training";
    let before = answer(&space, "", 0);
    assert!(!text(&before).contains(told), "{before}");
    assert_eq!(answer(&space, "", 4)["finding"], "yes");
    space
        .kaslite("repro train counterfactual --set train.lr=0.02")
        .ok();
    let expected =
        "`control` was made with other params than `train`: `train.lr` 0.01 and not 0.02";
    for question in [0, 1, 4] {
        let answer = answer(&space, "", question);
        assert!(text(&answer).contains(expected), "{question}: {answer}");
        assert_eq!(answer["finding"], "not_enough", "{answer}");
    }
    let components = &space.kaslite("verdict --json").ok().json()["components"];
    let of_control = &components["control.of_this_training"];
    assert_eq!(of_control["status"], "failed", "{components}");
    assert!(components["counterfactual.of_this_training"].is_null());
    // A run of some stages has nothing of the others.
    let of_run = answer(&space, "latest", 0);
    let lacking = "This run has no metrics of the stage `control`; `kaslite repro control` makes";
    assert!(text(&of_run).starts_with(lacking), "{of_run}");
    space.kaslite("report").ok();
    let report = space.read("results/REPORT.md");
    assert!(report.contains(&expected[..40]), "{report}");
    let row = "\n| growth against a host that learns on | ";
    let (_, row) = report.split_once(row).expect("a row of evidence");
    let row = row.lines().next().expect("a line");
    assert!(row.ends_with("| `results/control/metrics.json` |"), "{row}");
    assert!(row.contains("| 2 pairs of runs |"), "{row}");
    // Only the network is trained anew: what was looked at is another one.
    space.kaslite("repro train --set train.lr=0.03").ok();
    let why = answer(&space, "", 1);
    let expected = "`counterfactual` looked at another network than the one that `train` made here";
    assert!(text(&why).contains(expected), "{why}");
}

#[test]
fn the_run_that_made_the_results_tells_whether_they_can_be_repeated() {
    if !has_git() {
        return;
    }
    let space = committed();
    let first = space.git("rev-parse HEAD");
    space.kaslite("repro").ok();
    let run = space.records().pop().expect("a run");
    let by_first = answer(&space, "", REPRODUCED);
    assert_eq!(by_first["finding"], "yes", "{by_first}");
    let expected = format!(
        "`train`, `counterfactual`, `generate_data` were made at commit {first}, without changes, \
         in the run {run}."
    );
    assert!(text(&by_first).contains(&expected), "{by_first}");
    assert!(
        text(&by_first).contains(&format!("`kaslite runs replay {run}`")),
        "{by_first}"
    );
    let file = by_first["evidence"][0]["file"].as_str().expect("a file");
    assert_eq!(file, format!("results/runs/{run}/summary.json"));
    assert!(space.has(file));
    // The lock that the run left is committed: HEAD is not what made the results.
    let second = commit(&space);
    assert_eq!(answer(&space, "", REPRODUCED), by_first);
    let at_head = answer(&space, "HEAD", REPRODUCED);
    assert_eq!(at_head["finding"], "yes", "{at_head}");
    assert!(text(&at_head).contains(&first), "{at_head}");
    assert!(
        !text(&at_head).contains("HEAD") && !text(&at_head).contains(&second),
        "{at_head}"
    );
    // The report names no run: it is the same, whichever made it.
    let report = space.read("results/REPORT.md");
    assert!(
        report.contains("`kaslite verdict` tells it by the records"),
        "{report}"
    );
    assert!(!report.contains(&run), "{report}");
    // A lock alone that is not committed makes no run unclean.
    space.kaslite("repro --set train.lr=0.02").ok();
    commit(&space);
    space.kaslite("repro --set train.lr=0.03").ok();
    let given = space.records().pop().expect("a run");
    let stale = answer(&space, "", REPRODUCED);
    assert_eq!(stale["finding"], "not_enough", "{stale}");
    assert!(
        text(&stale).contains("`train`, `counterfactual` are not fresh"),
        "{stale}"
    );
    let of_run = answer(&space, "latest", REPRODUCED);
    assert_eq!(of_run["finding"], "yes", "{of_run}");
    let expected = format!("with train.lr=0.03 given, in the run {given}.");
    assert!(text(&of_run).contains(&expected), "{of_run}");
}

#[test]
fn changes_that_no_commit_holds_and_lost_records_are_not_enough() {
    if !has_git() {
        return;
    }
    let space = committed();
    space.edit("params.yaml", "lr: 0.01", "lr: 0.02");
    space.kaslite("repro").ok();
    let dirty = answer(&space, "", REPRODUCED);
    assert_eq!(dirty["finding"], "not_enough", "{dirty}");
    assert!(
        text(&dirty).contains("with changes that no commit holds (params.yaml)"),
        "{dirty}"
    );
    commit(&space);
    assert_eq!(answer(&space, "", REPRODUCED), dirty);
    space.remove("results/runs");
    let lost = answer(&space, "", REPRODUCED);
    assert_eq!(lost["finding"], "not_enough", "{lost}");
    assert!(
        text(&lost).contains("No record here is of the run that made `train`"),
        "{lost}"
    );
    // A run outside of the pipeline is its own record.
    space
        .kaslite("train --n_samples 40 --hidden_dim 8 --warm_up_epochs 1 --adaptation_epochs 1")
        .ok();
    let run = space.records().pop().expect("a run");
    let lone = answer(&space, "latest", REPRODUCED);
    assert_eq!(lone["finding"], "yes", "{lone}");
    assert!(
        text(&lone).contains(&format!("`kaslite train --replay {run}`")),
        "{lone}"
    );
}
