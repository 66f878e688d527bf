//! The colours of all charts. The data colours are those of Okabe and Ito (2008), which readers
//! with any common colour blindness tell apart.

use plotters::style::RGBColor;

pub(super) const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xb2);
pub(super) const SKY: RGBColor = RGBColor(0x56, 0xb4, 0xe9);
pub(super) const GREEN: RGBColor = RGBColor(0x00, 0x9e, 0x73);
pub(super) const ORANGE: RGBColor = RGBColor(0xe6, 0x9f, 0x00);
pub(super) const YELLOW: RGBColor = RGBColor(0xf0, 0xe4, 0x42);
pub(super) const VERMILION: RGBColor = RGBColor(0xd5, 0x5e, 0x00);

pub(super) const INK: RGBColor = RGBColor(0x1f, 0x23, 0x28);
pub(super) const MUTED: RGBColor = RGBColor(0x59, 0x63, 0x6e);
pub(super) const GREY: RGBColor = RGBColor(0xc8, 0xcd, 0xd3);
pub(super) const GRID: RGBColor = RGBColor(0xe6, 0xe9, 0xec);
pub(super) const SHADE: RGBColor = RGBColor(0xf4, 0xf6, 0xf8);
/// [`BLUE`] as an area behind a line.
pub(super) const BAND: RGBColor = RGBColor(0xdc, 0xe9, 0xf4);
pub(super) const CARD: RGBColor = RGBColor(0xff, 0xff, 0xff);

/// The data colours in an order in which neighbours differ most, each with what a region of it looks like:
/// where the network is sure, and where it is not. The dark page has its own for these regions.
pub(super) const CLASSES: [(RGBColor, RGBColor, RGBColor); 6] = [
    (BLUE, RGBColor(0x94, 0xc4, 0xdf), RGBColor(0xcc, 0xe3, 0xf0)),
    (
        VERMILION,
        RGBColor(0xed, 0xbb, 0x94),
        RGBColor(0xf7, 0xdf, 0xcc),
    ),
    (
        GREEN,
        RGBColor(0x94, 0xd6, 0xc4),
        RGBColor(0xcc, 0xec, 0xe3),
    ),
    (
        ORANGE,
        RGBColor(0xf4, 0xd7, 0x94),
        RGBColor(0xfa, 0xec, 0xcc),
    ),
    (SKY, RGBColor(0xb8, 0xe0, 0xf6), RGBColor(0xdd, 0xf0, 0xfb)),
    (
        YELLOW,
        RGBColor(0xf9, 0xf4, 0xb0),
        RGBColor(0xfc, 0xfa, 0xd9),
    ),
];
