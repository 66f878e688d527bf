//! How a command is run: shell, folder, environment.

use crate::support::Space;

#[test]
fn b110_a_command_learns_of_root_and_stage() {
    let space = Space::new(
        "stages:
  a:
    wdir: sub
    cmd: tick && echo $KASLITE_ROOT $KASLITE_STAGE $DVC_ROOT $DVC_STAGE > a.txt
    deps: [in.txt]
    outs: [a.txt]
",
    );
    space.write("sub/in.txt", "one\n");
    assert_eq!(space.repro(), ["a"]);
    let root = space.root().display();
    assert_eq!(space.read("sub/a.txt"), format!("{root} a {root} a\n"));
}

#[test]
fn b109_paths_and_commands_of_a_stage_start_at_its_wdir() {
    let space = Space::new(
        "stages:
  a:
    wdir: sub/deep
    cmd: tick && cat ../../in.txt here.txt > out.txt
    deps: [../../in.txt, here.txt]
    params: [n]
    outs: [out.txt]
  b:
    cmd: tick && cp sub/deep/out.txt b.txt
    deps: [sub/deep/out.txt]
    outs: [b.txt]
",
    );
    space.write("in.txt", "one\n");
    space.write("sub/deep/here.txt", "here\n");
    space.write("sub/deep/params.yaml", "n: 1\n");
    assert_eq!(space.repro(), ["a", "b"]);
    assert_eq!(space.read("b.txt"), "one\nhere\n");
    space.write("sub/deep/params.yaml", "n: 2\n");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn another_wdir_is_a_reason() {
    let space = Space::new(
        "stages:
  a: {wdir: one, cmd: tick && cp ../in.txt ../a.txt, deps: [../in.txt], outs: [../a.txt]}
",
    );
    for name in ["in.txt", "one/x", "two/x"] {
        space.write(name, "one\n");
    }
    assert_eq!(space.repro(), ["a"]);
    space.edit("pipeline.yaml", "wdir: one", "wdir: two");
    space
        .kaslite("status")
        .ok()
        .prints("wdir")
        .prints("one → two");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn b108_a_command_of_several_lines_is_one_script_that_stops_at_the_first_failure() {
    let space = Space::new(
        "stages:
  a:
    cmd: |
      tick
      x=kept
      cd sub
      echo $x > ../a.txt
    deps: [in.txt]
    outs: [a.txt]
  b:
    cmd: |
      cp in.txt b.txt
      false
      touch reached
    deps: [in.txt]
    outs: [b.txt]
",
    );
    space.write("in.txt", "one\n");
    space.write("sub/x", "");
    space.kaslite("repro a").ok();
    assert_eq!(space.read("a.txt"), "kept\n");
    space.kaslite("repro b").exits(1);
    assert!(!space.has("reached"));
}

#[test]
fn b107_a_list_of_commands_stops_at_the_first_that_fails() {
    let space = Space::new(
        "stages:
  a:
    cmd:
      - echo one > a.txt
      - exit 7
      - touch reached
    deps: [in.txt]
    outs: [a.txt]
",
    );
    space.write("in.txt", "one\n");
    space
        .kaslite("repro")
        .exits(1)
        .says("`exit 7` failed with exit code 7");
    assert!(!space.has("reached"));
    space.edit("pipeline.yaml", "exit 7", "cd / && x=1");
    space.edit(
        "pipeline.yaml",
        "touch reached",
        "echo x${x} >> a.txt".replace("${x}", "$x").as_str(),
    );
    space.kaslite("repro").ok();
    assert_eq!(
        space.read("a.txt"),
        "one\nx\n",
        "each command has a shell of its own"
    );
}

#[test]
fn a_declared_variable_counts_and_another_does_not() {
    let mut space = Space::new(
        "stages:
  a: {cmd: tick && echo $MODE > a.txt, deps: [in.txt], env: [MODE], outs: [a.txt]}
",
    );
    space.write("in.txt", "one\n");
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(space.read("a.txt"), "\n");
    space.set("OTHER", "1");
    assert!(space.repro().is_empty());
    space.set("MODE", "fast");
    space
        .kaslite("status")
        .ok()
        .prints("env MODE")
        .prints("(not set) → fast");
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(space.read("a.txt"), "fast\n");
}

#[test]
fn a_variable_set_in_the_pipeline_wins_over_the_one_outside() {
    let mut space = Space::new(
        "stages:
  a: {cmd: tick && echo $MODE > a.txt, deps: [in.txt], env: {MODE: 4}, outs: [a.txt]}
",
    );
    space.write("in.txt", "one\n");
    space.set("MODE", "outside");
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(space.read("a.txt"), "4\n");
    space.edit("pipeline.yaml", "MODE: 4", "MODE: 5");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn what_a_command_prints_is_shown_and_kept_in_its_log() {
    let space = Space::new(
        "stages:
  a: {cmd: 'echo to stdout; echo to stderr >&2; cp in.txt a.txt', deps: [in.txt], outs: [a.txt]}
",
    );
    space.write("in.txt", "one\n");
    space
        .kaslite("repro")
        .ok()
        .says("a | to stdout")
        .says("a | to stderr");
    let log = format!("results/runs/{}/logs/stages/a.log", space.records()[0]);
    let log = space.read(&log);
    let mut lines: Vec<&str> = log.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["to stderr", "to stdout"]);
}

#[test]
fn a_command_reads_nothing_from_the_terminal() {
    let space = Space::new("stages:\n  a: {cmd: 'cat > a.txt', deps: [in.txt], outs: [a.txt]}\n");
    space.write("in.txt", "one\n");
    space.kaslite("repro").ok();
    assert_eq!(space.read("a.txt"), "");
}
