use std::fmt::Display;

use plotters::coord::Shift;
use plotters::prelude::{
    Circle, DrawingArea, IntoDrawingArea, PathElement, Polygon, Rectangle, SVGBackend, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};

use super::ChartError;
use super::label::printable;
use super::palette::{CARD, GREY};

/// The drawing library counts in whole pixels; four of them to one of ours keep curves smooth.
const FINENESS: f64 = 4.0;
/// The drawing library divides every font size by this when it writes SVG.
const FONT_FACTOR: f64 = 1.24;
const FONT: &str = "Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif";

/// Size of the text of axes, rows and legends, in pixels.
pub(super) const LABEL: f64 = 12.0;
/// Size of a chart's title, in pixels.
pub(super) const TITLE: f64 = 15.0;

/// On which side of its position a text lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Right,
    Left,
    Centre,
}

/// A white card on which charts draw in pixels, `(0, 0)` at the top left.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// Draws a card of `width` times `height` pixels and gives the SVG. `title` is what a screen
/// reader says of it, and stands at the top.
pub(super) fn draw(
    width: f64,
    height: f64,
    title: &str,
    paint: impl FnOnce(&Canvas<'_>) -> Result<(), ChartError>,
) -> Result<String, ChartError> {
    let mut svg = String::new();
    {
        let size = (whole(width).unsigned_abs(), whole(height).unsigned_abs());
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&CARD).map_err(failed)?;
        let canvas = Canvas { area };
        canvas.frame(0.5, 0.5, width - 1.0, height - 1.0, GREY)?;
        canvas.text(16.0, 22.0, title, Font::title())?;
        paint(&canvas)?;
        canvas.area.present().map_err(failed)?;
    }
    let (fine_width, fine_height) = (whole(width), whole(height));
    let (_, body) = svg
        .split_once('>')
        .ok_or_else(|| failed("the library wrote no SVG"))?;
    let title = printable(title).replace('&', "&amp;").replace('<', "&lt;");
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {fine_width} {fine_height}\" role=\"img\">\n<title>{title}</title>{body}"
    ))
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Font {
    pub(super) size: f64,
    pub(super) colour: RGBColor,
    pub(super) side: Side,
    pub(super) bold: bool,
}

impl Font {
    pub(super) fn label(side: Side) -> Self {
        Self {
            size: LABEL,
            colour: super::palette::INK,
            side,
            bold: false,
        }
    }

    pub(super) fn muted(side: Side) -> Self {
        Self {
            colour: super::palette::MUTED,
            ..Self::label(side)
        }
    }

    pub(super) fn bold(side: Side) -> Self {
        Self {
            bold: true,
            ..Self::label(side)
        }
    }

    fn title() -> Self {
        Self {
            size: TITLE,
            ..Self::bold(Side::Right)
        }
    }
}

impl Canvas<'_> {
    pub(super) fn line(
        &self,
        from: (f64, f64),
        to: (f64, f64),
        colour: RGBColor,
        width: f64,
    ) -> Result<(), ChartError> {
        self.path(&[from, to], colour, width)
    }

    pub(super) fn path(
        &self,
        points: &[(f64, f64)],
        colour: RGBColor,
        width: f64,
    ) -> Result<(), ChartError> {
        let style = colour.stroke_width(whole(width).unsigned_abs().max(1));
        let points: Vec<_> = points.iter().map(|point| fine(*point)).collect();
        self.area
            .draw(&PathElement::new(points, style))
            .map_err(failed)
    }

    /// A vertical line of dashes.
    pub(super) fn dashes(
        &self,
        x: f64,
        (top, bottom): (f64, f64),
        colour: RGBColor,
    ) -> Result<(), ChartError> {
        let (dash, gap) = (4.0, 3.0);
        let mut y = top;
        while y < bottom {
            self.line((x, y), (x, (y + dash).min(bottom)), colour, 1.0)?;
            y += dash + gap;
        }
        Ok(())
    }

    /// A filled rectangle; `x`, `y` is its top left corner.
    pub(super) fn fill(
        &self,
        x: f64,
        y: f64,
        width: f64,
        height: f64,
        colour: RGBColor,
    ) -> Result<(), ChartError> {
        self.rectangle(x, y, width, height, colour.filled())
    }

    /// A filled square through which what lies below shows; `strength` is 0 to 1.
    pub(super) fn tint(
        &self,
        (x, y): (f64, f64),
        side: f64,
        colour: RGBColor,
        strength: f64,
    ) -> Result<(), ChartError> {
        self.rectangle(x, y, side, side, colour.mix(strength).filled())
    }

    /// The outline of a rectangle.
    fn frame(
        &self,
        x: f64,
        y: f64,
        width: f64,
        height: f64,
        colour: RGBColor,
    ) -> Result<(), ChartError> {
        self.rectangle(
            x,
            y,
            width,
            height,
            colour.stroke_width(whole(1.0).unsigned_abs()),
        )
    }

    fn rectangle(
        &self,
        x: f64,
        y: f64,
        width: f64,
        height: f64,
        style: ShapeStyle,
    ) -> Result<(), ChartError> {
        let corners = [fine((x, y)), fine((x + width, y + height))];
        self.area
            .draw(&Rectangle::new(corners, style))
            .map_err(failed)
    }

    /// A filled circle.
    pub(super) fn dot(
        &self,
        centre: (f64, f64),
        radius: f64,
        colour: RGBColor,
    ) -> Result<(), ChartError> {
        let dot = Circle::new(fine(centre), whole(radius).unsigned_abs(), colour.filled());
        self.area.draw(&dot).map_err(failed)
    }

    /// A filled polygon.
    pub(super) fn area(&self, corners: &[(f64, f64)], colour: RGBColor) -> Result<(), ChartError> {
        let corners: Vec<_> = corners.iter().map(|corner| fine(*corner)).collect();
        self.area
            .draw(&Polygon::new(corners, colour.filled()))
            .map_err(failed)
    }

    /// A filled triangle that points up.
    pub(super) fn triangle(
        &self,
        (x, y): (f64, f64),
        radius: f64,
        colour: RGBColor,
    ) -> Result<(), ChartError> {
        let corners = [
            (x, y - radius),
            (x + radius, y + radius),
            (x - radius, y + radius),
        ];
        self.area(&corners, colour)
    }

    /// A text beside `x`, its middle at the height `y`.
    pub(super) fn text(&self, x: f64, y: f64, text: &str, font: Font) -> Result<(), ChartError> {
        let anchor = match font.side {
            Side::Right => HPos::Left,
            Side::Left => HPos::Right,
            Side::Centre => HPos::Center,
        };
        let style = if font.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let size = font.size * FINENESS * FONT_FACTOR;
        let style = TextStyle::from((FontFamily::Name(FONT), size, style)).color(&font.colour);
        let style = style.pos(Pos::new(anchor, VPos::Center));
        self.area
            .draw(&Text::new(printable(text), fine((x, y)), style))
            .map_err(failed)
    }
}

fn fine((x, y): (f64, f64)) -> (i32, i32) {
    (whole(x), whole(y))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a card is some thousand pixels wide"
)]
fn whole(pixels: f64) -> i32 {
    (pixels * FINENESS).round() as i32
}

fn failed(error: impl Display) -> ChartError {
    ChartError::Draw(error.to_string())
}
