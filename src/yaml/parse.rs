//! From text to a tree of nodes with places.

use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput};

use super::cursor::{Cursor, Problems};
use super::slip::{Slip, slip};
use crate::problem::{Place, Problem, SourceFile, Text};

/// Deepest nesting that is read; content files need about six.
const DEEPEST: usize = 32;

/// A parsed document.
#[derive(Debug, Clone)]
pub struct Document {
    /// The top of the tree; an empty document is [`Value::Null`].
    pub root: Node,
    /// What is YAML and was probably not meant.
    doubts: Vec<Problem>,
}

impl Document {
    /// Begins to read at the top. What is told of the document goes to the problems, beginning with what was seen while it was parsed.
    pub fn cursor<'a>(&'a self, problems: &'a Problems) -> Cursor<'a> {
        self.doubts.iter().cloned().for_each(|doubt| problems.add(doubt));
        Cursor::new(&self.root, problems)
    }
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

/// Parses one YAML document, which is the whole of `text`; `lines_before` says how many lines of the file stand before it.
///
/// # Errors
/// The one problem at which the text stops being YAML.
pub fn parse(file: &Arc<SourceFile>, text: &str, lines_before: usize) -> Result<Document, Problem> {
    // A front matter's slice has lost its mark already; a whole file may begin with one.
    let text = text.trim_start_matches('\u{feff}');
    let mut builder = Builder::new(file, text, lines_before);
    let root = builder.document()?;
    Ok(Document { root, doubts: builder.doubts })
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
    doubts: Vec<Problem>,
}

impl<'a> Builder<'a> {
    fn new(file: &'a Arc<SourceFile>, text: &'a str, lines_before: usize) -> Self {
        let begin = (text.as_ptr() as usize).checked_sub(file.text.as_ptr() as usize);
        let begin = begin.filter(|begin| begin + text.len() <= file.text.len());
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(end, _)| end + 1)).collect();
        Self { file, text, lines_before, parser: Parser::new_from_str(text), begin, lines, doubts: Vec::new() }
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
        if let Event::Scalar(_, ScalarStyle::Plain, ..) = event {
            self.doubts.extend(self.hashtag(span.end, ""));
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
            let (event, value_span) = self.next()?;
            let value = self.node(event, value_span, depth + 1)?;
            if let Value::Null = value.value {
                self.doubts.extend(self.hashtag(span.end, ":"));
            }
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
        let Slip { at: (line, column), message, help } = slip(self.text, error);
        let place = Place { file: self.file.clone(), line: line + self.lines_before, column, width: 1 };
        Problem::error(place, message).help(help)
    }

    /// The text of a scalar: a stretch of the file if it reads as it is written.
    fn scalar(&self, text: &str, style: ScalarStyle, span: Span, place: &Place) -> Text {
        let quote = usize::from(matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
        let from = self.offset(span.start).map(|from| from + quote);
        match from.filter(|from| self.text[*from..].starts_with(text)).zip(self.begin) {
            Some((from, begin)) => Text::of(self.file, begin + from..begin + from + text.len()),
            None => Text::read_at(place.clone(), text),
        }
    }

    /// A comment that begins like a hashtag: `topic: Learning #deep`. It stands behind a value that has no quotes, or instead of one behind the colon of
    /// its key.
    fn hashtag(&self, end: Marker, colon: &str) -> Option<Problem> {
        let rest = self.text[self.offset(end)?..].lines().next()?;
        let comment = rest.strip_prefix(colon)?.trim_start_matches([' ', '\t']);
        if !comment.strip_prefix('#')?.starts_with(char::is_alphanumeric) {
            return None;
        }
        let place = self.place(Span::new(end, end));
        let column = place.column + rest.len() - comment.len();
        let comment = comment.trim_end();
        let place = Place { column, width: comment.chars().count(), ..place };
        let problem = Problem::hint(place, format!("`{comment}` is not shown: what follows a space and `#` is a comment"));
        Some(problem.help("put the whole value in quotes if this belongs to it; write a space after `#` if it is a comment"))
    }

    /// Where in the text a place of the parser is, which counts letters.
    fn offset(&self, at: Marker) -> Option<usize> {
        let begin = *self.lines.get(at.line().checked_sub(1)?)?;
        let line = &self.text[begin..];
        let column = at.col();
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
    fn duplicates_anchors_tags_and_second_documents_are_refused_where_they_stand() {
        assert_eq!(at(&failure("a: 1\nb: 2\na: 3\n")), (3, 1));
        assert_eq!(failure("a: &x 1\nb: *x\n").place.line, 1);
        assert_eq!(failure("a: !!str 1\n").place.line, 1);
        assert_eq!(failure("a: 1\n---\nb: 1\n").place.line, 2);
        assert_eq!(failure(&"[".repeat(200)).message, "too deeply nested");
    }

    #[test]
    fn a_hashtag_behind_a_value_is_told_as_the_comment_that_it_is() {
        let told = |text: &str| {
            let file = SourceFile::new("a.yaml", text);
            let (document, problems) = (parse(&file, &file.text, 0).unwrap(), Problems::default());
            document.cursor(&problems);
            let place = |problem: &Problem| (problem.place.line, problem.place.column, problem.place.width);
            problems.into_vec().iter().map(place).collect::<Vec<_>>()
        };
        assert_eq!(told("topic: Lernen für #deep \nvenue: #TBA\n"), [(1, 19, 5), (2, 8, 4)]);
        assert_eq!(told("tags: [A, B #c\n]\ntitle: A\n  b #c\n"), [(1, 13, 2), (4, 5, 2)]);
        for fine in [
            "a: b # comment\n",
            "a: 'b' #c\n",
            "a: b#c\n",
            "a: b\n#c\n",
            "a: b ##\n",
            "a: \"b #c\"\n",
            "a: |\n  b #c\n",
            "a:\n  #c\n  b: d\n",
        ] {
            assert_eq!(told(fine), [], "{fine:?}");
        }
    }

    #[test]
    fn an_empty_document_is_null() {
        for text in ["", "\n\n", "# only a comment\n", "\u{feff}"] {
            let file = SourceFile::new("a.yaml", text);
            assert!(matches!(parse(&file, text, 0).unwrap().root.value, Value::Null), "{text:?}");
        }
    }
}
