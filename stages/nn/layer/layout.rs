/// The shapes of a module's weights, in the order in which they lie in its flat buffer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    shapes: Vec<Vec<usize>>,
}

impl Layout {
    /// Makes room for a tensor; its place.
    pub(crate) fn add(&mut self, shape: &[usize]) -> usize {
        self.shapes.push(shape.to_vec());
        self.shapes.len() - 1
    }

    pub(crate) fn shapes(&self) -> &[Vec<usize>] {
        &self.shapes
    }

    /// Number of weights.
    pub(crate) fn count(&self) -> usize {
        let sizes = self
            .shapes
            .iter()
            .map(|shape| shape.iter().product::<usize>());
        sizes.sum()
    }
}
