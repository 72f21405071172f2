//! The YAML at the head of a Markdown file.

use std::sync::Arc;

use crate::diagnostics::{Diagnostic, SourceFile, Span};

/// The parts of a Markdown file with front matter.
#[derive(Debug, PartialEq)]
pub(super) struct Parts<'a> {
    /// The front matter, which begins in the second line of the file.
    pub(super) yaml: &'a str,
    /// The text below it.
    pub(super) markdown: &'a str,
    /// Number of lines before the text.
    pub(super) lines_before: usize,
}

/// Splits a Markdown file. Line ends may be LF or CRLF; a byte-order mark is passed over.
///
/// # Errors
/// A diagnostic if the file does not begin with `---`, or if the closing `---` is missing.
pub(super) fn split(file: &Arc<SourceFile>) -> Result<Parts<'_>, Diagnostic> {
    let text = file.text.trim_start_matches('\u{feff}');
    let is_rule = |line: &str| line.trim_end() == "---";
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| is_rule(line)) else {
        return Err(Diagnostic::error(Span::start_of(file), "no front matter")
            .help("begin the file with a line `---`, then its keys, then a line `---`"));
    };
    let (mut end, mut count) = (first.len(), 1);
    for line in lines {
        if is_rule(line) {
            let (yaml, markdown) = (&text[first.len()..end], &text[end + line.len()..]);
            return Ok(Parts { yaml, markdown, lines_before: count + 1 });
        }
        end += line.len();
        count += 1;
    }
    Err(Diagnostic::error(Span::start_of(file), "the front matter is not closed")
        .help("add a line `---` between the keys and the text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_split_at_its_rules() {
        for (text, yaml, lines_before) in [
            ("---\ntitle: A\ndate: B\n---\nbody\n", "title: A\ndate: B\n", 4),
            ("---\r\ntitle: A\r\n---\r\nbody\r\n", "title: A\r\n", 3),
            ("\u{feff}---\n\ntitle: A\n---\nbody", "\ntitle: A\n", 4),
            ("---\n---\nbody", "", 2),
        ] {
            let file = SourceFile::new("a.md", text);
            let parts = split(&file).unwrap();
            assert_eq!(
                (parts.yaml, parts.markdown.trim_end(), parts.lines_before),
                (yaml, "body", lines_before),
                "{text:?}"
            );
        }
    }

    #[test]
    fn front_matter_that_is_missing_or_open_is_an_error() {
        for text in ["", "title: A\n", "---\ntitle: A\n", "--- \n", "text\n---\n"] {
            assert!(split(&SourceFile::new("a.md", text)).is_err(), "{text:?}");
        }
    }
}
