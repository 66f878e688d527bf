//! The same bytes, whatever runs beside it.

use crate::training::project::{assert_equal, outs, small};
use crate::training::undisturbed::UNDISTURBED;

#[test]
fn cold_runs_make_equal_bytes_whatever_the_number_of_threads() {
    for (threads, jobs) in [("1", "1"), ("4", "4"), ("3", "2")] {
        let mut space = small();
        space.set("OMP_NUM_THREADS", threads);
        space.set("MKL_NUM_THREADS", threads);
        space.kaslite(&format!("repro -j{jobs}")).ok();
        let when = format!("OMP_NUM_THREADS={threads} -j{jobs}");
        assert_equal(&outs(&space), &UNDISTURBED, &when);
    }
}
