//! YAML: the only user of the YAML crates.
//!
//! Files that people write are parsed with places: [`parse`] gives a tree in which every key and value
//! knows its line, so that a problem found much later can still point at it. YAML 1.2 core schema:
//! `1e-4` is a float, `yes` and `010` are not what YAML 1.1 made of them. Duplicate keys are problems,
//! `<<` merges, anchors are resolved within a budget.
//!
//! | file | what it holds |
//! |---|---|
//! | `node.rs` | [`Node`]: a value with its place |
//! | `reader.rs` | [`parse`]: text → tree |
//! | `syntax.rs` | what the parser says, in words for the person who wrote the file |
//! | `scalar.rs` | [`plain`]: text → value |
//! | `text.rs` | [`from_text`], [`to_text`]: files that kaslite itself writes |

mod node;
mod reader;
mod scalar;
mod syntax;
mod text;

pub use node::{Key, Kind, Node};
pub use reader::parse;
pub use scalar::plain;
pub use text::{from_text, to_text};
