//! `${…}` and `vars`.

use crate::behaviours::declaration::{commands, refused, with_params};
use crate::support::Space;

#[test]
fn b051_a_param_stands_anywhere_in_a_stage() {
    let space = with_params(
        "stages:
  a:
    wdir: ${dir}
    cmd: tick && cp ${n.in} ${n.out}
    deps: ['${n.in}']
    params: ['${list}']
    plots: [{'${n.out}': {title: 'of ${dir}'}}]
",
        "dir: sub\nn: {in: x, out: y}\nlist: lr\n",
    );
    space.write("sub/x", "1\n");
    space.write("sub/params.yaml", "lr: 1\n");
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(space.read("sub/y"), "1\n");
}

#[test]
fn b052_brackets_are_dots() {
    let space = with_params(
        "stages: {a: {cmd: 'echo ${a[b]} ${l[0]} ${l.1} ${a[l][0].x}', deps: [x]}}",
        "a: {b: 1, l: [{x: 9}]}\nl: [p, q]\n",
    );
    space.write("x", "");
    assert_eq!(commands(&space), ["echo 1 p q 9"]);
}

#[test]
fn b053_a_backslash_leaves_it_to_the_shell() {
    let space = Space::new("stages: {a: {cmd: 'X=1; echo \\${X}', deps: [x]}}");
    space.write("x", "");
    assert_eq!(commands(&space), ["X=1; echo ${X}"]);
}

#[test]
fn b054_a_whole_value_keeps_its_type_and_text_has_true_and_false() {
    let space = with_params(
        "stages: {a: {cmd: 'tick; echo ${flag}', deps: [x], frozen: '${flag}'}}",
        "flag: true\n",
    );
    space.write("x", "");
    space.kaslite("status").ok().prints("a: frozen");
    space.edit("pipeline.yaml", ", frozen: '${flag}'", "");
    assert_eq!(commands(&space), ["tick; echo true"]);
}

#[test]
fn b055_an_unknown_key_is_told_with_its_line_and_nothing_runs() {
    let space = with_params(
        "stages:\n  a:\n    cmd: tick ${models.foo}\n",
        "models: {fop: 1}\n",
    );
    let ran = refused(&space).says("pipeline.yaml:3: `${models.foo}`");
    ran.says("did you mean `models.fop`?");
}

#[test]
fn b056_a_broken_key_is_pointed_at() {
    for broken in ["${a.}", "${a.[b}", "${}", "${a"] {
        let space = with_params(
            &format!("stages:\n  a:\n    cmd: 'tick {broken}'\n"),
            "a: 1\n",
        );
        refused(&space).says("pipeline.yaml:3").says("^");
    }
}

#[test]
fn b057_a_map_or_a_list_is_no_text() {
    for (text, what) in [("dir: {x: 1}", "map"), ("dir: [1]", "list")] {
        let space = with_params("stages: {a: {cmd: tick, outs: ['${dir}/x']}}", text);
        refused(&space).says(&format!("`${{dir}}` is a {what}"));
    }
}

#[test]
fn b058_a_map_in_a_command_becomes_flags() {
    let space = with_params(
        "stages:\n  a: {cmd: 'run ${args} end', deps: [x]}\n  b: {cmd: ['${args.deep}'], deps: [x]}\n",
        "args:
  lr: 0.1
  deep: {n: 2, on: true}
  off: false
  name: it's here
  list: [a b, 1]
",
    );
    space.write("x", "");
    assert_eq!(
        commands(&space),
        [
            "run --lr 0.1 --deep.n 2 --deep.on --name 'it'\"'\"'s here' --list 'a b' 1 end",
            "--n 2 --on",
        ]
    );
    space.write("params.yaml", "args: {deep: {x: [[1]]}}\n");
    refused(&space).says("a flag cannot take what `deep.x` holds");
}

#[test]
fn b059_vars_come_from_files_parts_of_files_and_maps() {
    let space = with_params(
        "vars:
  - more.toml
  - {own: {x: 1}}
  - parts.json:a.b,c
stages:
  a:
    wdir: sub
    vars: [here.yaml, {local: 7}]
    cmd: echo ${p} ${m} ${own.x} ${a.b} ${c} ${h} ${local}
    deps: [x]
",
        "p: 1\n",
    );
    space.write("more.toml", "m = 2\n");
    space.write(
        "parts.json",
        "{\"a\": {\"b\": 3}, \"c\": 4, \"own\": {\"x\": 9}}",
    );
    space.write("sub/here.yaml", "h: 5\n");
    space.write("sub/x", "");
    assert_eq!(commands(&space), ["echo 1 2 1 3 4 5 7"]);
    space.edit("pipeline.yaml", "${local}", "${c.d}");
    refused(&space)
        .says("pipeline.yaml:9")
        .says("params.yaml or `vars`");
}

#[test]
fn b059_a_changed_vars_file_makes_stale_what_it_changes() {
    let space = Space::new(
        "vars: [v.yaml]\nstages: {a: {cmd: 'tick; echo ${n} > a', deps: [x], outs: [a]}}",
    );
    space.write("v.yaml", "n: 1\nm: 1\n");
    space.write("x", "");
    assert_eq!(space.repro(), ["a"]);
    assert!(space.repro().is_empty());
    space.edit("v.yaml", "m: 1", "m: 2");
    assert!(space.repro().is_empty());
    space.edit("v.yaml", "n: 1", "n: 2");
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(space.read("a"), "2\n");
}

const VARS: &str = "vars: [VARS]\nstages: {a: {cmd: tick}}\n";

#[track_caller]
fn vars_refused(vars: &str, says: &str) {
    let space = with_params(&VARS.replace("VARS", vars), "n: {x: 1}\n");
    space.write("v.yaml", "n: {y: 2, x: 3}\n");
    refused(&space).says("pipeline.yaml:1").says(says);
}

#[test]
fn b060_a_vars_file_or_a_key_that_is_not_there_is_refused() {
    vars_refused("none.yaml", "`none.yaml` in `vars` is not there");
    vars_refused("v.yaml:sub3", "no key `sub3` in `v.yaml`");
}

#[test]
fn b061_a_value_set_twice_names_both_and_maps_merge() {
    vars_refused(
        "v.yaml",
        "`n.x` is set twice, by `params.yaml` and by `v.yaml`",
    );
    vars_refused(
        "{n: {x: 2}}",
        "`n.x` is set twice, by `params.yaml` and by `vars[0]`",
    );
    let space = with_params(
        "vars: [{n: {y: 2}}]\nstages: {a: {cmd: 'echo ${n.x} ${n.y}', deps: [x]}}",
        "n: {x: 1}\n",
    );
    space.write("x", "");
    assert_eq!(commands(&space), ["echo 1 2"]);
}

#[test]
fn b062_vars_hold_values_not_templates() {
    vars_refused("{m: '${n.x}'}", "`${…}` cannot stand in `vars`");
}

#[test]
fn b063_a_file_is_taken_whole_or_in_part() {
    vars_refused("params.yaml:n", "`n.x` is set twice");
    let space = with_params(&VARS.replace("VARS", "params.yaml"), "n: 1\n");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn b064_a_param_that_only_stands_in_text_counts_by_the_text() {
    let space = with_params(
        "stages: {a: {cmd: 'tick; echo ${n} > a', deps: [x], outs: [a]}}",
        "n: 1\nm: 1\n",
    );
    space.write("x", "");
    assert_eq!(space.repro(), ["a"]);
    space.edit("params.yaml", "n: 1", "n: 2");
    space.kaslite("status").ok().prints("command");
    assert_eq!(space.repro(), ["a"]);
}
