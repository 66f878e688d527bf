use std::collections::BTreeSet;
use std::path::Path;

use kaslite_engine::context::BoundDep;
use kaslite_engine::registry::StageError;
use kaslite_track::table::{Cell, Column, ColumnKind, Table, TableError};

use crate::shared::SamplesError;

/// The column of the labels.
const LABEL: &str = "y";

/// A dataset that can be trained on: every feature finite, every class with a sample.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Samples {
    /// `[rows, input_dim]`, row after row.
    pub(crate) features: Vec<f32>,
    /// `[rows]`, each `0..classes`.
    pub(crate) labels: Vec<i64>,
    /// Features in a row.
    pub(crate) input_dim: usize,
    /// Number of classes, 2 or more.
    pub(crate) classes: usize,
}

impl Samples {
    /// Reads the dataset that a dep names; errors name it as the pipeline does.
    pub(crate) fn of_dep(dep: &BoundDep) -> Result<Self, StageError> {
        Self::read(&dep.file).map_err(|error| {
            let reason = StageError::from_error(&error);
            StageError::new(format!("`{}`: {reason}", dep.path))
        })
    }

    /// Reads a Parquet file with the columns `x0`, `x1` … (any numbers) and `y` (integers). Other
    /// columns are left alone.
    pub(crate) fn read(path: &Path) -> Result<Self, SamplesError> {
        let table = Table::read(path)?;
        let rows = table.rows();
        let is_feature = |name: &str| {
            let number = name.strip_prefix('x');
            number.is_some_and(|number| number.parse::<usize>().is_ok())
        };
        let named = table.columns().iter().filter(|(name, _)| is_feature(name));
        let input_dim = named.count().max(1);
        let columns: Vec<Vec<f32>> = (0..input_dim)
            .map(|index| feature(&table, &format!("x{index}")))
            .collect::<Result<_, _>>()?;
        let labels = table.values::<i64>(LABEL)?;
        if rows < 2 {
            return Err(SamplesError::TooFew { rows });
        }
        let classes = classes(&labels)?;
        let features = (0..rows)
            .flat_map(|row| columns.iter().map(move |column| column[row]))
            .collect();
        Ok(Self {
            features,
            labels,
            input_dim,
            classes,
        })
    }

    /// Number of samples.
    pub(crate) fn rows(&self) -> usize {
        self.labels.len()
    }
}

/// The cells of a column of numbers as float32.
fn feature(table: &Table, name: &str) -> Result<Vec<f32>, SamplesError> {
    match table.column(name)? {
        Column::F32(_) => narrow(name, &table.values::<f32>(name)?, f64::from),
        Column::F64(_) => narrow(name, &table.values::<f64>(name)?, |value| value),
        Column::I64(_) => narrow(name, &table.values::<i64>(name)?, |value| value as f64),
        Column::Bool(_) => narrow(name, &table.values::<bool>(name)?, |value| {
            f64::from(u8::from(value))
        }),
        Column::Text(_) => Err(SamplesError::Table(TableError::WrongKind {
            column: name.to_owned(),
            expected: f32::KIND,
            found: ColumnKind::Text,
        })),
    }
}

fn narrow<T: Cell + Copy>(
    column: &str,
    values: &[T],
    widen: impl Fn(T) -> f64,
) -> Result<Vec<f32>, SamplesError> {
    let one = |(row, &value): (usize, &T)| {
        let value = widen(value);
        #[expect(clippy::cast_possible_truncation, reason = "features are float32")]
        let narrowed = value as f32;
        if narrowed.is_finite() {
            return Ok(narrowed);
        }
        let column = column.to_owned();
        Err(SamplesError::NotFinite { column, row, value })
    };
    values.iter().enumerate().map(one).collect()
}

/// How many classes there are: all of `0..classes` occur, and there are two at least.
fn classes(labels: &[i64]) -> Result<usize, SamplesError> {
    if let Some((row, &label)) = labels.iter().enumerate().find(|(_, label)| **label < 0) {
        return Err(SamplesError::NegativeLabel { row, label });
    }
    let known: BTreeSet<i64> = labels.iter().copied().collect();
    if let Some((absent, _)) = (0..).zip(&known).find(|(at, label)| at != *label) {
        let highest = known.last().copied().unwrap_or(absent);
        return Err(SamplesError::NoSuchLabel { absent, highest });
    }
    match known.len() {
        0 | 1 => Err(SamplesError::OneClass { rows: labels.len() }),
        classes => Ok(classes),
    }
}
