//! The YAML at the head of a Markdown file.

use std::sync::Arc;

use crate::problem::{Place, Problem, SourceFile};

/// Splits a Markdown file into its YAML front matter and its body.
///
/// Gives the front matter's text, the number of lines before it, the body, and the number of lines before the body. Line ends
/// may be LF or CRLF; a byte-order mark is passed over.
///
/// # Errors
/// A problem when the file does not begin with `---`, or when the closing `---` is missing.
pub fn front_matter(file: &Arc<SourceFile>) -> Result<(&str, usize, &str, usize), Problem> {
    let text = file.text.trim_start_matches('\u{feff}');
    let is_rule = |line: &str| line.trim_end() == "---";
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| is_rule(line)) else {
        return Err(Problem::error(Place::start_of(file), "no front matter")
            .help("begin the file with a line `---`, then its keys, then a line `---`"));
    };
    let (mut end, mut count) = (first.len(), 1);
    for line in lines {
        if is_rule(line) {
            return Ok((&text[first.len()..end], 1, &text[end + line.len()..], count + 1));
        }
        end += line.len();
        count += 1;
    }
    Err(Problem::error(Place::start_of(file), "the front matter is not closed")
        .help("add a line `---` between the keys and the text"))
}

#[cfg(test)]
mod tests {
    use super::super::{Value, parse};
    use super::*;

    #[test]
    fn places_survive_front_matter_line_ends_and_marks() {
        for (text, line) in [
            ("---\ntitle: A\ndate: B\n---\nbody\n", 3),
            ("---\r\ntitle: A\r\ndate: B\r\n---\r\nbody\r\n", 3),
            ("\u{feff}---\ntitle: A\n\ndate: B\n---\nbody\n", 4),
        ] {
            let file = SourceFile::new("a.md", text);
            let (front, before, body, body_before) = front_matter(&file).unwrap();
            let document = parse(&file, front, before).unwrap();
            let Value::Map(entries) = document.root.value else { panic!("{text:?}") };
            assert_eq!((entries[1].0.place.line, entries[1].1.place.column), (line, 7), "{text:?}");
            assert_eq!(body.trim_end(), "body");
            assert_eq!(body_before, line + 1, "{text:?}");
        }
    }

    #[test]
    fn front_matter_that_is_missing_or_open_is_a_problem() {
        for text in ["", "title: A\n", "---\ntitle: A\n", "--- \n", "text\n---\n"] {
            assert!(front_matter(&SourceFile::new("a.md", text)).is_err(), "{text:?}");
        }
    }
}
