//! `${…}` in the pipeline file.

use crate::support::Space;

fn with(stage: &str) -> Space {
    let space = Space::new(&format!("stages:\n  a:\n{stage}"));
    space.write("in.txt", "one\n");
    space.write(
        "params.yaml",
        "name: spirals\ndeps: [in.txt]\nn: 3\nx: {y: 0.5}\nyes: true\nlist: [p, q]\n",
    );
    space
}

#[test]
fn a_param_stands_in_paths_and_commands() {
    let space = with(
        "    cmd: tick && echo ${n} ${x.y} ${yes} ${list[1]} > out/${name}.txt
    deps: [in.txt]
    outs: ['out/${name}.txt']
",
    );
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(space.read("out/spirals.txt"), "3 0.5 true q\n");
}

#[test]
fn a_text_that_is_one_param_takes_its_value_with_its_type() {
    let space = with(
        "    cmd: tick && cp in.txt a.txt
    deps: ${deps}
    outs: [a.txt]
    frozen: ${yes}
",
    );
    space.kaslite("status").ok().prints("a: frozen");
    space.edit("params.yaml", "yes: true", "yes: false");
    assert_eq!(space.repro(), ["a"]);
    space.write("in.txt", "two\n");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn a_param_put_into_the_command_counts_without_being_declared() {
    let space = with("    cmd: tick && echo ${n} > a.txt\n    deps: [in.txt]\n    outs: [a.txt]\n");
    assert_eq!(space.repro(), ["a"]);
    space.edit("params.yaml", "name: spirals", "name: moons");
    assert!(space.repro().is_empty());
    space.edit("params.yaml", "n: 3", "n: 4");
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(space.read("a.txt"), "4\n");
}

#[test]
fn a_backslash_keeps_the_shell_variable() {
    let space = with(
        "    cmd: tick && x=shell && echo \\${x} $x > a.txt
    deps: [in.txt]
    outs: [a.txt]
",
    );
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(space.read("a.txt"), "shell shell\n");
}

#[test]
fn a_backslash_keeps_a_text_that_is_nothing_else() {
    let space = with("    cmd: \\${KASLITE_ROOT}/run.sh\n    deps: [run.sh]\n    outs: [a.txt]\n");
    space.write("run.sh", "#!/bin/sh\ntick\necho ran > a.txt\n");
    space
        .finish(space.program("chmod").args(["+x", "run.sh"]))
        .ok();
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn an_unknown_param_a_list_in_text_and_an_open_brace_are_errors_with_their_lines() {
    let space = with(
        "    cmd: echo ${nam} > ${name}
    deps: [in.txt]
    outs: ['${list}.txt', '${name']
",
    );
    insta::assert_snapshot!(space.kaslite("status").text());
}

#[test]
fn braces_in_a_list_without_quotes_are_an_error_that_says_to_quote_them() {
    let space = with("    cmd: x\n    deps: [in.txt]\n    outs: [${name}.txt]\n");
    space
        .kaslite("status")
        .exits(2)
        .says("pipeline.yaml:5")
        .says("quote");
}

#[test]
fn a_renamed_out_by_param_is_made_under_its_new_name() {
    let space = with(
        "    cmd: tick && cp in.txt ${name}.txt
    deps: [in.txt]
    outs: ['${name}.txt']
",
    );
    assert_eq!(space.repro(), ["a"]);
    space.edit("params.yaml", "name: spirals", "name: moons");
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(space.read("moons.txt"), "one\n");
}
