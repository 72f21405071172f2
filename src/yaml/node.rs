//! The tree of a document.

use std::fmt;
use std::sync::Arc;

use icu_normalizer::ComposingNormalizerBorrowed;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Location, Options};

use super::syntax;
use crate::diagnostics::{Diagnostic, SourceFile, Span};

/// Maximum nesting; content files need about six levels.
const MAX_DEPTH: usize = 32;

/// A parsed document.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file that the document is in.
    pub file: Arc<SourceFile>,
    /// Number of lines of the file before the document.
    pub lines_before: usize,
    /// The top of the tree; an empty document is [`Value::Null`].
    pub root: Node,
    /// Warnings about valid YAML that is probably not meant, and errors about duplicate keys.
    pub diagnostics: Vec<Diagnostic>,
}

/// A value and where it stands in the document.
#[derive(Debug, Clone)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Line and column in the document's own text, both from 1.
    pub location: Location,
}

/// The value of a node.
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing was written, or `~` or `null`.
    Null,
    /// Text as it is written, without its quotes and white space around it.
    Text(Arc<str>),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the file; keys are text and stand once.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// The text, if the node is a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Describes the kind of value, for "expected …, found …".
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Text(text) if text.is_empty() => "empty text",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// Removes the list item or the mapping entry at a location. Returns where the list or mapping stands and the key
    /// of the entry (empty for an item), or nothing if the location is the root's own.
    pub(super) fn remove(&mut self, at: Location) -> Option<(Location, Arc<str>)> {
        match &mut self.value {
            Value::List(items) => {
                if let Some(index) = items.iter().position(|item| item.location == at) {
                    items.remove(index);
                    return Some((self.location, "".into()));
                }
                items.iter_mut().find_map(|item| item.remove(at))
            }
            Value::Map(entries) => {
                if let Some(index) = entries.iter().position(|(_, value)| value.location == at) {
                    let (key, _) = entries.remove(index);
                    return Some((self.location, key.text().unwrap_or_default().into()));
                }
                entries.iter_mut().find_map(|(_, value)| value.remove(at))
            }
            Value::Null | Value::Text(_) => None,
        }
    }
}

impl Document {
    /// The place of a node in the file.
    pub fn span(&self, node: &Node) -> Span {
        self.span_of(node.location)
    }

    pub(super) fn span_of(&self, location: Location) -> Span {
        let width = usize::try_from(location.span().len()).unwrap_or(1);
        self.span_at(location.line() as usize, location.column() as usize, width)
    }

    /// A place in the document's own text; lines and columns count from 1.
    fn span_at(&self, line: usize, column: usize, width: usize) -> Span {
        let span =
            Span { file: self.file.clone(), line: line.max(1) + self.lines_before, column: column.max(1), width };
        let rest = span.line_text().chars().count().saturating_sub(span.column - 1);
        Span { width: width.min(rest).max(1), ..span }
    }
}

/// Parses the one YAML document that `text` is; `lines_before` lines of the file stand before it.
///
/// # Errors
/// The diagnostic for the place at which the text stops being YAML.
pub fn parse(file: &Arc<SourceFile>, text: &str, lines_before: usize) -> Result<Document, Diagnostic> {
    let text = text.trim_start_matches('\u{feff}');
    match serde_saphyr::from_str_with_options(text, options()) {
        Ok(root) => {
            let mut document = Document { file: file.clone(), lines_before, root, diagnostics: Vec::new() };
            let mut root =
                std::mem::replace(&mut document.root, Node { value: Value::Null, location: Location::UNKNOWN });
            document.finish(&mut root, text)?;
            document.root = root;
            Ok(document)
        }
        Err(error) => {
            let syntax::Explanation { line, column, message, help } = syntax::explain(text, &error);
            let span = Span { file: file.clone(), line: line + lines_before, column, width: 1 };
            Err(Diagnostic::error(span, message).help(help))
        }
    }
}

fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_anchors: 0, max_aliases: 0, max_depth: MAX_DEPTH },
        // Reported with both places.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        // Numbers are read from the text.
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

