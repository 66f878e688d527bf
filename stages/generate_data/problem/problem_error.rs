/// Why the arguments of a problem are refused. The names are those of the arguments.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ProblemError {
    /// A count or size is too small.
    #[error("`{name}` must be at least {least}, not {value}")]
    TooSmall {
        /// The argument.
        name: &'static str,
        /// The smallest value that is accepted.
        least: usize,
        /// The value given.
        value: usize,
    },
    /// A number is negative, infinite or not a number.
    #[error("`{name}` must be a finite number that is not negative, not {value}")]
    Negative {
        /// The argument.
        name: &'static str,
        /// The value given.
        value: f64,
    },
    /// A number is zero, negative, infinite or not a number.
    #[error("`{name}` must be a finite number above 0, not {value}")]
    NotPositive {
        /// The argument.
        name: &'static str,
        /// The value given.
        value: f64,
    },
    /// The groups have too few samples together, or more than can be counted.
    #[error(
        "`{count_name}` times `{size_name}` must be 2 or more and countable, \
         not {count} times {size}"
    )]
    Total {
        /// The argument that counts the groups.
        count_name: &'static str,
        /// How many groups were asked for.
        count: usize,
        /// The argument that sizes a group.
        size_name: &'static str,
        /// How many samples a group was to have.
        size: usize,
    },
    /// There is not one radius for each sphere.
    #[error(
        "`sphere_radii` must hold one radius for each sphere: {radii} given, \
         `sphere_count` is {spheres}"
    )]
    Radii {
        /// How many radii were given.
        radii: usize,
        /// How many spheres were asked for.
        spheres: usize,
    },
    /// The seed does not fit the generator that scikit-learn's recipes use.
    #[error("the seed of this problem must be at most 4294967295, not {rng_seed}")]
    RngSeed {
        /// The seed given.
        rng_seed: u64,
    },
}
