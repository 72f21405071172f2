//! What is wrong in the content, where, and what to do about it.

mod text;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level as Title, Renderer, Snippet};

pub use text::Text;

/// How much a problem matters.
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
    /// How many there are: `1 error`, `2 hints`.
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

/// A text file as it was read: the name people know it by and all of its text.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path from the content folder, with `/` between its parts: `meetups/029.yaml`.
    pub name: String,
    /// The whole text, as it stands in the file.
    pub text: String,
    /// Where this stands, when it is no file but a [`Text`] that reads otherwise than it is written.
    written_at: Option<Box<Place>>,
}

impl SourceFile {
    /// A file of this name and text, ready to be shared by all places in it.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into(), written_at: None })
    }
}

/// A stretch of one line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<SourceFile>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Length in characters; 1 marks a point.
    pub width: usize,
}

impl Place {
    /// The first character of a file, for problems with the whole of it.
    pub fn start_of(file: &Arc<SourceFile>) -> Self {
        Self { file: file.clone(), line: 1, column: 1, width: 1 }
    }

    /// The place of a stretch of a file, as far as it is in one line.
    fn of_bytes(file: &Arc<SourceFile>, bytes: Range<usize>) -> Self {
        let (before, from) = file.text.split_at(bytes.start);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let in_line = before[line_start..].trim_start_matches('\u{feff}');
        let stretch = from[..bytes.len()].lines().next().unwrap_or("");
        Self {
            file: file.clone(),
            line: 1 + before.matches('\n').count(),
            column: 1 + in_line.chars().count(),
            width: stretch.chars().count().max(1),
        }
    }

    /// The text of the line, without its end.
    pub fn line_text(&self) -> &str {
        self.file.text.lines().nth(self.line - 1).unwrap_or("").trim_start_matches('\u{feff}')
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.name, self.line, self.column)
    }
}

/// A value together with the place it was written at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub it: T,
    /// Where it stands.
    pub place: Place,
}

impl<T: fmt::Display> fmt::Display for At<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.it.fmt(f)
    }
}

impl<T> std::ops::Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.it
    }
}

/// One thing that is wrong, at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How much it matters.
    pub level: Level,
    /// Where it is.
    pub place: Place,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// A problem for which the file is not used.
    pub fn error(place: Place, message: impl Into<String>) -> Self {
        Self { level: Level::Error, place, message: message.into(), help: None }
    }

    /// A problem with which the file is used all the same.
    pub fn warning(place: Place, message: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::error(place, message) }
    }

    /// Something that could be better.
    pub fn hint(place: Place, message: impl Into<String>) -> Self {
        Self { level: Level::Hint, ..Self::error(place, message) }
    }

    /// Adds what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean", when one of the known words is close, or some are equally close.
    pub fn suggest<'k>(self, word: &str, known: impl IntoIterator<Item = &'k str>) -> Self {
        match nearest(word, known).join("` or `") {
            none if none.is_empty() => self,
            near => self.help(format!("did you mean `{near}`?")),
        }
    }

    /// The problem with the line it is in, the place marked below it, and the cure: several lines of text for a
    /// terminal (with `colour`) or a page (without).
    pub fn render(&self, colour: bool) -> String {
        let line = self.place.line_text().replace('\t', "    ");
        let shift = 3 * self.place.line_text().chars().take(self.place.column - 1).filter(|c| *c == '\t').count();
        let from = byte_of(&line, self.place.column - 1 + shift);
        let to = byte_of(&line, self.place.column - 1 + shift + self.place.width.max(1)).max(from);
        let level = match self.level {
            Level::Error => Title::ERROR,
            Level::Warning => Title::WARNING,
            Level::Hint => Title::HELP.with_name("hint"),
        };
        let snippet = Snippet::source(line.as_str())
            .path(self.place.file.name.as_str())
            .line_start(self.place.line)
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

/// The known word that is so close to `word` that it is probably what was meant.
///
/// Closeness is the Jaro-Winkler similarity of the folded words (no case, no diacritics); 0.85 accepts a slip or two and
/// refuses different words of the same length.
pub fn closest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    nearest(word, known).pop()
}

/// All known words that are as close as the closest, in their order; none where that is not close.
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

/// The known name of which `name` is probably a misspelling: at most two letters wrong, missing, added or swapped, and at most
/// one in six, after case and diacritics are set aside.
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

/// Lower case without diacritics, for comparing what people write: `Schlüter` becomes `schluter`.
pub fn fold(text: &str) -> String {
    deunicode::deunicode(text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, line: usize, column: usize, width: usize) -> Place {
        Place { file: SourceFile::new("meetups/075.yaml", text), line, column, width }
    }

    #[test]
    fn a_problem_shows_its_line_and_the_cure() {
        let problem = Problem::error(place("number: 75\nvenue: 42 Viena\n", 2, 8, 8), "unknown venue `42 Viena`")
            .suggest("42 Viena", ["Bosch Wien", "42 Vienna"]);
        let shown = problem.render(false);
        assert!(shown.contains("error: unknown venue `42 Viena`"), "{shown}");
        assert!(shown.contains("meetups/075.yaml:2:8"), "{shown}");
        assert!(shown.contains("venue: 42 Viena"), "{shown}");
        assert!(shown.contains("^^^^^^^^"), "{shown}");
        assert!(shown.contains("did you mean `42 Vienna`?"), "{shown}");
    }

    #[test]
    fn a_place_past_the_end_of_its_line_does_not_panic() {
        for text in ["", "ü", "\tü\t"] {
            Problem::error(place(text, 1, 40, 9), "x").render(false);
            Problem::error(place(text, 7, 1, 1), "x").render(true);
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
