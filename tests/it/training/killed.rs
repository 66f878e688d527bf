//! `kill -9` at any moment: the next run completes, with the bytes of an undisturbed one.

use crate::training::project::{assert_equal, outs, small};
use crate::training::undisturbed::UNDISTURBED;
use std::time::{Duration, Instant};

/// Kills in the test suite; `KASLITE_TEST_KILLS` asks for more.
const KILLS: usize = 6;

#[test]
fn a_run_that_is_killed_is_completed_by_the_next() {
    let kills = std::env::var("KASLITE_TEST_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(KILLS);
    let began = Instant::now();
    let space = small();
    space.kaslite("repro").ok();
    let whole = began.elapsed();
    let mut moment = 0.37;
    for kill in 0..kills {
        // Steps of the golden ratio cover the whole run evenly.
        moment = (moment + 0.618_033_988_75) % 1.0;
        let wait = whole.mul_f64(moment);
        let space = small();
        let running = space.start("repro");
        std::thread::sleep(wait);
        running.kill_all();
        running.wait();
        space.kaslite("repro").ok();
        let when = format!(
            "kill {kill} after {:.3} of {:.3} s",
            wait.as_secs_f64(),
            whole.as_secs_f64()
        );
        assert_equal(&outs(&space), &UNDISTURBED, &when);
        space.kaslite("repro").ok().says("5 fresh");
    }
    assert!(
        whole < Duration::from_secs(60),
        "the small project takes {whole:?}"
    );
}
