//! The laws, tried on random projects.

use crate::model::driver::{Driver, Wish};
use crate::model::library::Library;
use crate::model::program::Real;
use crate::model::step::{Draft, Step, Trouble, draft, step};
use crate::model::world::World;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, RngAlgorithm, TestError, TestRng, TestRunner};

/// Steps of a project's life.
const LIFE: usize = 24;

/// As many lives as make up the steps that are asked for; always the same ones unless a seed is given.
fn runner(steps: usize) -> TestRunner {
    let asked = |name: &str| std::env::var(name).ok()?.parse::<usize>().ok();
    let steps = asked("KASLITE_TEST_STEPS").map_or(steps, |asked| asked * steps / 400);
    let config = ProptestConfig {
        cases: u32::try_from(steps.div_ceil(LIFE)).expect("a number of cases"),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        source_file: Some(file!()),
        max_shrink_time: 120_000,
        ..ProptestConfig::default()
    };
    let seed = u8::try_from(asked("KASLITE_TEST_SEED").unwrap_or(0)).expect("a seed from 0 to 255");
    TestRunner::new_with_rng(
        config,
        TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]),
    )
}

fn lives(all_shell: bool) -> impl Strategy<Value = (Vec<Draft>, Vec<Step>)> {
    (
        vec(draft(all_shell), 1..6),
        vec(step(all_shell), LIFE / 2..LIFE * 3 / 2),
    )
}

fn holds(driver: &dyn Driver, steps: usize, all_shell: bool) {
    let outcome = runner(steps).run(&lives(all_shell), |(drafts, steps)| {
        let mut world = World::new(driver, drafts);
        for step in &steps {
            world.happen(step);
        }
        let wish = Wish {
            jobs: 4,
            ..Wish::default()
        };
        world.run(&wish, true, &Trouble::None);
        Ok(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Abort(reason)) => panic!("{reason}"),
        Err(TestError::Fail(reason, (drafts, steps))) => {
            let steps: Vec<String> = steps.iter().map(|step| format!("{step:?}")).collect();
            panic!("{reason}\n{drafts:?}\n{}", steps.join("\n"));
        }
    }
}

#[test]
fn the_engine_never_lies() {
    holds(&Library, 400, false);
}

#[test]
fn the_program_never_lies() {
    holds(&Real, 60, true);
}
