//! `kaslite dag`.

use crate::support::Space;

fn space() -> Space {
    let space = Space::new(
        "stages:
  report: {cmd: x, deps: [model, plots], outs: [report.md]}
  train: {cmd: x, deps: [data/a, train.py], outs: [model]}
  draw-plots: {cmd: x, deps: [model, data], outs: [plots]}
  prepare: {cmd: x, deps: [raw], outs: [data]}
  alone: {cmd: x, deps: [raw], outs: [alone]}
",
    );
    for name in ["raw", "train.py"] {
        space.write(name, "");
    }
    space
}

#[test]
fn b160_as_text() {
    insta::assert_snapshot!(space().kaslite("dag").ok().text());
}

#[test]
fn b160_as_dot() {
    insta::assert_snapshot!(space().kaslite("dag --dot").ok().text());
}

#[test]
fn b160_as_mermaid() {
    insta::assert_snapshot!(space().kaslite("dag --mermaid").ok().text());
}

#[test]
fn b160_of_a_target() {
    insta::assert_snapshot!(space().kaslite("dag plots").ok().text());
}

#[test]
fn nothing_needs_to_be_on_disk() {
    let space = space();
    space.remove("raw");
    space.kaslite("dag").ok().prints("prepare");
}

#[test]
fn one_form_at_a_time() {
    space().kaslite("dag --dot --mermaid").exits(2);
}
