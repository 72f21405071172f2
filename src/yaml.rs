//! Reads YAML into serde types, with the place of every value and all diagnostics of a document in one run.
//!
//! serde-saphyr parses the text into a tree of located nodes, and serde types are read from that tree. The tree is what
//! makes three things possible that reading a type straight from text does not: scalars stay text until a type asks for
//! a date or a number (`18:30`, `no` and `1.0` mean what their key says), unknown and empty keys are reported where
//! they stand, and after a structural mistake the rest of the document is still read.
//!
//! Anchors and tags are refused; content files have no use for them.

mod de;
mod node;
mod scalar;
mod syntax;

pub use de::TextOr;
pub use node::{Document, Node, Value, parse};
pub(crate) use scalar::choices;
pub use scalar::{Invalid, Scalar, choice};

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_saphyr::Location;

use crate::diagnostics::{Diagnostic, Level};

impl Document {
    /// Reads the whole document as one value; see [`Document::read_items`] for what the diagnostics say.
    pub fn read<T: DeserializeOwned>(mut self) -> (Option<T>, Vec<Diagnostic>) {
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        let value = self.read_node(&mut diagnostics);
        (value, sorted(diagnostics))
    }

    /// Reads a document that is a list; items that cannot be read are left out.
    ///
    /// The diagnostics are those of the syntax, of the structure and of all values. No value, or any error among the
    /// diagnostics, means that the document cannot be used as it is.
    pub fn read_items<T: DeserializeOwned>(mut self) -> (Vec<T>, Vec<Diagnostic>) {
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        let Self { file, lines_before, root, .. } = self;
        let document = |root| Document { file: file.clone(), lines_before, root, diagnostics: Vec::new() };
        if matches!(&root.value, Value::Null) || matches!(&root.value, Value::List(nodes) if nodes.is_empty()) {
            let error = Diagnostic::error(document(root.clone()).span(&root), "this list has no entries");
            diagnostics.push(error.help("begin one with `- name: `, or remove the file"));
        }
        let nodes = match root.value {
            Value::List(nodes) => nodes,
            Value::Null => Vec::new(),
            _ => vec![root],
        };
        let items = nodes.into_iter().filter_map(|node| document(node).read_node(&mut diagnostics)).collect();
        (items, sorted(diagnostics))
    }

    /// Reads the root. A part with a structural mistake is reported and left out, and the rest is read again, so that
    /// one mistake does not hide the others.
    fn read_node<T: DeserializeOwned>(&mut self, diagnostics: &mut Vec<Diagnostic>) -> Option<T> {
        // Mappings and the keys that were left out of them.
        let mut removed: Vec<(Location, Arc<str>)> = Vec::new();
        loop {
            let (value, found) = de::read(self);
            diagnostics.extend(found);
            let error = match value {
                Ok(value) => return Some(value),
                Err(error) => error,
            };
            // A required key whose value has just been left out is not missing.
            let is_removed =
                |key: &str| removed.iter().any(|(at, other)| Some(*at) == error.location && &**other == key);
            if !error.missing.is_some_and(is_removed) {
                diagnostics.push(error.diagnostic(self));
            }
            removed.push(self.root.remove(error.location?)?);
        }
    }
}

/// Sorts diagnostics by place and leaves out those that several readings of a document found.
fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.span.line, d.span.column, d.level);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup();
    diagnostics
}

/// Returns whether a file with these diagnostics can be used as it is.
pub fn is_usable(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().all(|diagnostic| diagnostic.level != Level::Error)
}

#[cfg(test)]
mod tests;
