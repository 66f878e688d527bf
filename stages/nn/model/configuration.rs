/// Which of a model's grown seeds are switched on: a bit each, in the order of
/// [`Model::grown_seeds`](crate::Model::grown_seeds).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Configuration(u64);

impl Configuration {
    /// Most grown seeds that a configuration can tell apart.
    pub const MAX_SEEDS: usize = 64;
    /// Every seed off: the host alone.
    pub const NONE: Self = Self(0);

    /// The first `seeds` seeds on.
    pub fn all(seeds: usize) -> Self {
        match seeds {
            0 => Self::NONE,
            _ => Self(u64::MAX >> (Self::MAX_SEEDS - seeds.min(Self::MAX_SEEDS))),
        }
    }

    /// One seed on.
    pub fn only(seed: usize) -> Self {
        Self::NONE.with(seed)
    }

    /// All `2^seeds` of them, the first seed changing fastest.
    pub fn every(seeds: usize) -> impl DoubleEndedIterator<Item = Self> {
        (0..1_u64 << seeds).map(Self)
    }

    /// Whether the seed is on.
    pub fn has(self, seed: usize) -> bool {
        self.0 >> seed & 1 == 1
    }

    /// The seed on too.
    #[must_use]
    pub fn with(self, seed: usize) -> Self {
        Self(self.0 | 1 << seed)
    }

    /// The seed off.
    #[must_use]
    pub fn without(self, seed: usize) -> Self {
        Self(self.0 & !(1 << seed))
    }

    /// How many seeds are on.
    pub fn size(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The seeds that are on, in order.
    pub fn seeds(self) -> impl Iterator<Item = usize> {
        (0..Self::MAX_SEEDS).filter(move |seed| self.has(*seed))
    }

    /// Its place in [`Configuration::every`].
    pub fn place(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// Orders configurations so that those with the same first seeds stand together.
    pub(crate) fn by_first_seeds(self) -> u64 {
        self.0.reverse_bits()
    }

    /// `10` for the first of two seeds.
    pub fn bits(self, seeds: usize) -> String {
        let bit = |seed| if self.has(seed) { '1' } else { '0' };
        (0..seeds).map(bit).collect()
    }
}
