use crate::words;

const POOL: usize = 4;
const SHIFT: u32 = 16;

/// `NumPy`'s `SeedSequence(entropy)` for one integer: spreads its bits over a pool of four words,
/// from which the state of a generator is generated.
///
/// Source: M. E. O'Neill's `seed_seq_fe`, with the constants that `NumPy` documents.
#[derive(Clone, Debug)]
pub(crate) struct SeedSequence {
    pool: [u32; POOL],
}

impl SeedSequence {
    pub(crate) fn new(entropy: u64) -> Self {
        let words = words::of(entropy);
        let mut hash = Hash {
            constant: 0x43B0_D7E5,
            multiplier: 0x931E_8875,
        };
        let mut pool = [0_u32; POOL];
        for (index, entry) in pool.iter_mut().enumerate() {
            *entry = hash.apply(words.get(index).copied().unwrap_or(0));
        }
        for source in 0..POOL {
            for target in 0..POOL {
                if source != target {
                    pool[target] = mix(pool[target], hash.apply(pool[source]));
                }
            }
        }
        Self { pool }
    }

    /// The first four 64-bit words of the generated state.
    pub(crate) fn state(&self) -> [u64; 4] {
        let mut hash = Hash {
            constant: 0x8B51_F9DD,
            multiplier: 0x58F3_8DED,
        };
        let mut words = self
            .pool
            .iter()
            .cycle()
            .map(|&word| u64::from(hash.apply(word)));
        std::array::from_fn(|_| {
            let low = words.next().unwrap_or(0);
            let high = words.next().unwrap_or(0);
            high << 32 | low
        })
    }
}

/// A multiplicative hash whose constant moves on with each word.
struct Hash {
    constant: u32,
    multiplier: u32,
}

impl Hash {
    fn apply(&mut self, word: u32) -> u32 {
        let word = word ^ self.constant;
        self.constant = self.constant.wrapping_mul(self.multiplier);
        let word = word.wrapping_mul(self.constant);
        word ^ word >> SHIFT
    }
}

fn mix(left: u32, right: u32) -> u32 {
    let mixed = left
        .wrapping_mul(0xCA01_F9DD)
        .wrapping_sub(right.wrapping_mul(0x4973_F715));
    mixed ^ mixed >> SHIFT
}
