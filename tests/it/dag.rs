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

#[test]
fn b160_as_markdown() {
    let space = space();
    let chart = space.kaslite("dag --mermaid").ok().stdout;
    let text = space.kaslite("dag --md").ok().stdout;
    assert_eq!(text, format!("```mermaid\n{chart}```\n"));
}

#[test]
fn b160_of_outs() {
    let space = crate::support::Space::new(
        "stages:
  a: {cmd: mkdir d, deps: [in], outs: [d, x]}
  b: {cmd: cp d/f b, deps: [d/f], outs: [b]}
  c: {cmd: cp x c, deps: [x, b], outs: [c]}
",
    );
    let text = space.kaslite("dag --outs").ok().stdout;
    assert_eq!(text, "d\nx\nb  ← d\nc  ← x, b\n");
    space
        .kaslite("dag --outs --dot b")
        .ok()
        .prints("\"d\" -> \"b\";");
}

#[test]
fn b160_stages_of_one_family_as_one() {
    let space = crate::support::Space::new(
        "stages:
  a:
    foreach: [x, y]
    do: {cmd: 'touch ${item}', deps: [in], outs: ['${item}']}
  b: {cmd: touch z, deps: [x, y], outs: [z]}
",
    );
    let text = space.kaslite("dag --collapse").ok().stdout;
    assert_eq!(text, "a\nb  ← a\n");
    space.kaslite("dag --collapse --outs").exits(2);
}
