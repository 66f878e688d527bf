//! The generators against values recorded from the originals: torch 2.13.0 (CPU with AVX2), `NumPy`
//! 2.4.6 and `CPython` 3.11.7.

mod golden;
mod numpy_generator;
mod python_random;
mod random_state;
mod torch_generator;

/// FNV-1a over 64-bit words, so that one number stands for a long recording.
fn digest(words: impl IntoIterator<Item = u64>) -> u64 {
    words.into_iter().fold(0xCBF2_9CE4_8422_2325, |hash, word| {
        (hash ^ word).wrapping_mul(0x100_0000_01B3)
    })
}
