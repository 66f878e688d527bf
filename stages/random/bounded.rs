//! Integers within a bound, from a source of 32-bit and 64-bit draws, as `NumPy` draws them.

/// A source of random bits with `NumPy`'s two widths.
pub(crate) trait Bits {
    fn bits_32(&mut self) -> u32;
    fn bits_64(&mut self) -> u64;
}

/// An integer in `0..=last` by masked rejection (`random_interval`): what shuffles use.
pub(crate) fn interval(source: &mut impl Bits, last: u64) -> u64 {
    if last == 0 {
        return 0;
    }
    let mask = u64::MAX >> last.leading_zeros();
    loop {
        let bits = match u32::try_from(last) {
            Ok(_) => u64::from(source.bits_32()),
            Err(_) => source.bits_64(),
        };
        if bits & mask <= last {
            return bits & mask;
        }
    }
}

/// An integer in `0..=last` by Lemire's multiplication (`random_bounded_uint64`): what `integers`
/// uses.
pub(crate) fn lemire(source: &mut impl Bits, last: u64) -> u64 {
    match u32::try_from(last) {
        Ok(0) => 0,
        Ok(u32::MAX) => u64::from(source.bits_32()),
        Ok(last) => u64::from(lemire_32(source, last)),
        Err(_) if last == u64::MAX => source.bits_64(),
        Err(_) => lemire_64(source, last),
    }
}

fn lemire_32(source: &mut impl Bits, last: u32) -> u32 {
    let bound = last + 1;
    let threshold = (u32::MAX - last) % bound;
    loop {
        let product = u64::from(source.bits_32()) * u64::from(bound);
        if crate::words::low(product) >= threshold {
            return crate::words::high(product);
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the two halves of a product"
)]
fn lemire_64(source: &mut impl Bits, last: u64) -> u64 {
    let bound = last + 1;
    let threshold = (u64::MAX - last) % bound;
    loop {
        let product = u128::from(source.bits_64()) * u128::from(bound);
        if product as u64 >= threshold {
            return (product >> 64) as u64;
        }
    }
}

/// Shuffles in place, from the back (`shuffle` of both of `NumPy`'s generators).
pub(crate) fn shuffle<T>(source: &mut impl Bits, values: &mut [T]) {
    for index in (1..values.len()).rev() {
        #[expect(clippy::cast_possible_truncation, reason = "at most a usize")]
        let other = interval(source, index as u64) as usize;
        values.swap(index, other);
    }
}
