//! How much is said, and that what is kept does not depend on it.

use crate::support::Space;

fn project() -> Space {
    let space =
        Space::new("stages:\n  a: {cmd: echo said && cp in out, deps: [in], outs: [out]}\n");
    space.write("in", "1\n");
    space
}

fn log(space: &Space) -> String {
    let run = space.kaslite("runs show latest --json").ok().json();
    let run = run["run_id"].as_str().expect("a name").to_owned();
    space.read(&format!("results/runs/{run}/logs/stages/a.log"))
}

#[test]
fn quiet_says_only_what_went_wrong_and_the_log_is_whole() {
    let space = project();
    let ran = space.kaslite("repro -q").ok();
    assert_eq!((ran.stderr.as_str(), ran.stdout.as_str()), ("", ""));
    assert_eq!(log(&space), "said\n");
    space.edit("pipeline.yaml", "echo said", "echo said && false");
    let ran = space.kaslite("repro --quiet").exits(1);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.text());
    assert!(ran.stderr.starts_with("a: failed: "), "{}", ran.text());
    space.kaslite("status -q").ok().prints("a: stale");
    space
        .kaslite("repro -q nothing")
        .exits(2)
        .says("error: ")
        .says("hint: ");
}

#[test]
fn verbose_says_what_is_decided_and_why() {
    let space = project();
    space
        .kaslite("repro -v")
        .ok()
        .says("a: runs\n  it has not run yet");
    space.write("in", "2\n");
    space
        .kaslite("repro --verbose")
        .ok()
        .says("a: runs\n  dep in modified");
    space.write("in", "1\n");
    space
        .kaslite("repro -v")
        .ok()
        .says("a: is restored from the cache")
        .says("a (replayed) | said");
    assert_eq!(log(&space).trim(), "said");
    space.kaslite("repro -q -v").exits(2);
}
