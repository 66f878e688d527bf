//! The five synthetic problems: two classes each, drawn from a fixed seed.
//!
//! | file | holds |
//! |---|---|
//! | `kind` | [`Problem`], one variant for each problem, and [`Problem::generate`] |
//! | `spirals` `moons` `clusters` `spheres` `complex_moons` | the arguments of a problem and its recipe |
//! | `dataset` | [`Dataset`], what a problem makes |
//! | `problem_error` | [`ProblemError`], why arguments are refused |
//! | `half_moons` | scikit-learn's recipe, shared by two problems |
//! | `samples` | the samples while they are made |
//! | `check` | the checks that the problems share |
//!
//! With the seed 42 the numbers equal those of the Python original bit for bit in `float32`; they
//! are computed in double precision with the platform's sine and cosine and rounded at the end.

mod check;
mod clusters;
mod complex_moons;
mod dataset;
mod half_moons;
mod kind;
mod moons;
mod problem_error;
mod samples;
mod spheres;
mod spirals;
#[cfg(test)]
mod tests;

pub use clusters::Clusters;
pub use complex_moons::ComplexMoons;
pub use dataset::Dataset;
pub use kind::Problem;
pub use moons::Moons;
pub use problem_error::ProblemError;
pub use spheres::Spheres;
pub use spirals::Spirals;
