//! Stages whose trials all come from the cache.

use crate::behaviours::data::cached;
use crate::cache::damage;
use crate::faults::tools::contents_are_whole;
use crate::support::Space;
use crate::training::project::{assert_equal, outs, small, thorough};
use std::fs;

/// The content in the cache that is that of a file of the project.
fn content_of(space: &Space, file: &str) -> std::path::PathBuf {
    let bytes = fs::read(space.path(file)).expect("the file");
    let is_it = |path: &std::path::PathBuf| fs::read(path).is_ok_and(|found| found == bytes);
    let mut contents = cached(space, "blobs").into_iter();
    contents.find(is_it).expect("the file is cached")
}

#[test]
fn they_give_what_training_them_gave() {
    let space = thorough();
    space.kaslite("repro control size_curve sweep").ok();
    let trained = outs(&space);
    space
        .kaslite("repro --force --single control size_curve sweep")
        .ok()
        .says("control | 8 runs: 0 trained, 8 from the cache")
        .says("sweep | 2 trials: 0 trained, 2 from the cache");
    assert_equal(&outs(&space), &trained, "forced");
    // What a stage alone reads was changed, and its results are gone.
    space.remove("results/control");
    let fewer = space
        .kaslite("repro control --set control.lesions=false")
        .ok();
    fewer
        .says("control | 4 runs: 0 trained, 4 from the cache")
        .says("control | 2 runs: 0 trained, 2 from the cache");
    contents_are_whole(&space);
}

#[test]
fn a_damaged_content_is_noticed_and_its_trial_is_trained_again() {
    let space = small();
    space.kaslite("repro sweep").ok();
    let trained = outs(&space);
    for file in ["metrics.json", "model.safetensors"] {
        let trial = fs::read_dir(space.path("results/sweep/trials"))
            .expect("the trials")
            .next()
            .expect("a trial")
            .expect("its name");
        let trial = trial.file_name().into_string().expect("its name");
        let content = content_of(&space, &format!("results/sweep/trials/{trial}/{file}"));
        let length = content.metadata().expect("its size").len();
        damage(
            &content,
            "x".repeat(usize::try_from(length).expect("it is small"))
                .as_bytes(),
        );
        let ran = space.kaslite("repro --force --single sweep").ok();
        ran.says("2 trials: 1 trained, 1 from the cache");
        assert_equal(&outs(&space), &trained, file);
        contents_are_whole(&space);
    }
}
