use super::Column;

/// How a column lies in a file: the Parquet types that become a [`Column`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Storage {
    /// 8 bytes, IEEE 754.
    Double,
    /// 4 bytes, IEEE 754.
    Float,
    /// 8 bytes, two's complement.
    Int64,
    /// 4 bytes, two's complement; narrower integers too.
    Int32,
    /// 4 bytes without sign; narrower integers too.
    Unsigned32,
    /// 1 bit, least significant first.
    Boolean,
    /// 4 bytes of length, then UTF-8.
    Text,
}

impl Storage {
    /// The column that such values are read into, without cells.
    pub(super) fn empty_column(self) -> Column {
        match self {
            Self::Double => Column::F64(Vec::new()),
            Self::Float => Column::F32(Vec::new()),
            Self::Int64 | Self::Int32 | Self::Unsigned32 => Column::I64(Vec::new()),
            Self::Boolean => Column::Bool(Vec::new()),
            Self::Text => Column::Text(Vec::new()),
        }
    }
}
