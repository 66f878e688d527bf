use super::{Clusters, ComplexMoons, Dataset, Moons, ProblemError, Spheres, Spirals};

/// A synthetic problem with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// Two intertwined spirals.
    Spirals(Spirals),
    /// Two interleaved half circles.
    Moons(Moons),
    /// Normal clouds around centres on a circle.
    Clusters(Clusters),
    /// Concentric shells.
    Spheres(Spheres),
    /// Two half circles and two normal clouds.
    ComplexMoons(ComplexMoons),
}

impl Problem {
    /// Makes the samples. The same arguments and seed give the same set; a run's own seed has no
    /// part in it.
    ///
    /// # Errors
    /// When an argument is out of range, or the seed is for a problem that takes 32 bits only
    /// (all but the spirals and spheres).
    pub fn generate(&self, rng_seed: u64) -> Result<Dataset, ProblemError> {
        match self {
            Self::Spirals(spirals) => spirals.generate(rng_seed),
            Self::Moons(moons) => moons.generate(rng_seed),
            Self::Clusters(clusters) => clusters.generate(rng_seed),
            Self::Spheres(spheres) => spheres.generate(rng_seed),
            Self::ComplexMoons(complex_moons) => complex_moons.generate(rng_seed),
        }
    }
}
