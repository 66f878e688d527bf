use rand_mt::Mt;

use crate::twister::Twister;
use crate::{torch_normal, words};

/// From this length on `randperm` draws differently.
const LONG_PERMUTATION: usize = (u32::MAX / 20) as usize;

/// `PyTorch`'s CPU generator: MT19937, seeded with the low 32 bits of the seed.
///
/// The numbers equal those of `torch.Generator().manual_seed(seed)` on a CPU with AVX2 and FMA,
/// whose `uniform_` and `normal_` fuse multiplications with additions.
#[derive(Clone, Debug)]
pub struct TorchGenerator {
    twister: Twister,
    /// The second number of the last pair of normal ones.
    spare_normal: Option<f64>,
}

impl TorchGenerator {
    /// A generator as `manual_seed(seed)` leaves it. Only the low 32 bits of `seed` count.
    pub fn new(seed: u64) -> Self {
        Self {
            twister: Twister::new(Mt::new(words::low(seed))),
            spare_normal: None,
        }
    }

    /// The place that it has come to: 32-bit draws, and the normal number that waits.
    pub fn place(&self) -> (u64, Option<f64>) {
        (self.twister.drawn(), self.spare_normal)
    }

    /// A generator of that seed at the place that [`TorchGenerator::place`] told.
    pub fn at(seed: u64, (drawn, spare_normal): (u64, Option<f64>)) -> Self {
        let mut generator = Self::new(seed);
        generator.twister.go_to(drawn);
        generator.spare_normal = spare_normal;
        generator
    }

    /// The next 32 random bits.
    pub fn next_u32(&mut self) -> u32 {
        self.twister.next_u32()
    }

    /// The next 64 random bits: two 32-bit draws, the first one is the high half.
    pub fn next_u64(&mut self) -> u64 {
        self.twister.next_u64()
    }

    /// An integer in `0..=i64::MAX`, as `torch.empty((), dtype=torch.int64).random_()` draws it.
    pub fn next_i64(&mut self) -> i64 {
        (self.next_u64() & (u64::MAX >> 1)).cast_signed()
    }

    /// A number in `[low, high)`, as `uniform_(low, high)` draws it for `float32`: the low 24 bits
    /// of one 32-bit draw, scaled and shifted in one rounding.
    pub fn uniform_f32(&mut self, low: f32, high: f32) -> f32 {
        let bits = self.next_u32() & 0x00FF_FFFF;
        let unit = bits as f32 * (1.0 / 16_777_216.0);
        unit.mul_add(high - low, low)
    }

    /// `count` numbers in `[low, high)`, in the order in which `uniform_` fills a tensor's storage.
    pub fn uniform_f32s(&mut self, low: f32, high: f32, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.uniform_f32(low, high)).collect()
    }

    /// `count` normal numbers of `float32`, as `normal_(mean, deviation)` fills a tensor's storage.
    ///
    /// Sixteen or more take one 32-bit draw each, in blocks of sixteen; a remainder costs sixteen
    /// more, as the last sixteen are then drawn anew. Fewer take two 64-bit draws a pair, and the
    /// unused half of the last pair stays for the next such call.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "torch rounds to float32 as well"
    )]
    pub fn normal_f32s(&mut self, mean: f64, deviation: f64, count: usize) -> Vec<f32> {
        if count < torch_normal::BLOCK {
            return (0..count)
                .map(|_| self.lone_normal(mean, deviation))
                .collect();
        }
        let (mean, deviation) = (mean as f32, deviation as f32);
        let mut values = self.uniform_f32s(0.0, 1.0, count);
        let (blocks, rest) = values.as_chunks_mut();
        for block in blocks {
            torch_normal::block(block, mean, deviation);
        }
        if !rest.is_empty()
            && let Some(block) = values.last_chunk_mut()
        {
            *block = std::array::from_fn(|_| self.uniform_f32(0.0, 1.0));
            torch_normal::block(block, mean, deviation);
        }
        values
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "torch rounds to float32 as well"
    )]
    fn lone_normal(&mut self, mean: f64, deviation: f64) -> f32 {
        let normal = self.spare_normal.take().unwrap_or_else(|| {
            let (first, second) = torch_normal::pair(self.uniform_f64(), self.uniform_f64());
            self.spare_normal = Some(second);
            first
        });
        (normal * deviation + mean) as f32
    }

    fn uniform_f64(&mut self) -> f64 {
        crate::double::from_bits(self.next_u64() << 11)
    }

    /// A permutation of `0..length`, as `torch.randperm(length)` draws it: Fisher and Yates' shuffle
    /// from the front, one 32-bit draw for each element but the last. From 214 748 364 elements on
    /// torch shuffles inside out, one 64-bit draw for each element.
    pub fn randperm(&mut self, length: usize) -> Vec<usize> {
        if length >= LONG_PERMUTATION {
            return self.long_permutation(length);
        }
        let mut order: Vec<usize> = (0..length).collect();
        for index in 0..length.saturating_sub(1) {
            let bits = u64::from(self.next_u32());
            order.swap(index, index + remainder(bits, length - index));
        }
        order
    }

    fn long_permutation(&mut self, length: usize) -> Vec<usize> {
        let mut order = Vec::with_capacity(length);
        for index in 0..length {
            order.push(index);
            order.swap(index, remainder(self.next_u64(), index + 1));
        }
        order
    }
}

#[expect(clippy::cast_possible_truncation, reason = "below a usize")]
fn remainder(bits: u64, bound: usize) -> usize {
    (bits % bound as u64) as usize
}
