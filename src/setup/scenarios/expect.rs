//! What the scenarios assert in common.

use crate::environment::Environment;
use crate::failure::Failure;
use crate::folder;
use crate::libtorch::set_up;

/// The set-up fails in the house style: one line, a hint, exit code 2.
pub(crate) fn failure(environment: &Environment) -> Failure {
    let failure = set_up(environment).unwrap_err();
    assert_eq!(failure.code, 2);
    assert!(failure.hint.is_some(), "no hint: {}", failure.message);
    assert!(!failure.message.contains('\n'));
    failure
}

/// The checkout's link leads to a whole libtorch.
pub(crate) fn linked(environment: &Environment) -> bool {
    folder::examine(&environment.link()).is_ok()
}
