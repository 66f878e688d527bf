/// What one configuration gives for some rows, in the order of the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// Which of the configurations that were asked for, from 0.
    pub at: usize,
    /// The first of these rows, from 0.
    pub first_row: usize,
    /// `[rows]`: cross-entropy of each row in nats.
    pub losses: Vec<f32>,
    /// `[rows]`: whether it was classified rightly.
    pub correct: Vec<bool>,
}
