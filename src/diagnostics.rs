//! Errors, warnings and hints about content files: what is wrong, where, and what to do about it.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level as Title, Renderer, Snippet};

/// Severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The file is not used; its last good version stays up.
    Error,
    /// The file is used, and something in it is probably a mistake.
    Warning,
    /// The file is fine and could be better.
    Hint,
}

impl Level {
    /// A count with its unit: `1 error`, `2 hints`.
    pub fn counted(self, count: usize) -> String {
        format!("{count} {self}{}", if count == 1 { "" } else { "s" })
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Hint => "hint",
        })
    }
}

/// A text file: its name and all of its text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SourceFile {
    /// Path from the content folder, with `/` between its parts: `meetups/029.yaml`.
    pub name: String,
    /// The whole text, as it stands in the file.
    pub text: String,
}

impl SourceFile {
    /// Makes a file that spans can share.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into() })
    }
}

/// A stretch of one line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The file.
    pub file: Arc<SourceFile>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Length in characters; 1 marks a point.
    pub width: usize,
}

impl Span {
    /// The first character of a file, for diagnostics about the whole of it.
    pub fn start_of(file: &Arc<SourceFile>) -> Self {
        Self { file: file.clone(), line: 1, column: 1, width: 1 }
    }

    /// The text of the line, without its end.
    pub fn line_text(&self) -> &str {
        self.file.text.lines().nth(self.line - 1).unwrap_or("").trim_start_matches('\u{feff}')
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.name, self.line, self.column)
    }
}

/// A value together with the place where it is written.
#[derive(Debug, Clone)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Place in the file.
    pub span: Span,
}

/// Compares the values; where they stand does not matter.
impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// One finding, at one span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Severity.
    pub level: Level,
    /// Place in the file.
    pub span: Span,
    /// Message, in one sentence without a full stop.
    pub message: String,
    /// Advice, if there is any.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Makes an error: the file is not used.
    pub fn error(span: Span, message: impl Into<String>) -> Self {
        Self { level: Level::Error, span, message: message.into(), help: None }
    }

    /// Makes a warning: the file is used all the same.
    pub fn warning(span: Span, message: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::error(span, message) }
    }

    /// Makes a hint: something could be better.
    pub fn hint(span: Span, message: impl Into<String>) -> Self {
        Self { level: Level::Hint, ..Self::error(span, message) }
    }

    /// Adds what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean", when one of the known words is close, or some are equally close.
    pub fn suggest<'k>(self, word: &str, known: impl IntoIterator<Item = &'k str>) -> Self {
        let help = did_you_mean(word, known).or(self.help);
        Self { help, ..self }
    }

    /// Renders the message with its line, a mark below the span, and the help: several lines of text for a terminal
    /// (with `colour`) or a page (without).
    pub fn render(&self, colour: bool) -> String {
        let line = self.span.line_text().replace('\t', "    ");
        let shift = 3 * self.span.line_text().chars().take(self.span.column - 1).filter(|c| *c == '\t').count();
        let from = byte_of(&line, self.span.column - 1 + shift);
        let to = byte_of(&line, self.span.column - 1 + shift + self.span.width.max(1)).max(from);
        let level = match self.level {
            Level::Error => Title::ERROR,
            Level::Warning => Title::WARNING,
            Level::Hint => Title::HELP.with_name("hint"),
        };
        let snippet = Snippet::source(line.as_str())
            .path(self.span.file.name.as_str())
            .line_start(self.span.line)
            .annotation(AnnotationKind::Primary.span(from..to));
        let mut group = Group::with_title(level.primary_title(self.message.as_str())).element(snippet);
        if let Some(help) = &self.help {
            group = group.element(Title::HELP.message(help.as_str()));
        }
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

/// Byte offset of the `n`-th character, or the end.
fn byte_of(line: &str, n: usize) -> usize {
    line.char_indices().nth(n).map_or(line.len(), |(at, _)| at)
}

/// Asks "did you mean", if one of the known words is close, or some are equally close.
pub fn did_you_mean<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    let near = nearest(word, known);
    (!near.is_empty()).then(|| format!("did you mean `{}`?", near.join("` or `")))
}

/// Finds the known word that is probably meant by `word`.
///
/// Closeness is the Jaro-Winkler similarity of the folded words (no case, no diacritics); 0.85 accepts one or two typos
/// and refuses different words of the same length.
pub fn closest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    nearest(word, known).pop()
}

/// Finds all known words that are as close as the closest, in their order; none if that is not close.
fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Vec<&'k str> {
    const CLOSE: f64 = 0.85;
    let folded = fold(word);
    let mut best = (CLOSE, Vec::new());
    for candidate in known {
        let similarity = strsim::jaro_winkler(&folded, &fold(candidate));
        if similarity > best.0 {
            best = (similarity, Vec::new());
        }
        if similarity == best.0 {
            best.1.push(candidate);
        }
    }
    best.1
}

/// Finds the known name of which `name` is probably a misspelling: at most two letters wrong, missing, added or
/// swapped, and at most one in six, without case and diacritics.
///
/// Stricter than [`closest`]: different people have similar names, and a new speaker must not become an old one.
pub fn misspelt<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let folded = fold(name);
    let tolerance = (folded.chars().count() / 6).min(2);
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&folded, &fold(candidate)), candidate))
        .filter(|(distance, _)| *distance <= tolerance)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Folds text for comparison: lower case without diacritics, `Schlüter` becomes `schluter`.
pub fn fold(text: &str) -> String {
    deunicode::deunicode(text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, line: usize, column: usize, width: usize) -> Span {
        Span { file: SourceFile::new("meetups/075.yaml", text), line, column, width }
    }

    #[test]
    fn a_problem_shows_its_line_and_the_cure() {
        let diagnostic = Diagnostic::error(span("number: 75\nvenue: 42 Viena\n", 2, 8, 8), "unknown venue `42 Viena`")
            .suggest("42 Viena", ["Bosch Wien", "42 Vienna"]);
        let shown = diagnostic.render(false);
        assert!(shown.contains("error: unknown venue `42 Viena`"), "{shown}");
        assert!(shown.contains("meetups/075.yaml:2:8"), "{shown}");
        assert!(shown.contains("venue: 42 Viena"), "{shown}");
        assert!(shown.contains("^^^^^^^^"), "{shown}");
        assert!(shown.contains("did you mean `42 Vienna`?"), "{shown}");
    }

    #[test]
    fn a_place_past_the_end_of_its_line_does_not_panic() {
        for text in ["", "ü", "\tü\t"] {
            Diagnostic::error(span(text, 1, 40, 9), "x").render(false);
            Diagnostic::error(span(text, 7, 1, 1), "x").render(true);
        }
    }

    #[test]
    fn umlauts_and_slips_are_close_and_other_words_are_not() {
        assert_eq!(closest("Jan Schluter", ["Jan Schlüter", "René Donner"]), Some("Jan Schlüter"));
        assert_eq!(closest("speekers", ["speakers", "slides"]), Some("speakers"));
        assert_eq!(misspelt("Jan Schlueter", ["Jan Schlüter", "René Donner"]), Some("Jan Schlüter"));
        assert_eq!(misspelt("Rene Doner", ["Jan Schlüter", "René Donner"]), Some("René Donner"));
        assert_eq!(misspelt("Michael Platter", ["Michael Pieler", "Michael Platzer II"]), None);
        assert_eq!(closest("Erich Prem", ["Eric Steinberger", "Jan Schlüter"]), None);
    }
}
