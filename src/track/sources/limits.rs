//! [`Limits`]: how much a record takes of the sources.

/// How many bytes a record takes of the sources.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Of one file.
    pub file: u64,
    /// Of all files.
    pub all: u64,
    /// Of the diff.
    pub patch: usize,
    /// Whether what looks like a secret is masked.
    pub masked: bool,
}

impl Limits {
    /// Of a run record.
    pub const RECORD: Self = Self {
        file: 1 << 20,
        all: 16 << 20,
        patch: 1 << 20,
        masked: true,
    };
    /// All there is, as it is: for a place that does not outlast the program.
    pub const NONE: Self = Self {
        file: u64::MAX,
        all: u64::MAX,
        patch: 0,
        masked: false,
    };
}
