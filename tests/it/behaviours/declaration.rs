//! Groups of stages, the graph, and what is wrong in a pipeline file.

use crate::support::{Ran, Space};

#[track_caller]
pub(super) fn stages(space: &Space) -> Vec<String> {
    let ran = space.kaslite("dag --dot").ok();
    let names = ran
        .stdout
        .lines()
        .filter(|line| line.ends_with(';') && line.contains('"'));
    let names = names.filter(|line| !line.contains("->"));
    names
        .map(|line| line.trim().trim_matches([';', '"']).to_owned())
        .collect()
}

/// The commands as they would run.
#[track_caller]
pub(super) fn commands(space: &Space) -> Vec<String> {
    let ran = space.kaslite("repro --dry").ok();
    let lines = ran.stdout.lines();
    let lines = lines.filter_map(|line| line.trim_start().strip_prefix("$ "));
    lines.map(str::to_owned).collect()
}

#[track_caller]
pub(super) fn refused(space: &Space) -> Ran {
    let ran = space.kaslite("repro").exits(2);
    assert!(space.ran().is_empty());
    ran
}

pub(super) fn with_params(pipeline: &str, params: &str) -> Space {
    let space = Space::new(pipeline);
    space.write("params.yaml", params);
    space
}

#[track_caller]
fn names(foreach: &str) -> Vec<String> {
    let space = with_params(
        &format!("stages: {{build: {{foreach: {foreach}, do: {{cmd: 'echo ${{item}}'}}}}}}"),
        "models: [us, uk]\n",
    );
    stages(&space)
}

#[test]
fn b065_plain_values_name_the_stages_of_a_group() {
    assert_eq!(names("[a, 3, true]"), ["build@a", "build@3", "build@true"]);
}

#[test]
fn b066_maps_in_a_list_are_named_by_their_place() {
    let space = Space::new(
        "stages: {build: {foreach: [{n: 1}, {n: 2}], do: {cmd: 'echo ${item.n}', deps: [x]}}}",
    );
    space.write("x", "");
    assert_eq!(stages(&space), ["build@0", "build@1"]);
    assert_eq!(commands(&space), ["echo 1", "echo 2"]);
}

#[test]
fn b067_a_map_gives_its_keys() {
    let space = Space::new(
        "stages: {build: {foreach: {us: {n: 1}, uk: {n: 2}}, \
         do: {cmd: 'echo ${key} ${item.n}', deps: [x]}}}",
    );
    space.write("x", "");
    assert_eq!(stages(&space), ["build@us", "build@uk"]);
    assert_eq!(commands(&space), ["echo us 1", "echo uk 2"]);
}

#[test]
fn b068_the_list_may_be_a_param() {
    assert_eq!(names("'${models}'"), ["build@us", "build@uk"]);
}

#[test]
fn b069_other_keys_become_text() {
    let space = Space::new("stages: {b: {foreach: {1: x, true: y}, do: {cmd: 'echo ${item}'}}}");
    assert_eq!(stages(&space), ["b@1", "b@true"]);
}

#[test]
fn b070_a_text_is_no_list() {
    let space = Space::new("stages:\n  b:\n    foreach: abc\n    do: {cmd: tick}\n");
    refused(&space).says("pipeline.yaml:3: `foreach` of stage `b` must be a list or a map");
}

#[test]
fn b071_what_one_entry_lacks_names_its_stage() {
    let space = Space::new(
        "stages:\n  build:\n    foreach: [{n: 1}, {m: 2}]\n    do:\n      cmd: tick ${item.n}\n",
    );
    refused(&space).says("pipeline.yaml:5: `${item.n}`: no such value in stage `build@1`");
}

#[test]
fn b072_a_stage_of_a_group_cannot_set_item() {
    let space = Space::new(
        "stages:\n  b:\n    foreach: [a]\n    do:\n      vars: [{item: 1}]\n      cmd: tick\n",
    );
    refused(&space).says("pipeline.yaml:5: `vars` of stage `b@a` sets `item`");
}

#[test]
fn b073_the_folder_may_be_the_item() {
    let space = Space::new(
        "stages: {b: {foreach: [p, q], do: {wdir: '${item}', cmd: tick && cp in out, deps: [in], \
         outs: [out]}}}",
    );
    space.write("p/in", "1");
    space.write("q/in", "2");
    space.repro();
    assert_eq!(space.read("q/out"), "2");
}

fn group(items: &str) -> String {
    format!(
        "stages: {{build: {{foreach: [{items}], do: {{cmd: 'tick && cp x ${{item}}.out', \
         deps: [x], outs: ['${{item}}.out']}}}}, builder: {{cmd: tick && cp x z, deps: [x], \
         outs: [z]}}}}"
    )
}

