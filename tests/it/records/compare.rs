//! Runs are compared, and what is chance is called so.

use crate::support::Space;

/// A stage whose score is a number of its params and its seed.
fn project() -> Space {
    let space = Space::new(
        "stages:
  data: {cmd: 'grep n: $KASLITE_PARAMS > data.txt', params: [data], outs: [data.txt]}
  train:
    cmd: sh train.sh $KASLITE_PARAMS
    deps: [data.txt, train.sh]
    params: [train]
    metrics: [metrics.json]
",
    );
    space.write(
        "train.sh",
        "lr=$(awk '/lr:/ {print $2}' $1)\nseed=$(awk '/rng_seed:/ {print $2}' $1)\n\
         score=$(awk -v lr=$lr -v seed=$seed 'BEGIN {print lr + seed / 100}')\n\
         echo \"{\\\"metric\\\": {\\\"accuracy\\\": $score}, \\\"slots\\\": 4}\" > metrics.json\n",
    );
    space.write(
        "params.yaml",
        "data:\n  n: 5\ntrain:\n  lr: 0.5\n  rng_seed: 1\n",
    );
    space
}

/// A run with these values; its name.
fn run(space: &Space, sets: &[&str]) -> String {
    let mut line = vec!["repro", "--no-run-cache", "-f"];
    line.extend(sets.iter().flat_map(|set| ["--set", set]));
    space.run(&line).ok();
    space.kaslite("runs show --json").ok().json()["run_id"]
        .as_str()
        .expect("a name")
        .to_owned()
}

fn seeds(space: &Space, lr: &str, seeds: &[u32]) -> Vec<String> {
    let lr = format!("train.lr={lr}");
    let one = |seed: &u32| run(space, &[&lr, &format!("train.rng_seed={seed}")]);
    seeds.iter().map(one).collect()
}

/// What was said, with one space between words: names of runs are not of one width.
fn words(ran: &crate::support::Ran) -> String {
    let text = ran.text();
    let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n";
    text.lines().map(line).collect()
}

#[test]
fn two_runs_are_told_apart_by_param_and_metric() {
    let space = project();
    run(&space, &[]);
    run(&space, &["train.lr=0.75"]);
    let compared = space.kaslite("runs compare latest~1 latest").ok();
    insta::assert_snapshot!(words(&compared));
}

#[test]
fn equal_seeds_are_paired_and_too_few_of_them_are_called_so() {
    let space = project();
    seeds(&space, "0.5", &[1, 2, 3]);
    seeds(&space, "0.625", &[3, 2, 1]);
    let names = space.records();
    let mut line = vec!["runs", "compare"];
    line.extend(names.iter().map(String::as_str));
    let compared = space.run(&line).ok();
    insta::assert_snapshot!(words(&compared));
    line.push("--json");
    let json = space.run(&line).ok().json();
    let against = &json["metrics"][0]["comparisons"][0];
    assert_eq!(against["paired"], true);
    assert_eq!(against["n"], serde_json::json!([3, 3]));
    assert_eq!(against["difference"], 0.125);
    assert_eq!(against["tests"][0]["smallest"], 0.25);
    assert_eq!(
        json["metrics"].as_array().expect("metrics").len(),
        1,
        "what is equal is not told"
    );
    assert_eq!(json["params"][0]["key"], "train.lr");
}

#[test]
fn groups_are_chosen_by_expressions_and_several_are_corrected() {
    let space = project();
    seeds(&space, "0.5", &[1, 2, 3, 4]);
    seeds(&space, "0.625", &[5, 6, 7, 8, 9]);
    let line = [
        "runs",
        "compare",
        "train.lr == 0.5",
        "--vs",
        "train.lr > 0.6",
    ];
    space
        .run(&line)
        .ok()
        .prints("A     4")
        .prints("B     5")
        .says("Mann-Whitney U, exact, 4 and 5 runs, not paired, which cannot be below 0.0159");
    seeds(&space, "0.75", &[5, 6, 7, 8, 9]);
    let json = space
        .run(&["runs", "compare", "train.lr > 0", "--json"])
        .ok()
        .json();
    let comparisons = json["metrics"][0]["comparisons"]
        .as_array()
        .expect("a list")
        .clone();
    let p = |index: usize| comparisons[index]["p"].as_f64().expect("a p");
    assert!((p(0) - 4.0 / 126.0).abs() < 1e-12 && (p(1) - 4.0 / 126.0).abs() < 1e-12);
    space
        .run(&["runs", "compare", "train.lr > 0"])
        .ok()
        .says("(Holm)");
}

#[test]
fn other_data_and_repeated_runs_are_no_evidence() {
    let space = project();
    seeds(&space, "0.5", &[1, 2, 2]);
    seeds(&space, "0.625", &[1, 2]);
    space
        .run(&["runs", "compare", "train.lr > 0"])
        .ok()
        .says("1 run is equal to another one")
        .says("2 pairs of equal seeds");
    for seed in [1, 2] {
        run(&space, &["data.n=6", &format!("train.rng_seed={seed}")]);
    }
    space
        .run(&["runs", "compare", "data.n == 5 and train.lr == 0.5", "--vs", "data.n == 6"])
        .ok()
        .says("the data differs (`data.txt`): the numbers are of different problems, and no test is made");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let space = project();
    space
        .kaslite("runs compare latest")
        .exits(2)
        .says("no run is called `latest`");
    run(&space, &[]);
    space
        .kaslite("runs compare latest")
        .exits(2)
        .says("one run is nothing to compare with");
    for (expression, message) in [
        ("train.lr > 7", "no run fits `train.lr > 7`"),
        ("train.lrr > 7", "no run has a value `train.lrr`"),
        ("train.lr >", "unexpected end of input"),
        ("nothing", "no run is called `nothing`"),
    ] {
        space
            .run(&["runs", "compare", expression])
            .exits(2)
            .says(message);
    }
    space.kaslite("runs compare latest latest --md").exits(2);
    run(&space, &["train.rng_seed=2"]);
    space
        .kaslite("runs compare latest~1 latest --md")
        .ok()
        .prints("| Metric ");
}
