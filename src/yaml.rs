//! YAML with the place of every value, and a reader that collects all problems of a document instead of stopping at the
//! first.
//!
//! Scalars stay text until a reader asks for a date, a number or a choice: `18:30`, `no` and `1.0` mean what the key
//! they stand under says. Anchors and tags are refused; content files have no use for them.

mod cursor;
mod front;
mod parse;
mod slip;

pub use cursor::{Cursor, Fields, Problems};
pub use front::front_matter;
pub use parse::{Document, Node, Value, parse};
