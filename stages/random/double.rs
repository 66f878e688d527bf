//! Doubles in `[0, 1)` with 53 random bits.

const UNIT: f64 = 1.0 / 9_007_199_254_740_992.0; // 2^-53

/// From two 32-bit draws of MT19937: 27 bits of the first, 26 of the second
/// (`genrand_res53` of the reference implementation).
pub(crate) fn from_words(first: u32, second: u32) -> f64 {
    (f64::from(first >> 5) * 67_108_864.0 + f64::from(second >> 6)) * UNIT
}

/// From the top 53 bits of a 64-bit draw.
pub(crate) fn from_bits(bits: u64) -> f64 {
    (bits >> 11) as f64 * UNIT
}
