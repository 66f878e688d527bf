/// A named place of a host where seeds may grow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) name: String,
    /// Width of what passes there.
    pub(crate) dim: usize,
}