fn built() -> Space {
    let space = Space::new(&group("a, b"));
    space.write("x", "1");
    space.kaslite("repro -j1").ok();
    assert_eq!(space.ran(), ["build@a", "build@b", "builder"]);
    space
}

#[test]
fn b074_only_a_new_entry_runs() {
    let space = built();
    space.write("pipeline.yaml", group("a, b, c"));
    assert_eq!(space.repro(), ["build@c"]);
    space.write("pipeline.yaml", group("b, c"));
    assert!(space.repro().is_empty());
    assert!(!space.lock().contains("build@a"));
}

#[test]
fn b075_a_group_is_a_target() {
    let space = built();
    space.write("x", "2");
    space.kaslite("repro -j1 build@b").ok();
    assert_eq!(space.ran(), ["build@b"]);
    space.write("x", "3");
    space.kaslite("repro -j1 build").ok();
    // The one that took longer before runs first.
    let mut ran = space.ran();
    ran.sort();
    assert_eq!(ran, ["build@a", "build@b"]);
}

#[test]
fn b076_a_pattern_is_a_target() {
    let space = built();
    space.write("x", "2");
    space.kaslite("repro -j1 build@?").ok();
    assert_eq!(space.ran(), ["build@a", "build@b"]);
    space.write("x", "3");
    space.kaslite("repro -j1 --glob build*").ok();
    assert_eq!(space.ran(), ["build@a", "build@b", "builder"]);
    space.kaslite("repro b?d").exits(2);
}

#[test]
fn b077_a_matrix_gives_every_combination() {
    let space = with_params(
        "stages:
  t:
    matrix: {os: [win, linux], v: '${versions}', opt: [{n: 1}]}
    cmd: echo ${item.os} ${item.v} ${item.opt.n} ${key}
    deps: [x]
",
        "versions: [3.7, 3.8]\n",
    );
    space.write("x", "");
    assert_eq!(
        stages(&space),
        [
            "t@win-3.7-opt0",
            "t@win-3.8-opt0",
            "t@linux-3.7-opt0",
            "t@linux-3.8-opt0"
        ]
    );
    assert_eq!(commands(&space)[1], "echo win 3.8 1 win-3.8-opt0");
    space.edit("pipeline.yaml", "[win, linux]", "win");
    refused(&space).says("pipeline.yaml:3: `os` in `matrix` of stage `t` must be a list");
}

#[test]
fn b081_two_entries_with_one_out_are_both_named() {
    let space = Space::new("stages: {b: {foreach: [p, q], do: {cmd: tick, outs: [one]}}}");
    refused(&space).says("`one` is an out of two stages, `b@p` and `b@q`");
}

#[test]
fn b082_a_templated_description_does_not_count() {
    let space = with_params(
        "stages: {a: {cmd: tick && cp x y, deps: [x], outs: [y], desc: 'for ${n}', \
         meta: {n: '${n}'}}}",
        "n: 1\n",
    );
    space.write("x", "");
    assert_eq!(space.repro(), ["a"]);
    space.write("params.yaml", "n: 2\n");
    assert!(space.repro().is_empty());
}

#[test]
fn b083_f078_a_cycle_is_listed() {
    let space = Space::new(
        "stages: {a: {cmd: x, deps: [p], outs: [q]}, b: {cmd: x, deps: [q], outs: [p]}}",
    );
    refused(&space).says("a → b → a");
}

#[test]
fn b084_f078_one_out_has_one_maker() {
    let space = Space::new("stages: {a: {cmd: x, outs: [p]}, b: {cmd: x, outs: [p]}}");
    refused(&space).says("`a` and `b`");
}

#[test]
fn b085_f078_an_out_does_not_lie_in_another() {
    let space = Space::new("stages: {a: {cmd: x, outs: [p]}, b: {cmd: x, outs: [p/q]}}");
    refused(&space).says("the out `p/q` lies in the out `p` of stage `a`");
}

#[test]
fn b086_a_dep_that_nothing_makes_must_be_there() {
    let space = Space::new("stages: {a: {cmd: tick, deps: [none]}}");
    refused(&space).says("`none` is not there, and no stage makes it");
}

#[test]
fn b087_f078_a_path_is_a_dep_or_an_out() {
    let space = Space::new("stages: {a: {cmd: tick, deps: [p], outs: [p]}}");
    refused(&space).says("`p` is both a dep and an out of stage `a`");
}

