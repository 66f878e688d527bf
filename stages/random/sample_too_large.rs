/// More elements were asked for than there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot sample {count} of {length} elements")]
pub struct SampleTooLarge {
    /// How many elements there are.
    pub length: usize,
    /// How many were asked for.
    pub count: usize,
}
