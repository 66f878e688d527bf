/// How a seed counts as switched on that is still being blended in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// With the alpha that it has: all seeds on is the network as it was trained.
    AsTrained,
    /// With alpha 1, as if its blend were over.
    Forced,
}