impl Document {
    /// Completes a node that was just parsed: takes the text of numbers as they are written, trims texts, and reports
    /// what only the text around them shows.
    fn finish(&mut self, node: &mut Node, text: &str) -> Result<(), Diagnostic> {
        match &mut node.value {
            Value::Null => {}
            Value::Text(value) => {
                let raw = raw(text, node.location);
                if value.is_empty() && !raw.starts_with(['"', '\'']) {
                    *value = raw.trim().into();
                } else if value.trim().len() < value.len() {
                    *value = value.trim().into();
                }
                self.comment_behind(node.location, text, "", value.contains(' '));
            }
            Value::List(items) => items.iter_mut().try_for_each(|item| self.finish(item, text))?,
            Value::Map(entries) => {
                for (key, value) in entries.iter_mut() {
                    self.finish(key, text)?;
                    self.finish(value, text)?;
                    if matches!(value.value, Value::Null) {
                        self.comment_behind(key.location, text, ":", false);
                    }
                    if key.text().is_none() {
                        return Err(Diagnostic::error(self.span(key), "a key has to be text"));
                    }
                }
                self.report_duplicates(entries);
            }
        }
        Ok(())
    }

    /// Reports keys that stand twice, and keeps the first of each.
    fn report_duplicates(&mut self, entries: &mut Vec<(Node, Node)>) {
        let mut index = 0;
        while index < entries.len() {
            let (before, key) = (&entries[..index], &entries[index].0);
            let Some((first, _)) = before.iter().find(|(other, _)| other.text() == key.text()) else {
                index += 1;
                continue;
            };
            let message = format!("the key `{}` stands here a second time", key.text().unwrap_or_default());
            let help = format!("the first is in line {}; keep one", self.span(first).line);
            self.diagnostics.push(Diagnostic::error(self.span(key), message).help(help));
            entries.remove(index);
        }
    }

    /// Reports a comment behind an unquoted value, or instead of one behind the colon of its key, that looks like a
    /// part of the value: `topic: Learning #deep`, or `title: C # and Rust` where the value is of several words.
    fn comment_behind(&mut self, location: Location, text: &str, colon: &str, several_words: bool) {
        let raw = raw(text, location);
        if raw.starts_with(['"', '\'']) || raw.ends_with('\n') {
            return;
        }
        let Some(end) = end_of(location).filter(|end| *end <= text.len()) else { return };
        let line = text[end..].lines().next().unwrap_or_default();
        let Some(comment) = line.strip_prefix(colon).map(|rest| rest.trim_start_matches([' ', '\t'])) else { return };
        let is_hashtag = comment.strip_prefix('#').is_some_and(|word| word.starts_with(char::is_alphanumeric));
        let is_cut_text = several_words && comment.strip_prefix("# ").is_some_and(|words| !words.trim().is_empty());
        if !is_hashtag && !is_cut_text {
            return;
        }
        let start = end + line.len() - comment.len();
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let (line, column) = (text[..start].matches('\n').count() + 1, text[line_start..start].chars().count() + 1);
        let comment = comment.trim_end();
        let span = self.span_at(line, column, comment.chars().count());
        let message = format!("`{comment}` is not shown: what follows a space and `#` is a comment");
        let help = "put the whole value in quotes if this belongs to it";
        let help =
            if is_hashtag { format!("{help}; write a space after `#` if it is a comment") } else { help.to_owned() };
        self.diagnostics.push(Diagnostic::hint(span, message).help(help));
    }
}

/// The text of a node as it is written.
fn raw(text: &str, location: Location) -> &str {
    let start = location.span().byte_offset().map_or(0, |start| start as usize);
    end_of(location).and_then(|end| text.get(start..end)).unwrap_or_default()
}

/// Byte offset of the end of a node in the document's text.
fn end_of(location: Location) -> Option<usize> {
    Some((location.span().byte_offset()? + location.span().byte_len()?) as usize)
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let node = serde_saphyr::Spanned::<Value>::deserialize(deserializer)?;
        Ok(Node { value: node.value, location: node.referenced })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

/// Characters without width that come along with what is copied from a page, and that nobody can see.
const INVISIBLE: [char; 3] = ['\u{200b}', '\u{2060}', '\u{feff}'];

/// A text with composed letters (Unicode normalization form C): `ü` as one code point, and as two as some editors write
/// it, are one letter to everybody who reads it.
fn composed(text: &str) -> Arc<str> {
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(text);
    match composed.contains(INVISIBLE) {
        true => composed.replace(INVISIBLE, "").into(),
        false => composed.into(),
    }
}

struct ValueVisitor;

/// Scalars that YAML takes for something else than text become empty texts, which [`Document::finish`] fills in.
macro_rules! written {
    ($($visit:ident: $scalar:ty),*) => {
        $(fn $visit<E>(self, _: $scalar) -> Result<Value, E> {
            Ok(Value::Text("".into()))
        })*
    };
}

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    written!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_i128: i128, visit_u128: u128, visit_f64: f64);

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(composed(text)))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element()? {
            nodes.push(node);
        }
        Ok(Value::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut nodes = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            nodes.push(entry);
        }
        Ok(Value::Map(nodes))
    }
}