#[test]
fn b088_an_unknown_target_has_a_suggestion() {
    built().kaslite("repro bulder").exits(2).says("builder");
}

#[test]
fn b089_f081_an_unknown_key_has_a_line_and_a_suggestion() {
    let space = Space::new("stages:\n  a:\n    cmd: tick\n    dep: [x]\n");
    refused(&space)
        .says("pipeline.yaml:4")
        .says("did you mean `deps`?");
}

#[test]
fn b090_a_stage_needs_something_to_run_and_a_plain_name() {
    refused(&Space::new("stages: {a: {deps: []}}")).says("neither `cmd` nor `uses`");
    for name in ["a@b", "a:b", "-a", "a*", " "] {
        let space = Space::new(&format!("stages: {{'{name}': {{cmd: tick}}}}"));
        refused(&space).says(&format!("`{name}` cannot be the name of a stage"));
    }
}

#[test]
fn what_stands_beside_foreach_belongs_below_do() {
    let space = Space::new("stages:\n  b:\n    foreach: [1]\n    cmd: tick\n");
    let ran = refused(&space).says("pipeline.yaml:4: `cmd` of stage `b` stands beside `foreach`");
    ran.says("pipeline.yaml:3: `foreach` of stage `b` needs `do` beside it");
    let space = Space::new("stages:\n  b:\n    do: {cmd: tick}\n");
    refused(&space).says("pipeline.yaml:3: `do` of stage `b` needs `foreach` beside it");
}

#[test]
fn what_is_wrong_with_a_group_is_said_once() {
    let space = Space::new("stages:\n  b:\n    foreach: [1, 2]\n    do: {cmd: tick, dep: [x]}\n");
    let ran = refused(&space);
    assert_eq!(
        ran.stderr.matches("unknown key `dep`").count(),
        1,
        "{}",
        ran.stderr
    );
}

#[test]
fn a_params_file_that_a_stage_makes_is_a_dep() {
    let space = Space::new(
        "stages:
  tune: {cmd: 'tick && cp x best.yaml', deps: [x], outs: [best.yaml]}
  train: {cmd: tick && cp best.yaml model, params: [{best.yaml: [lr]}], outs: [model]}
",
    );
    space.write("x", "lr: 1\n");
    assert_eq!(space.repro(), ["tune", "train"]);
    space.write("x", "lr: 2\n");
    assert_eq!(space.repro(), ["tune", "train"]);
    assert!(space.repro().is_empty());
}

#[test]
fn a_dvc_file_is_found_and_its_lock_left_alone() {
    let space = Space::empty();
    space.write(
        "dvc.yaml",
        "stages: {a: {cmd: tick && cp x y, deps: [x], outs: [y]}}",
    );
    space.write("dvc.lock", "schema: '2.0'\n");
    space.write("x", "");
    assert_eq!(space.repro(), ["a"]);
    assert!(space.repro().is_empty());
    assert_eq!(space.read("dvc.lock"), "schema: '2.0'\n");
    assert!(space.read("dvc.kaslite.lock").contains("  a:"));
    space.write("pipeline.yaml", "stages: {b: {cmd: tick}}");
    assert_eq!(space.repro(), ["b"]);
}

#[test]
fn what_only_describes_may_stand_at_the_top() {
    let space = Space::new(
        "stages: {a: {cmd: 'tick && cp x m.json', deps: [x], outs: [m.json]}}
params: [params.yaml]
metrics: [m.json]
plots: [{curve: {x: step, y: {m.json: acc}}}]
artifacts: {model: {path: m.json, type: model}}
",
    );
    space.write("x", "{\"acc\": 0.5}");
    assert_eq!(space.repro(), ["a"]);
    space.write("m.json", "{\"acc\": 0.75}");
    space.kaslite("metrics diff").ok().prints("acc");
    space.edit("pipeline.yaml", "metrics: [m.json]\n", "");
    assert!(space.repro().is_empty());
    assert_eq!(space.read("m.json"), "{\"acc\": 0.5}");
}

#[test]
fn a_stage_may_run_in_a_folder_that_another_makes() {
    let space = Space::new(
        "stages:
  a: {cmd: tick && mkdir -p d && cp x d/y, deps: [x], outs: [d]}
  b: {wdir: d, cmd: tick && cp y ../b.txt, deps: [y], outs: [../b.txt]}
",
    );
    space.write("x", "1");
    assert_eq!(space.repro(), ["a", "b"]);
    assert!(space.repro().is_empty());
    space.edit("pipeline.yaml", "wdir: d,", "wdir: e,");
    refused(&space).says("`wdir: e` is not a folder");
}
