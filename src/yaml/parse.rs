//! From text to a tree of nodes with places.

use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};

use crate::problem::{Place, Problem, SourceFile, Text};

/// Deepest nesting that is read; content files need about six.
const DEEPEST: usize = 32;

/// A parsed document and the file it came from.
#[derive(Debug, Clone)]
pub struct Document {
    /// The top of the tree; an empty document is [`Value::Null`].
    pub root: Node,
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it begins.
    pub place: Place,
}

/// What a node holds.
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing was written, or `~` or `null`.
    Null,
    /// Text as it was written, without its quotes.
    Scalar(Text),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the file; keys are scalars and stand once.
    Map(Vec<(Node, Node)>),
}

impl Value {
    /// What a person would call it, for "expected …, found …".
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Scalar(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

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

/// Parses one YAML document, which is the whole of `text`; `lines_before` says how many lines of the file stand before it.
///
/// # Errors
/// The one problem at which the text stops being YAML.
pub fn parse(file: &Arc<SourceFile>, text: &str, lines_before: usize) -> Result<Document, Problem> {
    // A front matter's slice has lost its mark already; a whole file may begin with one.
    let text = text.trim_start_matches('\u{feff}');
    let root = Builder::new(file, text, lines_before).document()?;
    Ok(Document { root })
}

struct Builder<'a> {
    file: &'a Arc<SourceFile>,
    text: &'a str,
    lines_before: usize,
    parser: Parser<'a, StrInput<'a>>,
    /// Where in the file the text begins, if it is a stretch of it.
    begin: Option<usize>,
    /// Where in the text each of its lines begins.
    lines: Vec<usize>,
}

impl<'a> Builder<'a> {
    fn new(file: &'a Arc<SourceFile>, text: &'a str, lines_before: usize) -> Self {
        let begin = (text.as_ptr() as usize).checked_sub(file.text.as_ptr() as usize);
        let begin = begin.filter(|begin| begin + text.len() <= file.text.len());
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(end, _)| end + 1)).collect();
        Self { file, text, lines_before, parser: Parser::new_from_str(text), begin, lines }
    }

    fn document(&mut self) -> Result<Node, Problem> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(_) => {}
                Event::StreamEnd => return Ok(Node { value: Value::Null, place: self.place(span) }),
                event => {
                    let root = self.node(event, span, 0)?;
                    return self.end_of_document().map(|()| root);
                }
            }
        }
    }

    fn end_of_document(&mut self) -> Result<(), Problem> {
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(()),
                (Event::DocumentStart(_), span) => {
                    return Err(Problem::error(self.place(span), "a second document begins here")
                        .help("keep one document in a file: remove the line `---`"));
                }
                _ => {}
            }
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Problem> {
        let place = self.place(span);
        if depth > DEEPEST {
            return Err(Problem::error(place, "too deeply nested"));
        }
        let value = match event {
            Event::Scalar(text, ScalarStyle::Plain, 0, None) if ["", "~", "null", "Null", "NULL"].contains(&&*text) => {
                Value::Null
            }
            Event::Scalar(text, style, 0, None) => Value::Scalar(self.scalar(&text, style, span, &place)),
            Event::SequenceStart(0, None) => self.list(depth)?,
            Event::MappingStart(0, None) => self.map(depth)?,
            Event::Alias(_) | Event::Scalar(_, _, 1.., _) | Event::SequenceStart(1.., _) | Event::MappingStart(1.., _) => {
                return Err(Problem::error(place, "anchors (&) and aliases (*) are not supported")
                    .help("write the value out, or put it in quotes if it is text"));
            }
            _ => return Err(Problem::error(place, "tags (!) are not supported").help("put the value in quotes if it is text")),
        };
        Ok(Node { value, place })
    }

    fn list(&mut self, depth: usize) -> Result<Value, Problem> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::List(items)),
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Value, Problem> {
        let mut entries: Vec<(Node, Node)> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(Value::Map(entries));
            }
            let key = self.node(event, span, depth + 1)?;
            let Value::Scalar(name) = &key.value else {
                return Err(Problem::error(key.place, "a key has to be text"));
            };
            let twice = entries.iter().find(|(other, _)| matches!(&other.value, Value::Scalar(n) if n == name));
            if let Some((other, _)) = twice {
                let message = format!("the key `{name}` stands here a second time");
                return Err(
                    Problem::error(key.place, message).help(format!("the first is in line {}; keep one", other.place.line))
                );
            }
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            entries.push((key, value));
        }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), Problem> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => Err(self.not_yaml(&error)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn not_yaml(&self, error: &ScanError) -> Problem {
        let marker = *error.marker();
        let place = self.place(Span::new(marker, marker));
        match self.tab_near(marker.line()) {
            Some((line, column)) => {
                let place = Place { line: line + self.lines_before, column, width: 1, ..place };
                Problem::error(place, "a tab in the indentation").help("YAML wants spaces: replace the tab by two spaces for each level")
            }
            None => Problem::error(place, format!("not YAML: {}", error.info())).help(
                "look for a missing space after a colon or dash, a wrong indentation, or text with `: ` or ` #` that needs quotes",
            ),
        }
    }

    /// A tab before the first letter of the line where the parser gave up, of the next one, or of one of the two lines above.
    fn tab_near(&self, line: usize) -> Option<(usize, usize)> {
        (line.saturating_sub(2).max(1)..=line + 1).rev().find_map(|number| {
            let text = self.text.lines().nth(number - 1)?;
            let indent = text.chars().take_while(|c| c.is_whitespace() || *c == '-');
            indent.clone().position(|c| c == '\t').map(|column| (number, column + 1))
        })
    }

    /// The text of a scalar: a stretch of the file if it reads as it is written.
    fn scalar(&self, text: &str, style: ScalarStyle, span: Span, place: &Place) -> Text {
        let quote = usize::from(matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
        let from = self.offset(span).map(|from| from + quote);
        match from.filter(|from| self.text[*from..].starts_with(text)).zip(self.begin) {
            Some((from, begin)) => Text::of(self.file, begin + from..begin + from + text.len()),
            None => Text::read_at(place.clone(), text),
        }
    }

    /// Where in the text a span begins. The parser counts letters.
    fn offset(&self, span: Span) -> Option<usize> {
        let begin = *self.lines.get(span.start.line().checked_sub(1)?)?;
        let line = &self.text[begin..];
        let column = span.start.col();
        let ascii = line.as_bytes().get(..column).is_some_and(<[u8]>::is_ascii);
        Some(begin + if ascii { column } else { line.char_indices().nth(column)?.0 })
    }

    fn place(&self, span: Span) -> Place {
        let one_line = span.start.line() == span.end.line();
        let width = if one_line { span.end.col().saturating_sub(span.start.col()).max(1) } else { 1 };
        Place { file: self.file.clone(), line: span.start.line().max(1) + self.lines_before, column: span.start.col() + 1, width }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(text: &str) -> Problem {
        let file = SourceFile::new("a.yaml", text);
        parse(&file, &file.text, 0).expect_err("should not parse")
    }

    fn at(problem: &Problem) -> (usize, usize) {
        (problem.place.line, problem.place.column)
    }

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

    #[test]
    fn a_tab_is_named_as_a_tab_where_it_stands() {
        let problem = failure("talks:\n  - title: A\n\tspeakers: [B]\n");
        assert_eq!(at(&problem), (3, 1));
        assert!(problem.message.contains("tab"), "{}", problem.message);
    }

    #[test]
    fn duplicates_anchors_tags_and_second_documents_are_refused_where_they_stand() {
        assert_eq!(at(&failure("a: 1\nb: 2\na: 3\n")), (3, 1));
        assert_eq!(failure("a: &x 1\nb: *x\n").place.line, 1);
        assert_eq!(failure("a: !!str 1\n").place.line, 1);
        assert_eq!(failure("a: 1\n---\nb: 1\n").place.line, 2);
        assert_eq!(failure(&"[".repeat(200)).message, "too deeply nested");
    }

    #[test]
    fn an_empty_document_is_null() {
        for text in ["", "\n\n", "# only a comment\n", "\u{feff}"] {
            let file = SourceFile::new("a.yaml", text);
            assert!(matches!(parse(&file, text, 0).unwrap().root.value, Value::Null), "{text:?}");
        }
    }
}
