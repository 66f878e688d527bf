//! Tables in Parquet files: the only module that knows `arrow2` and `parquet2`.
//!
//! | file | what it holds |
//! |---|---|
//! | `table.rs` | [`Table`]: named columns of equal length and file metadata |
//! | `column.rs` | [`Column`], [`ColumnKind`]: the five types a column can have |
//! | `cell.rs` | [`Cell`]: the Rust types behind the typed getters |
//! | `error.rs` | [`TableError`] |
//! | `write.rs` | `Table` to bytes, in row groups |
//! | `read.rs` | a file to `Table`: row groups, columns, pages |
//! | `footer.rs` | what a file says of itself, checked before a page is read |
//! | `page.rs` | the cells of a page |
//! | `plain.rs`, `hybrid.rs` | the encodings of values, and of nulls and dictionary indices |
//! | `storage.rs` | the Parquet types that can be read |

mod cell;
mod column;
mod error;
mod footer;
mod hybrid;
mod page;
mod plain;
mod read;
mod storage;
#[expect(
    clippy::module_inception,
    reason = "a file is named after its main type"
)]
mod table;
mod write;

#[cfg(test)]
mod tests;

pub use cell::Cell;
pub use column::{Column, ColumnKind};
pub use error::TableError;
pub use table::Table;
