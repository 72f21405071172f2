//! Explains where a text stops being YAML, in the words of people who write content and not parsers.

use serde_saphyr::Error;

/// Error of a text that is not YAML.
pub(super) struct Explanation {
    /// Line in the text, from 1.
    pub(super) line: usize,
    /// Column in characters, from 1.
    pub(super) column: usize,
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// Parts of the parser's messages for the commonest mistakes, with a message and help for the author.
const KNOWN: [(&str, &str, &str); 15] = [
    ("unclosed quote", "the quotation mark is not closed", UNCLOSED),
    ("invalid indentation in quoted scalar", "the quotation mark is not closed", UNCLOSED),
    ("found unexpected end of stream", "the quotation mark is not closed", UNCLOSED),
    (
        "trailing content after",
        "the quotation ends before this",
        "quotes go around the whole value; inside, write `''` for `'` in single quotes and `\\\"` for `\"` in double ones",
    ),
    (
        "unknown escape character",
        "an escape in double quotes that YAML does not know",
        "write `\\\\` for a backslash, or put the value in single quotes",
    ),
    (
        "unexpected character: `\\u",
        "a control character",
        "remove it: it may have come with text from a document or a page",
    ),
    ("unexpected character", "a value cannot begin with this character", "put the value in quotes"),
    ("misplaced bracket", "this bracket closes none", BRACKETS),
    ("unclosed bracket", "this bracket is not closed", BRACKETS),
    ("illegal placement of ':'", "a bracket before this is not closed", BRACKETS),
    ("parsing a flow", "a bracket before this is not closed, or a comma is missing", BRACKETS),
    (
        "mapping values are not allowed",
        "a colon that YAML does not expect here",
        "put the whole value in quotes if the colon belongs to it; else look for a missing space after a colon in the line \
         above, or a wrong indentation",
    ),
    (
        "block sequence entries are not allowed",
        "a dash that begins a list where none can be",
        "put the value in quotes if the dash belongs to it; a list begins in the line below its key",
    ),
    (
        "simple key expected ':'",
        "a line without a key",
        "write `key: value`; text that goes on from the line above has to be indented",
    ),
    ("recursion limit", "too deeply nested", BRACKETS),
];
const UNCLOSED: &str = "add the same mark at the end of the value";
const BRACKETS: &str =
    "write a list as [one, two] and a mapping as {key: value}; a text with brackets or commas needs quotes in them";
const QUOTES: &str = "put the value in quotes if it is text";

/// Explains the error at which a text stops being YAML.
pub(super) fn explain(text: &str, error: &Error) -> Explanation {
    let (line, column) = error.location().map_or((1, 1), |at| (at.line() as usize, at.column() as usize));
    let (line, column) = (line.max(1), column.max(1));
    let at = |line, column, message: &str, help| Explanation { line, column, message: message.to_owned(), help };
    if let Some(line) = merge_mark(text, line) {
        let help = "keep one of the two versions, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>";
        return at(line, 1, "a merge that is not finished", help);
    }
    match error.without_snippet() {
        Error::MultipleDocuments { .. } => {
            let line = line_before(text, line, |line| line.starts_with("---"));
            return at(line, 1, "a second document begins here", "keep one document in a file: remove the line `---`");
        }
        Error::UnknownAnchor { .. } => {
            return at(line, column, "anchors (&) and aliases (*) are not supported", QUOTES);
        }
        Error::Budget { breach: serde_saphyr::budget::BudgetBreach::Depth { .. }, .. } => {
            return at(line, column, "too deeply nested", BRACKETS);
        }
        Error::Budget { .. } => {
            let column = mark_before(text, line, column, '&');
            return at(line, column, "anchors (&) and aliases (*) are not supported", QUOTES);
        }
        Error::UnsupportedTag { .. } => {
            return at(line, mark_before(text, line, column, '!'), "tags (!) are not supported", QUOTES);
        }
        _ => {}
    }
    if let Some((line, column)) = tab_near(text, line) {
        let help = "YAML wants spaces: replace the tab by two spaces for each level";
        return at(line, column, "a tab in the indentation", help);
    }
    let parser_message = error.without_snippet().to_string();
    match KNOWN.iter().find(|(part, ..)| parser_message.contains(part)) {
        Some((_, message, help)) => at(line, column, message, help),
        None => {
            let message =
                parser_message.rsplit_once(" at line ").map_or(parser_message.as_str(), |(message, _)| message);
            let help = "look for a missing space after a colon or dash, a wrong indentation, or text with `: ` or ` #` that \
                        needs quotes";
            at(line, column, &format!("not YAML: {message}"), help)
        }
    }
}

/// The last line up to `line` that `is_it` accepts, or `line` itself.
fn line_before(text: &str, line: usize, is_it: impl Fn(&str) -> bool) -> usize {
    let lines: Vec<&str> = text.lines().take(line).collect();
    lines.iter().rposition(|line| is_it(line)).map_or(line, |index| index + 1)
}

/// The column of the last `mark` in a line up to `column`, or `column` itself.
fn mark_before(text: &str, line: usize, column: usize, mark: char) -> usize {
    let letters: Vec<char> = text.lines().nth(line - 1).unwrap_or_default().chars().take(column).collect();
    letters.iter().rposition(|letter| *letter == mark).map_or(column, |index| index + 1)
}

/// The line of the first mark of a merge conflict, up to the line of the error.
fn merge_mark(text: &str, line: usize) -> Option<usize> {
    let index = text.lines().take(line).position(|line| line.starts_with("<<<<<<< "))?;
    Some(index + 1)
}

/// A tab in the indentation of the line of the error, of the next one, or of one of the two lines above.
fn tab_near(text: &str, line: usize) -> Option<(usize, usize)> {
    (line.saturating_sub(2).max(1)..=line + 1).rev().find_map(|number| {
        let text = text.lines().nth(number - 1)?;
        let indent = text.chars().take_while(|c| c.is_whitespace() || *c == '-');
        indent.clone().position(|c| c == '\t').map(|column| (number, column + 1))
    })
}
