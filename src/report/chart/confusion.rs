use std::collections::BTreeMap;

use super::canvas::{self, Font, LABEL, Side, TITLE};
use super::number::percent;
use super::palette::{BLUE, SHADE};
use super::{ChartError, label};

const LEFT: f64 = 150.0;
const TOP: f64 = 84.0;
/// The whole matrix is not wider.
const WIDEST: f64 = 440.0;
const LARGEST_CELL: f64 = 84.0;
/// A smaller cell has no room for its count, one below the second for its share.
const SMALLEST_COUNT: f64 = 26.0;
const SMALLEST_SHARE: f64 = 46.0;
/// More classes cannot be told apart.
const MOST: usize = 60;
/// The colour of a cell that holds all samples of its class; text is read on it, light and dark.
const STRONGEST: f64 = 0.6;

/// Which classes are taken for which.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Confusion {
    /// The class of each sample, and what it is taken for.
    pub samples: Vec<(i64, i64)>,
}

impl Confusion {
    /// A row a class, a column for what it is taken for; colours by the share of the row.
    ///
    /// # Errors
    /// No samples, too many classes, or the drawing library's own.
    pub fn svg(&self) -> Result<String, ChartError> {
        let mut counts: BTreeMap<(i64, i64), usize> = BTreeMap::new();
        for sample in &self.samples {
            *counts.entry(*sample).or_default() += 1;
        }
        let mut classes: Vec<i64> = counts.keys().flat_map(|(a, b)| [*a, *b]).collect();
        classes.sort_unstable();
        classes.dedup();
        if classes.is_empty() || classes.len() > MOST {
            return Err(ChartError::NoData("classes (1 to 60)"));
        }
        let right: usize = classes.iter().filter_map(|c| counts.get(&(*c, *c))).sum();
        let title = format!(
            "Confusion of classes: {} of {} validation samples right",
            right,
            self.samples.len()
        );
        let cell = (WIDEST / classes.len() as f64).floor().min(LARGEST_CELL);
        let side = cell * classes.len() as f64;
        let count = |row: i64, column: i64| counts.get(&(row, column)).copied().unwrap_or(0);
        let width = (label::width(&title, TITLE) * 1.12).max(LEFT + side + 70.0) + 32.0;
        canvas::draw(width.ceil(), TOP + side + 24.0, &title, |canvas| {
            let middle = LEFT + side / 2.0;
            canvas.text(middle, TOP - 34.0, "taken for", Font::muted(Side::Centre))?;
            canvas.text(16.0, TOP + cell / 2.0, "class", Font::muted(Side::Right))?;
            canvas.text(
                LEFT + side + 16.0,
                TOP - 14.0,
                "right",
                Font::muted(Side::Right),
            )?;
            for (row, class) in classes.iter().enumerate() {
                let top = TOP + cell * row as f64;
                let of_class: usize = classes.iter().map(|other| count(*class, *other)).sum();
                let name = label::fitted(&class.to_string(), LABEL, cell.max(20.0));
                if cell >= 12.0 {
                    let y = top + cell / 2.0;
                    canvas.text(LEFT - 10.0, y, &name, Font::label(Side::Left))?;
                    let x = LEFT + cell * (row as f64 + 0.5);
                    canvas.text(x, TOP - 14.0, &name, Font::label(Side::Centre))?;
                    if of_class > 0 {
                        let share = count(*class, *class) as f64 / of_class as f64;
                        let x = LEFT + side + 16.0;
                        canvas.text(x, y, &percent(share, 1), Font::label(Side::Right))?;
                    }
                }
                for (column, other) in classes.iter().enumerate() {
                    let place = (LEFT + cell * column as f64, top);
                    let share = count(*class, *other) as f64 / of_class.max(1) as f64;
                    draw_cell(canvas, place, cell, count(*class, *other), share)?;
                }
            }
            Ok(())
        })
    }
}

fn draw_cell(
    canvas: &canvas::Canvas<'_>,
    (x, y): (f64, f64),
    cell: f64,
    count: usize,
    share: f64,
) -> Result<(), ChartError> {
    canvas.fill(x + 1.0, y + 1.0, cell - 2.0, cell - 2.0, SHADE)?;
    if share > 0.0 {
        let strength = STRONGEST * share;
        canvas.tint((x + 1.0, y + 1.0), cell - 2.0, BLUE, strength)?;
    }
    if cell < SMALLEST_COUNT {
        return Ok(());
    }
    let (middle, height) = (x + cell / 2.0, y + cell / 2.0);
    let with_share = cell >= SMALLEST_SHARE && count > 0;
    let up = if with_share { 8.0 } else { 0.0 };
    canvas.text(
        middle,
        height - up,
        &count.to_string(),
        Font::bold(Side::Centre),
    )?;
    if with_share {
        canvas.text(
            middle,
            height + 9.0,
            &percent(share, 1),
            Font::label(Side::Centre),
        )?;
    }
    Ok(())
}
