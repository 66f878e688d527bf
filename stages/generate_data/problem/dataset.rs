/// Samples with their classes, in the order in which they were made.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// `[n, d]`, row-major.
    pub x: Vec<f32>,
    /// `[n]`, 0 or 1.
    pub y: Vec<i64>,
    /// How many samples there are.
    pub n: usize,
    /// How many features a sample has.
    pub d: usize,
}
