//! The normal distribution as torch's CPU kernels draw it in `float32`.
//!
//! Sixteen or more numbers are made in blocks of sixteen by Box and Muller's method with the
//! polynomials of the Cephes library (S. L. Moshier, single precision `logf`, `sinf`, `cosf`), each
//! multiplication fused with the addition that follows: what torch's AVX2 kernel computes.

use std::f32::consts::{FRAC_1_SQRT_2, PI};

/// How many numbers are made together.
pub(crate) const BLOCK: usize = 16;

const LOG: [f32; 9] = [
    7.037_683_6e-2,
    -1.151_461e-1,
    1.167_699_84e-1,
    -1.242_014_1e-1,
    1.424_932_3e-1,
    -1.666_805_7e-1,
    2.000_071_4e-1,
    -2.499_999_4e-1,
    3.333_333e-1,
];
/// ln 2 in two parts: one with few digits, and the rest.
const LN_2_HEAD: f32 = 0.693_359_4;
const LN_2_REST: f32 = -2.121_944_4e-4;

/// -π/4 in three parts.
const QUARTER_TURN: [f32; 3] = [-0.785_156_25, -2.418_756_5e-4, -3.774_895e-8];
const COSINE: [f32; 3] = [2.443_315_7e-5, -1.388_731_6e-3, 4.166_664_6e-2];
const SINE: [f32; 3] = [-1.951_529_6e-4, 8.332_161e-3, -1.666_665_5e-1];

/// Turns sixteen uniform numbers in `[0, 1)` into normal ones: the first eight give the radii, the
/// other eight the angles.
pub(crate) fn block(values: &mut [f32; BLOCK], mean: f32, deviation: f32) {
    let (radii, angles) = values.split_at_mut(BLOCK / 2);
    for (first, second) in radii.iter_mut().zip(angles) {
        let radius = (-2.0 * logarithm(1.0 - *first)).sqrt();
        let (sine, cosine) = sine_and_cosine(2.0 * PI * *second);
        *first = (radius * cosine).mul_add(deviation, mean);
        *second = (radius * sine).mul_add(deviation, mean);
    }
}

/// A pair of standard normal numbers from two uniform ones, in double precision: how fewer than
/// sixteen numbers are made.
pub(crate) fn pair(first: f64, second: f64) -> (f64, f64) {
    let radius = (-2.0 * (-second).ln_1p()).sqrt();
    let angle = 2.0 * std::f64::consts::PI * first;
    (radius * angle.cos(), radius * angle.sin())
}

/// ln(`value`) for a normal positive `value`: a polynomial around 1 of the mantissa in
/// `[√½, √2)`.
fn logarithm(value: f32) -> f32 {
    let [exponent, mantissa] = split(value);
    let (exponent, offset) = if mantissa < FRAC_1_SQRT_2 {
        (exponent - 1.0, mantissa - 1.0 + mantissa)
    } else {
        (exponent, mantissa - 1.0)
    };
    let square = offset * offset;
    let series = polynomial(&LOG, offset) * offset;
    let rest = series.mul_add(square, exponent * LN_2_REST) - square * 0.5;
    offset + rest + exponent * LN_2_HEAD
}

/// `value` as 2^exponent times a mantissa in `[½, 1)`.
fn split(value: f32) -> [f32; 2] {
    let bits = value.to_bits();
    let exponent = (bits >> 23) as f32 - 126.0;
    [exponent, f32::from_bits(bits & 0x007F_FFFF | 0x3F00_0000)]
}

/// The sine and the cosine of an angle in `[0, 2π]`, reduced to an eighth of a turn.
fn sine_and_cosine(angle: f32) -> (f32, f32) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an angle in [0, 2π] has at most eight octants"
    )]
    let octant = ((angle * (4.0 / PI)) as u8 + 1) & !1;
    let turns = f32::from(octant);
    let rest = QUARTER_TURN
        .iter()
        .fold(angle, |rest, part| turns.mul_add(*part, rest));
    let square = rest * rest;
    let cosine = (polynomial(&COSINE, square) * square).mul_add(square, -(square * 0.5)) + 1.0;
    let sine = (polynomial(&SINE, square) * square).mul_add(rest, rest);
    match octant % 8 {
        0 => (sine, cosine),
        2 => (cosine, -sine),
        4 => (-sine, -cosine),
        _ => (-cosine, sine),
    }
}

fn polynomial(coefficients: &[f32], at: f32) -> f32 {
    coefficients
        .iter()
        .copied()
        .reduce(|sum, term| sum.mul_add(at, term))
        .unwrap_or(0.0)
}
