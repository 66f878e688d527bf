use std::fmt;

/// The cells of one column; `None` is a null: not measured, not known.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// 64-bit floats. NaN and infinities are values, not nulls.
    F64(Vec<Option<f64>>),
    /// 32-bit floats. NaN and infinities are values, not nulls.
    F32(Vec<Option<f32>>),
    /// 64-bit signed integers.
    I64(Vec<Option<i64>>),
    /// Truth values.
    Bool(Vec<Option<bool>>),
    /// UTF-8 text.
    Text(Vec<Option<String>>),
}

/// The type of a [`Column`], without its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnKind {
    /// 64-bit floats.
    F64,
    /// 32-bit floats.
    F32,
    /// 64-bit signed integers.
    I64,
    /// Truth values.
    Bool,
    /// UTF-8 text.
    Text,
}

impl Column {
    /// How many cells the column has, nulls included.
    pub fn len(&self) -> usize {
        match self {
            Self::F64(cells) => cells.len(),
            Self::F32(cells) => cells.len(),
            Self::I64(cells) => cells.len(),
            Self::Bool(cells) => cells.len(),
            Self::Text(cells) => cells.len(),
        }
    }

    /// Whether the column has no cell at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The type of the column.
    pub fn kind(&self) -> ColumnKind {
        match self {
            Self::F64(_) => ColumnKind::F64,
            Self::F32(_) => ColumnKind::F32,
            Self::I64(_) => ColumnKind::I64,
            Self::Bool(_) => ColumnKind::Bool,
            Self::Text(_) => ColumnKind::Text,
        }
    }
}

impl fmt::Display for ColumnKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::F64 => "float64",
            Self::F32 => "float32",
            Self::I64 => "int64",
            Self::Bool => "bool",
            Self::Text => "text",
        })
    }
}

impl<T> FromIterator<T> for Column
where
    Self: From<Vec<T>>,
{
    fn from_iter<I: IntoIterator<Item = T>>(cells: I) -> Self {
        Self::from(cells.into_iter().collect::<Vec<T>>())
    }
}
