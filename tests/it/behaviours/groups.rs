//! Groups beyond DVC's: `include` and `exclude` of a matrix, a matrix below `do`; outs elsewhere.

use crate::behaviours::declaration::{commands, refused, stages};
use crate::support::Space;

fn matrix(rules: &str) -> Space {
    let space = Space::new(&format!(
        "stages:\n  t:\n    matrix:\n      os: [win, linux]\n      v: [1, 2]\n{rules}    \
         cmd: 'echo ${{item}}'\n    deps: [x]\n"
    ));
    space.write("x", "");
    space
}

#[test]
fn b078_combinations_are_taken_away_and_added() {
    let rules = "      exclude: [{os: win, v: 1}, {os: linux}]
      include: [{v: 2, fast: true}, {os: mac, v: 3}]
";
    let space = matrix(rules);
    assert_eq!(stages(&space), ["t@win-2", "t@mac-3"]);
    assert_eq!(
        commands(&space),
        ["echo --os win --v 2 --fast", "echo --os mac --v 3"]
    );
    refused(&matrix("      exclude: [{s: win}]\n"))
        .says("pipeline.yaml:6: `exclude` in `matrix` of stage `t` names `s`, which is no axis");
    refused(&matrix("      include: [{os: mac}]\n")).says("without a value for `v`");
    // Without axes, what is included is all there is.
    let space = Space::new(
        "stages: {t: {matrix: {include: [{a: 1, b: x}, {a: 2}]}, cmd: 'echo ${item}', deps: [p]}}",
    );
    assert_eq!(stages(&space), ["t@1-x", "t@2"]);
}

#[test]
fn b078_an_axis_may_still_be_called_so() {
    let space = Space::new("stages: {t: {matrix: {include: [a, b]}, cmd: 'echo ${item.include}'}}");
    assert_eq!(stages(&space), ["t@a", "t@b"]);
}

#[test]
fn b079_a_matrix_below_do_gives_every_combination_with_the_entries() {
    let space = Space::new(
        "stages:
  t:
    foreach: {us: {n: 1}, uk: {n: 2}}
    do:
      matrix: {v: [1, '${item.n}0']}
      cmd: echo ${key} ${item.n} ${matrix.v}
      deps: [x]
",
    );
    space.write("x", "");
    assert_eq!(stages(&space), ["t@us-1", "t@us-10", "t@uk-1", "t@uk-20"]);
    assert_eq!(commands(&space)[3], "echo uk 2 20");
    let space = Space::new("stages: {t: {foreach: [1], do: {foreach: [2], do: {cmd: tick}}}}");
    refused(&space).says("`foreach` of stage `t` stands below `do`");
}

#[test]
fn b080_a_group_has_a_stage_for_each_file_that_a_pattern_names() {
    let space = Space::new(
        "stages:
  clean:
    files: raw/**/*.csv
    do: {cmd: 'tick && mkdir -p clean && cp ${item} clean/${key}', deps: ['${item}'], outs: ['clean/${key}']}
",
    );
    for name in [
        "raw/a.csv",
        "raw/deep/b.csv",
        "raw/c.txt",
        "raw/.d.csv",
        "raw/.git/e.csv",
    ] {
        space.write(name, "1\n");
    }
    assert_eq!(stages(&space), ["clean@raw/a.csv", "clean@raw/deep/b.csv"]);
    assert_eq!(space.repro().len(), 2);
    assert!(space.repro().is_empty());
    // All was fresh: a new file is seen all the same, and one that goes takes its stage with it.
    space.write("raw/deep/f.csv", "2\n");
    space.kaslite("status --check").exits(3);
    assert_eq!(space.repro(), ["clean@raw/deep/f.csv"]);
    space.remove("raw/a.csv");
    assert!(space.repro().is_empty());
    assert!(!space.lock().contains("clean@raw/a.csv"));
    space.edit("pipeline.yaml", "raw/**/*.csv", "rw/*.csv");
    refused(&space).says("pipeline.yaml:3: `rw/*.csv` names no file");
}

#[test]
fn b080_a_pattern_names_no_outs_of_stages() {
    let space = Space::new(
        "stages:
  make: {cmd: tick && touch made/a.csv, deps: [x], outs: [made]}
  each: {files: made/*.csv, do: {cmd: 'tick', deps: ['${item}']}}
",
    );
    space.write("x", "");
    space.write("made/a.csv", "");
    refused(&space).says("`files` of stage `each` names `made`, which stage `make` makes");
    let space = Space::new("stages: {t: {files: [x], do: {cmd: tick}}}");
    refused(&space).says("must be a pattern");
    let space = Space::new("stages: {t: {files: '*', cmd: tick}}");
    refused(&space).says("`cmd` of stage `t` stands beside `files`");
}

#[test]
fn b091_an_out_lies_elsewhere_only_without_the_cache() {
    let space = Space::new(
        "stages: {a: {cmd: 'tick && cp in ../elsewhere', deps: [in], outs: [../elsewhere: {cache: false}]}}",
    );
    space.write("in", "one\n");
    assert_eq!(space.repro(), ["a"]);
    assert!(space.repro().is_empty());
    assert!(space.repro().is_empty());
    std::fs::write(space.beside("elsewhere"), "edited\n").expect("a file");
    space.kaslite("status --check").exits(3);
    space.kaslite("checkout").ok().says("`cache: false`");
    assert_eq!(space.repro(), ["a"]);
    assert_eq!(
        std::fs::read_to_string(space.beside("elsewhere")).expect("what it made"),
        "one\n"
    );
    space.edit("pipeline.yaml", "cache: false", "cache: true");
    refused(&space)
        .says("lies outside the project")
        .says("cache: false");
}

#[test]
fn what_dvc_says_of_remotes_and_datasets_is_taken() {
    let space = Space::new(
        "datasets: [{name: d, type: url, url: 'https://example.org/d'}]
stages:
  a:
    cmd: tick && touch b c
    deps: [in]
    outs: [b: {push: false, remote: far}]
    plots: [c: {push: true, type: x, x: n}]
",
    );
    space.write("in", "one\n");
    assert_eq!(space.repro(), ["a"]);
    space.edit("pipeline.yaml", "push: false", "push: maybe");
    refused(&space).says("`push` of stage `a` must be true or false");
}
