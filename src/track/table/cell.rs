use super::{Column, ColumnKind};

/// A Rust type that the cells of a [`Column`] can have: `f64`, `f32`, `i64`, `bool`, `String`.
///
/// Sealed: the five column types are what kaslite's files hold.
pub trait Cell: sealed::Sealed + Clone + Sized {
    /// The column type that holds cells of this type.
    const KIND: ColumnKind;

    /// The cells, if `column` holds this type.
    fn cells(column: &Column) -> Option<&[Option<Self>]>;

    /// A column of these cells.
    fn column(cells: Vec<Option<Self>>) -> Column;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! cell {
    ($type:ty, $variant:ident) => {
        impl sealed::Sealed for $type {}

        impl Cell for $type {
            const KIND: ColumnKind = ColumnKind::$variant;

            fn cells(column: &Column) -> Option<&[Option<Self>]> {
                if let Column::$variant(cells) = column {
                    Some(cells)
                } else {
                    None
                }
            }

            fn column(cells: Vec<Option<Self>>) -> Column {
                Column::$variant(cells)
            }
        }

        impl From<Vec<Option<$type>>> for Column {
            fn from(cells: Vec<Option<$type>>) -> Self {
                Self::$variant(cells)
            }
        }

        impl From<Vec<$type>> for Column {
            fn from(values: Vec<$type>) -> Self {
                Self::$variant(values.into_iter().map(Some).collect())
            }
        }
    };
}

cell!(f64, F64);
cell!(f32, F32);
cell!(i64, I64);
cell!(bool, Bool);
cell!(String, Text);
