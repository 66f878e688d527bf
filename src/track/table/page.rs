use parquet2::encoding::Encoding;
use parquet2::page::{DataPage, DataPageHeader, DictPage};

use super::hybrid;

/// Why the pages of a column cannot be read; whoever knows the file and column adds them.
#[derive(Debug)]
pub(super) enum Fault {
    Damaged(String),
    Unsupported(String),
}

impl Fault {
    pub(super) fn damaged(reason: impl Into<String>) -> Self {
        Self::Damaged(reason.into())
    }
}

/// Turns bytes in PLAIN encoding into a number of values.
pub(super) type Plain<T> = fn(&[u8], usize) -> Option<Vec<T>>;

/// The values of a dictionary page, which data pages name by index.
pub(super) fn dictionary<T>(page: &DictPage, plain: Plain<T>) -> Result<Vec<T>, Fault> {
    plain(&page.buffer, page.num_values).ok_or_else(|| Fault::damaged("its dictionary ends early"))
}

/// Appends the cells of a flat data page of at most `room` rows.
pub(super) fn append<T: Clone>(
    cells: &mut Vec<Option<T>>,
    page: &DataPage,
    room: usize,
    dictionary: Option<&[T]>,
    plain: Plain<T>,
) -> Result<(), Fault> {
    let rows = page.num_values();
    if rows > room {
        return Err(Fault::damaged(
            "its pages hold more rows than its footer says",
        ));
    }
    let (levels, bytes) = split(page).ok_or_else(|| Fault::damaged("a page ends early"))?;
    let present = match levels {
        None => vec![1; rows],
        Some(levels) => hybrid::integers(levels, 1, rows)
            .ok_or_else(|| Fault::damaged("a page does not say which rows are null"))?,
    };
    let count = present.iter().filter(|level| **level == 1).count();
    let values = match (page.encoding(), dictionary) {
        (Encoding::Plain, _) => plain(bytes, count),
        (Encoding::PlainDictionary | Encoding::RleDictionary, Some(dictionary)) => {
            looked_up(bytes, count, dictionary)
        }
        (Encoding::PlainDictionary | Encoding::RleDictionary, None) => None,
        (other, _) => {
            let reason = format!("it is encoded with {other:?}; use plain or dictionary encoding");
            return Err(Fault::Unsupported(reason));
        }
    };
    let values = values.ok_or_else(|| Fault::damaged("a page does not hold its values"))?;
    let mut values = values.into_iter();
    cells.extend(
        present
            .into_iter()
            .map(|level| if level == 1 { values.next() } else { None }),
    );
    Ok(())
}

/// The definition levels, where the column has any, and the values.
fn split(page: &DataPage) -> Option<(Option<&[u8]>, &[u8])> {
    let bytes = page.buffer();
    if page.descriptor.max_def_level == 0 {
        return Some((None, bytes));
    }
    let (length, bytes) = match page.header() {
        DataPageHeader::V1(_) => {
            let (length, bytes) = bytes.split_first_chunk::<4>()?;
            (u32::from_le_bytes(*length), bytes)
        }
        DataPageHeader::V2(header) => (
            u32::try_from(header.definition_levels_byte_length).ok()?,
            bytes,
        ),
    };
    let (levels, values) = bytes.split_at_checked(usize::try_from(length).ok()?)?;
    Some((Some(levels), values))
}

/// A byte that says how wide the indices are, then the indices.
fn looked_up<T: Clone>(bytes: &[u8], count: usize, dictionary: &[T]) -> Option<Vec<T>> {
    if count == 0 {
        return Some(Vec::new()); // Some writers leave out even the width.
    }
    let (width, bytes) = bytes.split_first()?;
    let indices = hybrid::integers(bytes, u32::from(*width), count)?;
    indices
        .into_iter()
        .map(|index| dictionary.get(index as usize).cloned())
        .collect()
}
