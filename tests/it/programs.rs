//! The built-in stages, `init`, and the way from `kaslite` to `kaslite-torch`.

use crate::cache::{blobs, damage};
use crate::support::{Space, kaslite, kaslite_torch};

#[test]
fn the_list_of_built_in_stages() {
    insta::assert_snapshot!(Space::empty().kaslite("stages").ok().text());
}

#[test]
fn a_built_in_stage_with_all_its_params() {
    insta::assert_snapshot!(Space::empty().kaslite("stages train").ok().text());
}

#[test]
fn built_in_stages_as_json() {
    let stages = Space::empty().kaslite("stages --json").ok().json();
    let stages = stages.as_array().expect("a list");
    let train = stages
        .iter()
        .find(|stage| stage["name"] == "train")
        .expect("train");
    assert_eq!(train["outs"][0]["kind"], "folder");
    assert_eq!(train["code"].as_str().map(str::len), Some(64));
    let files = train["code_files"].as_array().expect("its code");
    assert!(files.iter().any(|file| {
        file.as_str()
            .is_some_and(|file| file.starts_with("stages/nn/"))
    }));
    let param = train["params"]
        .as_array()
        .expect("params")
        .iter()
        .find(|param| param["key"] == "train.lr");
    assert_eq!(param.expect("train.lr")["default"], 0.001);
}

#[test]
fn an_unknown_built_in_stage_is_suggested() {
    Space::empty()
        .kaslite("stages trian")
        .exits(2)
        .says("did you mean `train`?");
    let space = Space::new("stages:\n  a: {uses: trian, outs: [x]}\n");
    space
        .kaslite("status")
        .exits(2)
        .says("pipeline.yaml:2")
        .says("did you mean `train`?");
}

#[test]
fn init_makes_a_project_that_status_understands_and_is_not_made_twice() {
    let space = Space::empty();
    insta::assert_snapshot!("init", space.kaslite("init").ok().text());
    space.kaslite("status").ok().prints("train: ");
    space.kaslite("dag").ok();
    let files = space.files();
    let again = space.kaslite("init").exits(2).never_says("/./");
    again
        .says("pipeline.yaml` is there already")
        .says("`kaslite init DIR`");
    assert_eq!(space.files(), files);
}

#[test]
fn init_in_another_folder_keeps_what_is_there() {
    let space = Space::empty();
    space.write("new/.gitignore", "mine\n");
    space
        .kaslite("init new")
        .ok()
        .says("kept    .gitignore")
        .says("created pipeline.yaml");
    assert_eq!(space.read("new/.gitignore"), "mine\n");
    space.kaslite("-C new status").ok();
}

/// A dataset of 60 samples and three epochs.
fn tiny() -> Space {
    let space = Space::new(
        "stages:
  data: {uses: generate_data, params: [data], outs: [data.parquet]}
  train: {uses: train, deps: [data.parquet], params: [train, seeds, telemetry], outs: [trained/]}
",
    );
    space.write(
        "params.yaml",
        "data: {n_samples: 60}\ntrain: {hidden_dim: 4, num_layers: 1, warm_up_epochs: 2, adaptation_epochs: 1}\nseeds: {}\n",
    );
    space
}

#[test]
fn without_kaslite_torch_beside_it_kaslite_says_what_is_missing() {
    let space = tiny();
    let lonely = space.alone(kaslite());
    let ran = space.finish(space.program(&lonely).arg("repro")).exits(2);
    let text = ran
        .text()
        .replace(space.beside("bin").to_str().expect("UTF-8"), "[BIN]");
    insta::assert_snapshot!(text);
    space
        .finish(space.program(&lonely).arg("status"))
        .ok()
        .prints("data: stale");
}

#[test]
fn kaslite_becomes_kaslite_torch_where_a_stage_needs_it() {
    kaslite_torch();
    let space = tiny();
    space.kaslite("repro").ok().says("2 ran");
    assert!(space.has("data.parquet") && space.has("trained/metrics.json"));
    space.kaslite("status --check").ok().prints("all fresh");
    let (files, lock) = (space.files(), space.lock());
    space.remove("trained");
    space.kaslite("repro").ok().says("1 restored");
    assert_eq!((space.files(), space.lock()), (files, lock));
}

#[test]
fn kaslite_becomes_kaslite_torch_where_a_stage_turns_out_to_need_it_on_the_way() {
    kaslite_torch();
    let space = tiny();
    let pipeline = space.read("pipeline.yaml");
    let first = "  a_first: {cmd: tick && cp in.txt first, deps: [in.txt], outs: [first]}\n";
    space.write("pipeline.yaml", format!("{pipeline}{first}"));
    space.write("in.txt", "one\n");
    space.kaslite("repro").ok();
    space.write("in.txt", "two\n");
    let size = std::fs::metadata(space.path("data.parquet"))
        .expect("a file")
        .len();
    space.remove("data.parquet");
    // The plan is to restore it, but what the cache holds is damaged.
    for blob in blobs(&space, size) {
        damage(
            &blob,
            &vec![0; usize::try_from(size).expect("a small file")],
        );
    }
    space
        .kaslite("repro -j1")
        .ok()
        .says("the stage runs instead");
    assert_eq!(
        space.ran(),
        ["a_first", "a_first"],
        "what was done before is not done again"
    );
    assert!(space.has("data.parquet"));
    space.kaslite("status --check").ok();
}

#[test]
fn both_programs_judge_alike() {
    let torch = kaslite_torch();
    let space = tiny();
    space.kaslite("repro").ok();
    for line in [
        "stages --json",
        "status --check",
        "why train",
        "why data --json",
    ] {
        let by_torch = space.finish(space.program(&torch).args(line.split_whitespace()));
        let same = space.kaslite(line).ok().stdout == by_torch.ok().stdout;
        assert!(
            same,
            "`{line}` differs: build both with `cargo build --workspace --bins`"
        );
    }
}

#[test]
fn a_command_stage_needs_no_kaslite_torch() {
    let space = crate::freshness::chain();
    let lonely = space.alone(kaslite());
    space.finish(space.program(&lonely).arg("repro")).ok();
    assert_eq!(space.ran(), ["a", "b", "c"]);
}
