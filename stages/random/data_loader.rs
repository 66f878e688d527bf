use crate::TorchGenerator;

/// What one pass over a `torch.utils.data.DataLoader` draws from the default generator, with
/// single-process loading and no generator of the loader's own.
///
/// Each pass first draws one 64-bit integer for the loader's base seed. A shuffling loader then
/// draws another one, which seeds a generator of its own; the pass's permutation comes from that
/// one, so the default generator spends the same two integers (four 32-bit draws) whatever the
/// length.
#[derive(Clone, Copy, Debug)]
pub struct DataLoader {
    length: usize,
    shuffle: bool,
}

impl DataLoader {
    /// A loader of `length` samples with `shuffle=True`.
    pub fn shuffled(length: usize) -> Self {
        Self {
            length,
            shuffle: true,
        }
    }

    /// A loader of `length` samples with `shuffle=False`.
    pub fn in_order(length: usize) -> Self {
        Self {
            length,
            shuffle: false,
        }
    }

    /// Starts a pass: draws from `generator` what iterating over the loader draws, and returns the
    /// order of the samples, positions in `0..length`.
    pub fn pass(&self, generator: &mut TorchGenerator) -> Vec<usize> {
        let _base_seed = generator.next_i64();
        if !self.shuffle {
            return (0..self.length).collect();
        }
        let seed = generator.next_i64();
        TorchGenerator::new(seed.cast_unsigned()).randperm(self.length)
    }
}
