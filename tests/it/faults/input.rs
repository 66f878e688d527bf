//! Faults 79, 80, 82–84: what people and files put in.

use crate::support::Space;
use std::fmt::Write as _;

#[test]
fn f079_a_huge_pipeline_is_read_in_bounded_time_and_memory() {
    let mut text = "stages:\n  make: {cmd: tick, deps: [in.txt], outs: [out.txt]}\n".to_owned();
    while text.len() < 20 << 20 {
        text.push_str(
            "# Nothing but words that nobody needs, and of them very many, line after line.\n",
        );
    }
    let space = Space::new(&text);
    let mut command = space.program("sh");
    let script = format!(
        "ulimit -d 262144; exec {} repro --dry",
        crate::support::kaslite().display()
    );
    space
        .finish(command.args(["-c", &script]))
        .exits(2)
        .says("pipeline.yaml:2")
        .says("`in.txt` is not there");
}

#[test]
fn f080_params_of_every_kind_have_keys_that_stay() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && cp params.yaml out.txt, params: [a], outs: [out.txt]}
",
    );
    let kinds = [
        "no",
        "1e3",
        "0o17",
        "0x1f",
        ".nan",
        ".inf",
        "-.inf",
        "123456789012345678901234567890",
        "2001-12-14",
        "~",
        "''",
        "'1'",
        "1",
        "1.0",
        "-0.0",
        "0.1",
        "[]",
        "{}",
        "[1, [2]]",
        "{b: 1}",
    ];
    for kind in kinds {
        space.write("params.yaml", format!("a: {kind}\n"));
        space.repro();
        assert!(space.repro().is_empty(), "{kind}");
        space.kaslite("status --check").ok();
        // Written otherwise, the same.
        space.write(
            "params.yaml",
            format!("# a comment\na:   {kind}   # and one more\n"),
        );
        space.kaslite("status --check").ok();
        // From nothing but the cache, the same.
        space.remove("pipeline.lock");
        assert!(space.repro().is_empty(), "{kind}");
    }
    space.write("params.yaml", "a: 1\n");
    space.repro();
    space.write("params.yaml", "a: '1'\n");
    space.kaslite("status --check").exits(3);
}

#[test]
fn f082_a_map_of_params_reaches_the_command_as_data() {
    let space = Space::new(
        "stages:
  make: {cmd: 'tick && printf \"%s\\n\" ${args} > out.txt', deps: [in.txt], outs: [out.txt]}
",
    );
    space.write("in.txt", "one\n");
    space.write(
        "params.yaml",
        "args:\n  a: $(touch bad)\n  b: '`touch bad`; touch bad'\n  c: \"it's\\nso\"\n  d: '*'\n",
    );
    space.repro();
    assert!(!space.has("bad"));
    assert_eq!(
        space.read("out.txt"),
        "--a\n$(touch bad)\n--b\n`touch bad`; touch bad\n--c\nit's\nso\n--d\n*\n"
    );
}

#[test]
fn f083_a_matrix_of_a_thousand_million_stages_is_refused_before_it_is_made() {
    let mut text = "stages:\n  make:\n    matrix:\n".to_owned();
    for axis in 0..9 {
        writeln!(text, "      x{axis}: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]").expect("a text");
    }
    text.push_str("    cmd: tick\n    outs: ['${key}']\n");
    let space = Space::new(&text);
    let mut command = space.program("sh");
    let script = format!(
        "ulimit -d 524288; exec {} status",
        crate::support::kaslite().display()
    );
    space
        .finish(command.args(["-c", &script]))
        .exits(2)
        .says("gives more than 100000 stages");
}

#[test]
fn f084_what_is_in_the_environment_and_not_declared_is_written_nowhere() {
    let mut space = Space::new(
        "stages:
  make: {cmd: 'tick && test -n \"$API_TOKEN\" && cp in.txt out.txt', deps: [in.txt], outs: [out.txt]}
",
    );
    space.write("in.txt", "one\n");
    space.set("API_TOKEN", "s3cr3t-t0k3n");
    space.repro();
    space.edit("pipeline.yaml", "cp in.txt out.txt", "false");
    space.kaslite("repro").exits(1);
    let grep = space.finish(space.program("grep").args(["-r", "s3cr3t-t0k3n", "."]));
    grep.exits(1);
}
