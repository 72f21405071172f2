//! Where a text stops being YAML: what was probably meant, in words of people who write content and not parsers.

use saphyr_parser::ScanError;

/// What is wrong with a text that is no YAML.
pub(super) struct Slip {
    /// Line and column in the text, from 1.
    pub(super) at: (usize, usize),
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// What the parser says of the commonest slips, and what it means for who made them.
const KNOWN: [(&str, &str, &str); 10] = [
    ("invalid indentation in quoted scalar", "the quotation mark is not closed", UNCLOSED),
    ("scanning a quoted scalar, found unexpected end", "the quotation mark is not closed", UNCLOSED),
    (
        "trailing content after double-quoted scalar",
        "the quotation ends before this",
        "quotes go around the whole value; inside, write `''` for `'` in single quotes and `\\\"` for `\"` in double ones",
    ),
    (
        "unknown escape character",
        "an escape in double quotes that YAML does not know",
        "write `\\\\` for a backslash, or put the value in single quotes",
    ),
    ("unknown anchor", "anchors (&) and aliases (*) are not supported", "put the value in quotes if it is text"),
    ("unexpected character", "a value cannot begin with this character", "put the value in quotes"),
    ("misplaced bracket", "this bracket closes none", BRACKETS),
    ("illegal placement of ':'", "a bracket before this is not closed", BRACKETS),
    ("parsing a flow", "a bracket before this is not closed, or a comma is missing", BRACKETS),
    ("unprintable character", "a control character", "remove it: it may have come with text from a document or a page"),
];
const UNCLOSED: &str = "add the same mark at the end of the value";
const BRACKETS: &str =
    "write a list as [one, two] and a mapping as {key: value}; a text with brackets or commas needs quotes in them";

/// What is wrong where the parser gave up.
pub(super) fn slip(text: &str, error: &ScanError) -> Slip {
    let (line, column) = (error.marker().line().max(1), error.marker().col() + 1);
    if let Some(line) = merge_mark(text, line) {
        let help = "keep one of the two versions, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>";
        return Slip { at: (line, 1), message: "a merge that is not finished".to_owned(), help };
    }
    if let Some(at) = tab_near(text, line) {
        let help = "YAML wants spaces: replace the tab by two spaces for each level";
        return Slip { at, message: "a tab in the indentation".to_owned(), help };
    }
    let unknown =
        "look for a missing space after a colon or dash, a wrong indentation, or text with `: ` or ` #` that needs quotes";
    let known = KNOWN.iter().find(|(said, ..)| error.info().contains(said));
    let (message, help) = known
        .map_or_else(|| (format!("not YAML: {}", error.info()), unknown), |(_, message, help)| ((*message).to_owned(), *help));
    Slip { at: (line, column), message, help }
}

/// The line where version control began to write both versions of something, if that is no further than where the parser gave up.
fn merge_mark(text: &str, line: usize) -> Option<usize> {
    let index = text.lines().take(line).position(|line| line.starts_with("<<<<<<< "))?;
    Some(index + 1)
}

/// A tab before the first letter of the line where the parser gave up, of the next one, or of one of the two lines above.
fn tab_near(text: &str, line: usize) -> Option<(usize, usize)> {
    (line.saturating_sub(2).max(1)..=line + 1).rev().find_map(|number| {
        let text = text.lines().nth(number - 1)?;
        let indent = text.chars().take_while(|c| c.is_whitespace() || *c == '-');
        indent.clone().position(|c| c == '\t').map(|column| (number, column + 1))
    })
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use crate::problem::SourceFile;

    /// Where a text fails, and what is said of it.
    fn told(text: &str) -> (usize, usize, String) {
        let file = SourceFile::new("a.yaml", text);
        let problem = parse(&file, &file.text, 0).expect_err("should not parse");
        assert!(problem.help.is_some());
        (problem.place.line, problem.place.column, problem.message)
    }

    #[test]
    fn slips_are_told_where_they_are_in_plain_words() {
        for (text, line, column, words) in [
            ("title: \"A b\nvenue: C\n", 1, 8, "the quotation mark is not closed"),
            ("title: 'A b", 1, 8, "the quotation mark is not closed"),
            ("title: 'It's so'\n", 1, 12, "the quotation ends before this"),
            ("title: \"A\" or B\n", 1, 12, "the quotation ends before this"),
            ("title: \"A\\q\"\n", 1, 8, "an escape in double quotes that YAML does not know"),
            ("title: *A* B\n", 1, 8, "anchors (&) and aliases (*) are not supported"),
            ("title: @home\n", 1, 8, "a value cannot begin with this character"),
            ("title: `A`\n", 1, 8, "a value cannot begin with this character"),
            ("tags: [A, B\nvenue: C\n", 2, 6, "a bracket before this is not closed"),
            ("tags: [A]]\n", 1, 10, "this bracket closes none"),
            ("tags: {a: b\nc: d\n", 2, 2, "a bracket before this is not closed, or a comma is missing"),
            ("title: \u{0}\n", 1, 8, "a control character"),
            ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> theirs\n", 2, 1, "a merge that is not finished"),
            ("talks:\n  - title: A\n\tspeakers: [B]\n", 3, 1, "a tab in the indentation"),
        ] {
            assert_eq!(told(text), (line, column, words.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_said_as_the_parser_says_it() {
        let (line, column, message) = told("title: A: B\n");
        assert_eq!((line, column), (1, 9));
        assert!(message.starts_with("not YAML: "), "{message}");
    }
}
