//! Params files, and what of them counts.

use crate::behaviours::declaration::{refused, with_params};
use crate::support::Space;

const READS: &str = "\
stages:
  a:
    cmd: tick && echo done > a.txt
    params: [PARAMS]
    outs: [a.txt]
";

fn reads(listed: &str, params: &str) -> Space {
    let space = Space::new(&READS.replace("PARAMS", listed));
    space.write("params.yaml", params);
    assert_eq!(space.repro(), ["a"]);
    assert!(space.repro().is_empty());
    space
}

#[test]
fn b031_a_changed_key_is_named_with_its_file() {
    let space = reads("lr", "lr: 1\nother: 1\n");
    space.edit("params.yaml", "lr: 1", "lr: 2");
    space.kaslite("status").ok().prints("lr").prints("1 → 2");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn b032_a_key_that_is_not_listed_does_not_count() {
    let space = reads("lr", "lr: 1\nother: 1\n");
    space.edit("params.yaml", "other: 1", "other: 2");
    assert!(space.repro().is_empty());
}

#[test]
fn b033_f081_a_key_that_is_gone_is_refused_by_name() {
    let space = reads("lr", "lr: 1\nother: 1\n");
    space.edit("params.yaml", "lr: 1\n", "");
    refused(&space).says("no param `lr` in `params.yaml`");
    space.write("params.yaml", "lrs: 1\n");
    refused(&space).says("did you mean `lrs`?");
}

#[test]
fn b034_a_key_that_a_stage_lists_anew_is_a_reason() {
    let space = reads("lr", "lr: 1\nother: 1\n");
    space.edit("pipeline.yaml", "[lr]", "[lr, other]");
    space.kaslite("status --check").exits(3).prints("other");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn b035_a_dotted_key_is_one_leaf_and_a_section_the_whole_tree() {
    let space = reads("a.b.c", "a: {b: {c: 1, d: 1}}\n");
    space.edit("params.yaml", "d: 1", "d: 2");
    assert!(space.repro().is_empty());
    let space = reads("a", "a: {b: {c: 1}}\n");
    space.edit("params.yaml", "c: 1", "c: 2");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn b036_an_entry_of_a_list_is_named_by_its_place() {
    let space = reads("layers.0", "layers: [8, 16]\n");
    space.edit("params.yaml", "16", "32");
    assert!(space.repro().is_empty());
    space.edit("params.yaml", "8", "4");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn b037_json_and_toml_are_read() {
    for (file, old, new, other) in [
        (
            "p.json",
            "{\n\t\"net\": {\"lr\": 0.1, \"n\": 1}\n}",
            "0.2",
            "\"n\": 2",
        ),
        ("p.toml", "[net]\nlr = 0.1\nn = 1\n", "0.2", "n = 2"),
    ] {
        let space = Space::new(&READS.replace("PARAMS", &format!("{{{file}: [net.lr]}}")));
        space.write(file, old);
        assert_eq!(space.repro(), ["a"], "{file}");
        let unlisted = other.replace('2', "1");
        space.edit(file, &unlisted, other);
        assert!(space.repro().is_empty(), "{file}");
        space.edit(file, "0.1", new);
        space
            .kaslite("status --check")
            .exits(3)
            .prints("net.lr")
            .prints("0.2");
        assert_eq!(space.repro(), ["a"], "{file}");
    }
}

#[test]
fn b046_params_in_python_are_read_and_no_code_runs() {
    let space =
        Space::new(&READS.replace("PARAMS", "{p.py: [LR, Train.layers, Train.size, pair]}"));
    space.write(
        "p.py",
        "import no_such_module
LR = 1e-4  # slow
pair = (1, 2)
class Train:
    size: int = 3
    def __init__(self):
        self.layers = [64, 32]
        self.net = LR * 2
open('touched', 'w')
",
    );
    assert_eq!(space.repro(), ["a"]);
    assert!(!space.has("touched"));
    for (old, new) in [
        ("1e-4  # slow", "0.0001"),
        ("(1, 2)", "[1, 2]"),
        ("LR * 2", "LR * 3"),
    ] {
        space.edit("p.py", old, new);
        assert!(space.repro().is_empty(), "{new}");
    }
    space.edit("p.py", "size: int = 3", "size: int = 4");
    let status = space.kaslite("status --check").exits(3);
    status.prints("p.py:Train.size").prints("3 → 4");
    assert_eq!(space.repro(), ["a"]);
    space.edit("p.py", "[64, 32]", "[64, size]");
    refused(&space).says("p.py:7: `Train.layers` is no value that can be read");
    space.edit("p.py", "[64, size]", "[64, ");
    refused(&space).says("p.py:").says("not Python");
}

#[test]
fn b038_an_unknown_ending_is_yaml_and_wrong_content_is_told_with_its_line() {
    let space = Space::new(&READS.replace("PARAMS", "{p.conf: [lr]}"));
    space.write("p.conf", "lr: 1\n");
    assert_eq!(space.repro(), ["a"]);
    for (file, text, says) in [
        ("p.json", "{\n  \"lr\": 1,\n  lr\n}", "p.json:3: not JSON"),
        ("p.toml", "lr = 1\nlr: 2\n", "p.toml:2: not TOML"),
        ("p.yaml", "lr: [1\n", "p.yaml:"),
    ] {
        let space = Space::new(&READS.replace("PARAMS", &format!("{{{file}: [lr]}}")));
        space.write(file, text);
        refused(&space).says(says);
    }
}

#[test]
fn b039_a_file_without_keys_counts_whole() {
    let space = Space::new(&READS.replace("PARAMS", "{conf.yaml: }"));
    space.write("conf.yaml", "x: 1\ny: {z: 2}\n");
    assert_eq!(space.repro(), ["a"]);
    space.edit("conf.yaml", "z: 2", "z: 3");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn b040_each_change_of_a_whole_file_is_listed() {
    let space = Space::new(&READS.replace("PARAMS", "{conf.yaml: }"));
    space.write("conf.yaml", "gone: 1\nchanged: 2\n");
    assert_eq!(space.repro(), ["a"]);
    space.write("conf.yaml", "changed: 3\ncame: 4\n");
    let ran = space.kaslite("status --check").exits(3);
    ran.prints("gone").prints("changed").prints("came");
}

#[test]
fn b041_a_params_file_that_is_gone_is_named() {
    let space = reads("lr", "lr: 1\n");
    space.remove("params.yaml");
    refused(&space).says("params.yaml");
    let status = space.kaslite("status --check").exits(3);
    status
        .prints("1 → (none)")
        .prints("params.yaml              is not there");
}

#[test]
fn b042_what_is_empty_is_a_value() {
    for value in ["''", "false", "[]", "{}", "null", "0"] {
        reads("x", &format!("x: {value}\n"));
    }
}

#[test]
fn b043_comments_order_and_quotes_of_params_do_not_count() {
    let space = reads("x, y", "x: 1\ny: text\n");
    space.write("params.yaml", "# more\ny: \"text\" # here\nx: 1\n");
    assert!(space.repro().is_empty());
}

#[test]
fn b044_a_float_is_one_however_it_is_written() {
    let space = reads("x", "x: 1e-4\n");
    for text in ["1E-4", "1.0e-4", "0.0001"] {
        space.write("params.yaml", format!("x: {text}\n"));
        assert!(space.repro().is_empty(), "{text}");
    }
    space.write("params.yaml", "x: '1e-4'\n");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn b045_an_int_equals_the_float_it_is() {
    let space = reads("x", "x: 1\n");
    space.write("params.yaml", "x: 1.0\n");
    assert!(space.repro().is_empty());
    space.write("params.yaml", "x: '1'\n");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn b045b_a_date_is_text() {
    let space = reads("d", "d: 2020-01-01\n");
    space.write("params.yaml", "d: '2020-01-01'\n");
    assert!(space.repro().is_empty());
}

#[test]
fn b047_params_lie_in_the_folder_of_the_stage() {
    let space = Space::new(
        "stages: {a: {wdir: sub, cmd: tick && echo x > a.txt, params: [lr], outs: [a.txt]}}",
    );
    space.write("sub/params.yaml", "lr: 1\n");
    assert_eq!(space.repro(), ["a"]);
    space.write("sub/params.yaml", "lr: 2\n");
    space.kaslite("status").ok().prints("1 → 2");
    assert_eq!(space.repro(), ["a"]);
}

#[test]
fn b048_a_key_given_twice_is_refused_with_its_line() {
    let space = Space::new(&READS.replace("PARAMS", "x"));
    space.write("params.yaml", "x: 1\nx: 2\n");
    refused(&space).says("params.yaml:2");
}

#[test]
fn b049_anchors_and_merges_work_in_both_files() {
    let space = with_params(
        "stages:
  a: &base
    cmd: tick && echo ${net.lr} ${net.n} > a.txt
    deps: [in.txt]
    outs: [a.txt]
  b: {<<: *base, cmd: tick && cp a.txt b.txt, deps: [a.txt], outs: [b.txt]}
",
        "base: &base {lr: 1}\nnet: {<<: *base, n: 2}\n",
    );
    space.write("in.txt", "");
    assert_eq!(space.repro(), ["a", "b"]);
    assert_eq!(space.read("b.txt"), "1 2\n");
}

#[test]
fn b050_any_letters_are_kept() {
    let space = with_params(
        "stages: {ä: {cmd: 'tick && echo ${größe} > ä.txt', params: [größe], outs: [ä.txt]}}",
        "größe: weiß 雪\n",
    );
    assert_eq!(space.repro(), ["ä"]);
    assert_eq!(space.read("ä.txt"), "weiß 雪\n");
    assert!(space.repro().is_empty());
}
