//! Faults 49 and 53: several at once.

use crate::behaviours::data::{cached, maker};
use crate::faults::tools::contents_are_whole;
use crate::support::Space;

#[test]
fn f049_sixteen_stages_that_make_the_same_bytes_at_once() {
    let stage = |number: usize| {
        format!(
            "  s{number}: {{cmd: tick && cp in.txt {number}.txt, deps: [in.txt], outs: [{number}.txt]}}\n"
        )
    };
    let stages: String = (0..16).map(stage).collect();
    let space = Space::new(&format!("stages:\n{stages}"));
    space.write("in.txt", "one\n");
    space.kaslite("repro -j16").ok().says("16 ran");
    assert_eq!(cached(&space, "blobs").len(), 1);
    contents_are_whole(&space);
    space.remove("7.txt");
    space.ran();
    assert!(space.repro().is_empty());
}

#[test]
fn f053_what_a_stage_leaves_running_holds_no_lock() {
    let space = maker();
    space.edit("pipeline.yaml", "cmd: tick", "cmd: tick && sh ../leave");
    let leave = "sleep 30 < /dev/null > /dev/null 2>&1 &\necho $! > ../left\n";
    space.write("../leave", leave);
    space.kaslite("repro").ok();
    space.write("in.txt", "two\n");
    space.kaslite("repro").ok();
    space.kaslite("gc -w").ok();
    let script = "kill $(cat ../left)";
    space.finish(space.program("sh").args(["-c", script])).ok();
}
