//! From bytes of a body to places in its file.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostics::{SourceFile, Span};

/// Finds the places of a body's bytes in its file.
pub(super) struct Places<'a> {
    file: &'a Arc<SourceFile>,
    body: &'a str,
    lines_before: usize,
    line_starts: Vec<usize>,
}

impl<'a> Places<'a> {
    pub(super) fn new(file: &'a Arc<SourceFile>, body: &'a str, lines_before: usize) -> Self {
        let line_starts = std::iter::once(0).chain(body.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { file, body, lines_before, line_starts }
    }

    /// Returns the place of these bytes; of several lines, the first.
    pub(super) fn place(&self, range: Range<usize>) -> Span {
        let index = self.line_index(range.start);
        let start = self.line_starts[index];
        let line = self.body[start..].lines().next().unwrap_or("");
        let end = range.end.clamp(range.start, (start + line.len()).max(range.start));
        Span {
            file: self.file.clone(),
            line: self.lines_before + index + 1,
            column: self.indent(index, line) + self.body[start..range.start].chars().count() + 1,
            width: self.body[range.start..end].chars().count().max(1),
        }
    }

    /// Returns the place of `part` within these bytes, or of all of them.
    pub(super) fn place_within(&self, range: Range<usize>, part: &str) -> Span {
        match self.body[range.clone()].rfind(part) {
            Some(at) if !part.is_empty() => self.place(range.start + at..range.start + at + part.len()),
            _ => self.place(range),
        }
    }

    /// Returns the line of the file, from 1, that this byte is on.
    pub(super) fn line(&self, at: usize) -> usize {
        self.lines_before + self.line_index(at) + 1
    }

    /// Returns the source of a range.
    pub(super) fn source(&self, range: Range<usize>) -> &'a str {
        &self.body[range]
    }

    fn line_index(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at) - 1
    }

    /// Returns the number of characters before the line in the file: a text in YAML has lost its indentation.
    fn indent(&self, index: usize, line: &str) -> usize {
        let whole = self.file.text.lines().nth(self.lines_before + index).unwrap_or("").trim_start_matches('\u{feff}');
        whole.find(line).map_or(0, |at| whole[..at].chars().count())
    }
}
