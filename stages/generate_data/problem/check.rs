//! The checks that the problems share. Each takes the name of the argument for the message.

use super::ProblemError;

pub(super) fn at_least(name: &'static str, least: usize, value: usize) -> Result<(), ProblemError> {
    if value < least {
        Err(ProblemError::TooSmall { name, least, value })
    } else {
        Ok(())
    }
}

pub(super) fn not_negative(name: &'static str, value: f64) -> Result<(), ProblemError> {
    if value.is_finite() && value >= 0.0 {
        Ok(())
    } else {
        Err(ProblemError::Negative { name, value })
    }
}

pub(super) fn positive(name: &'static str, value: f64) -> Result<(), ProblemError> {
    if value.is_finite() && value > 0.0 {
        Ok(())
    } else {
        Err(ProblemError::NotPositive { name, value })
    }
}

/// How many samples `count` groups of `size` have: two or more.
pub(super) fn total(
    (count_name, count): (&'static str, usize),
    (size_name, size): (&'static str, usize),
) -> Result<usize, ProblemError> {
    at_least(count_name, 1, count)?;
    at_least(size_name, 1, size)?;
    count
        .checked_mul(size)
        .filter(|&total| total >= 2)
        .ok_or(ProblemError::Total {
            count_name,
            count,
            size_name,
            size,
        })
}

/// The seed of a `RandomState`, which takes 32 bits.
pub(super) fn legacy_seed(rng_seed: u64) -> Result<u32, ProblemError> {
    u32::try_from(rng_seed).map_err(|_| ProblemError::RngSeed { rng_seed })
}
