use std::collections::BTreeSet;

use rand_mt::Mt;

use crate::twister::Twister;
use crate::{SampleTooLarge, words};

/// `CPython`'s `random.Random(seed)` for a seed that is not negative: MT19937, seeded by array with
/// the seed's 32-bit words.
#[derive(Clone, Debug)]
pub struct PythonRandom {
    twister: Twister,
}

impl PythonRandom {
    /// A generator as `random.seed(seed)` leaves it.
    pub fn new(seed: u64) -> Self {
        Self {
            twister: Twister::new(Mt::new_with_key(words::of(seed))),
        }
    }

    /// How many 32-bit numbers were drawn.
    pub fn place(&self) -> u64 {
        self.twister.drawn()
    }

    /// A generator of that seed at the place that [`PythonRandom::place`] told.
    pub fn at(seed: u64, drawn: u64) -> Self {
        let mut generator = Self::new(seed);
        generator.twister.go_to(drawn);
        generator
    }

    /// A number in `[0, 1)` with 53 random bits, as `random.random()` draws it.
    pub fn random(&mut self) -> f64 {
        crate::double::from_words(self.twister.next_u32(), self.twister.next_u32())
    }

    /// `bits` random bits, as `random.getrandbits(bits)` draws them: one 32-bit draw a word, the
    /// low word first, and the top bits of the last one. More than 64 bits are taken as 64; 0 bits
    /// draw nothing.
    pub fn getrandbits(&mut self, bits: u32) -> u64 {
        match bits.min(64) {
            0 => 0,
            bits @ 1..=32 => u64::from(self.twister.next_u32() >> (32 - bits)),
            bits => {
                let low = self.twister.next_u32();
                let high = self.twister.next_u32() >> (64 - bits);
                u64::from(high) << 32 | u64::from(low)
            }
        }
    }

    /// An integer in `0..bound`, as `random.randrange(bound)` draws it: as many bits as `bound`
    /// has, drawn again until they are below it. A `bound` of 0 draws nothing and gives 0.
    pub fn randbelow(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        let bits = u64::BITS - bound.leading_zeros();
        loop {
            let value = self.getrandbits(bits);
            if value < bound {
                return value;
            }
        }
    }

    /// The `count` different positions in `0..length` that `random.sample(list, count)` picks from
    /// a list of that length, in its order (`CPython` 3.11).
    ///
    /// # Errors
    /// When `count` exceeds `length`.
    pub fn sample(&mut self, length: usize, count: usize) -> Result<Vec<usize>, SampleTooLarge> {
        if count > length {
            return Err(SampleTooLarge { length, count });
        }
        if length <= set_size(count) {
            Ok(self.sample_from_pool(length, count))
        } else {
            Ok(self.sample_into_set(length, count))
        }
    }

    /// Each picked position leaves the pool; the pool's last one takes its place.
    fn sample_from_pool(&mut self, length: usize, count: usize) -> Vec<usize> {
        let mut pool: Vec<usize> = (0..length).collect();
        (0..count)
            .map(|_| {
                let picked = self.position_below(pool.len());
                pool.swap_remove(picked)
            })
            .collect()
    }

    /// Draws from the whole range, again where the position was picked before.
    fn sample_into_set(&mut self, length: usize, count: usize) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        let mut picked = Vec::with_capacity(count);
        while picked.len() < count {
            let position = self.position_below(length);
            if seen.insert(position) {
                picked.push(position);
            }
        }
        picked
    }

    #[expect(clippy::cast_possible_truncation, reason = "below a usize")]
    fn position_below(&mut self, bound: usize) -> usize {
        self.randbelow(bound as u64) as usize
    }
}

/// How many elements of a list weigh as much as `CPython`'s set of `count` elements: 21, and for
/// sets over five elements the least power of four that is not below three times `count`.
fn set_size(count: usize) -> usize {
    let mut table = 1_usize;
    while table < count.saturating_mul(3) {
        table = table.saturating_mul(4);
    }
    if count > 5 {
        table.saturating_add(21)
    } else {
        21
    }
}
