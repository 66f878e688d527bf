/// A column: its name, what it counts in, what it means, and how a row fills it.
pub(super) struct Field<Row> {
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    pub(super) meaning: &'static str,
    pub(super) cell: Cell<Row>,
}

/// How a row fills a column; none is null.
pub(super) enum Cell<Row> {
    Real(fn(&Row) -> Option<f64>),
    Int(fn(&Row) -> Option<i64>),
    Truth(fn(&Row) -> Option<bool>),
    Text(fn(&Row) -> Option<String>),
}

#[cfg(test)]
impl<Row> Cell<Row> {
    /// The type as the dictionary names it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Real(_) => "float64",
            Self::Int(_) => "int64",
            Self::Truth(_) => "bool",
            Self::Text(_) => "text",
        }
    }
}

impl<Row> Field<Row> {
    /// A number; one that is NaN or infinite is not written.
    pub(super) const fn real(
        name: &'static str,
        unit: &'static str,
        meaning: &'static str,
        cell: fn(&Row) -> Option<f64>,
    ) -> Self {
        let cell = Cell::Real(cell);
        Self {
            name,
            unit,
            meaning,
            cell,
        }
    }

    /// A count.
    pub(super) const fn int(
        name: &'static str,
        unit: &'static str,
        meaning: &'static str,
        cell: fn(&Row) -> Option<i64>,
    ) -> Self {
        let cell = Cell::Int(cell);
        Self {
            name,
            unit,
            meaning,
            cell,
        }
    }

    /// Yes or no.
    pub(super) const fn truth(
        name: &'static str,
        meaning: &'static str,
        cell: fn(&Row) -> Option<bool>,
    ) -> Self {
        let (unit, cell) = ("", Cell::Truth(cell));
        Self {
            name,
            unit,
            meaning,
            cell,
        }
    }

    /// A word or a sentence.
    pub(super) const fn text(
        name: &'static str,
        meaning: &'static str,
        cell: fn(&Row) -> Option<String>,
    ) -> Self {
        let (unit, cell) = ("", Cell::Text(cell));
        Self {
            name,
            unit,
            meaning,
            cell,
        }
    }
}
