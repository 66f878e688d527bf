//! 64-bit values as 32-bit words.

/// The low 32 bits of `value`.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the high half is dropped on purpose"
)]
pub(crate) fn low(value: u64) -> u32 {
    value as u32
}

/// The high 32 bits of `value`.
pub(crate) fn high(value: u64) -> u32 {
    low(value >> 32)
}

/// `value` as little-endian 32-bit words without leading zero words; 0 is one zero word.
pub(crate) fn of(value: u64) -> Vec<u32> {
    if high(value) == 0 {
        vec![low(value)]
    } else {
        vec![low(value), high(value)]
    }
}
