//! The normal distribution by the ziggurat of 256 layers, as `NumPy` draws it.

use crate::ziggurat_tables::{HEIGHTS, INSIDE, WIDTHS};

/// Where the tail begins.
const TAIL: f64 = 3.654_152_885_361_009;

/// A standard normal number from a source of 64-bit draws.
///
/// One draw gives the layer (8 bits), the sign (1 bit) and the place within the layer (52 bits). It
/// is taken at once in 98.8 % of the cases; else it lies in the tail, or it is tested against the
/// curve with a second draw.
pub(crate) fn standard_normal(mut next: impl FnMut() -> u64) -> f64 {
    loop {
        let bits = next();
        let layer = usize::from(bits.to_le_bytes()[0]);
        let negative = bits >> 8 & 1 == 1;
        let place = bits >> 9 & 0x000F_FFFF_FFFF_FFFF;
        let magnitude = place as f64 * f64::from_bits(WIDTHS[layer]);
        let value = if negative { -magnitude } else { magnitude };
        if place < INSIDE[layer] {
            return value;
        }
        if layer == 0 {
            return tail(negative_of_tail(place), next);
        }
        let below = f64::from_bits(HEIGHTS[layer]);
        let above = f64::from_bits(HEIGHTS[layer - 1]);
        if (above - below) * crate::double::from_bits(next()) + below < (-0.5 * value * value).exp()
        {
            return value;
        }
    }
}

/// The tail's sign is a bit of the place, not the sign bit.
fn negative_of_tail(place: u64) -> bool {
    place >> 8 & 1 == 1
}

/// A number beyond [`TAIL`], by Marsaglia's method.
fn tail(negative: bool, mut next: impl FnMut() -> u64) -> f64 {
    loop {
        let beyond = -(1.0 / TAIL) * (-crate::double::from_bits(next())).ln_1p();
        let height = -(-crate::double::from_bits(next())).ln_1p();
        if height + height > beyond * beyond {
            return if negative {
                -(TAIL + beyond)
            } else {
                TAIL + beyond
            };
        }
    }
}
