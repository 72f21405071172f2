//! Text that knows where it stands.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, Range};
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::{Place, SourceFile};

/// A stretch of a file: a title, a name, an article. It takes 16 bytes; the letters are those of the file, which all texts of it and all clones
/// share, and the place is counted out when somebody asks for it. Equality, order and hash are those of the letters.
#[derive(Clone)]
pub struct Text {
    of: Arc<SourceFile>,
    from: u32,
    to: u32,
}

impl Text {
    /// The stretch of a file between two of its bytes. A range that the file does not have, or that ends within a letter, gives an empty text.
    pub fn of(file: &Arc<SourceFile>, bytes: Range<usize>) -> Self {
        let there = file.text.get(bytes.clone()).is_some();
        match (u32::try_from(bytes.start), u32::try_from(bytes.end)) {
            (Ok(from), Ok(to)) if there => Self { of: file.clone(), from, to },
            _ => Self { of: file.clone(), from: 0, to: 0 },
        }
    }

    /// A text that reads otherwise than it is written at that place: with escapes, or folded from several lines.
    pub fn read_at(place: Place, text: impl Into<String>) -> Self {
        let name = place.file.name.clone();
        Self::whole(SourceFile { name, text: text.into(), written_at: Some(Box::new(place)) })
    }

    fn whole(file: SourceFile) -> Self {
        let to = u32::try_from(file.text.len()).unwrap_or(0);
        Self { of: Arc::new(file), from: 0, to }
    }

    /// The letters.
    #[inline]
    pub fn as_str(&self) -> &str {
        // Made of a range that is there.
        self.of.text.get(self.from as usize..self.to as usize).unwrap_or_default()
    }

    /// The text without white space around it.
    pub fn trimmed(&self) -> Self {
        let text = self.as_str();
        let from = self.from + (text.len() - text.trim_start().len()) as u32;
        Self { of: self.of.clone(), from, to: from + text.trim().len() as u32 }
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        match &self.of.written_at {
            Some(place) => (**place).clone(),
            None => Place::of_bytes(&self.of, self.from as usize..self.to as usize),
        }
    }
}

/// A text that stands in no file.
impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::whole(SourceFile { name: String::new(), text: text.to_owned(), written_at: None })
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.as_str().to_owned()
    }
}

impl Deref for Text {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

/// So that a map by text can be asked for a word.
impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

/// What a template needs to write a text without the machinery of formats, which takes longer than the text.
impl askama::FastWritable for Text {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(dest.write_str(self)?)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other)
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &Text) -> (usize, usize, usize) {
        let place = text.place();
        (place.line, place.column, place.width)
    }

    #[test]
    fn a_text_is_a_stretch_of_its_file_and_knows_its_line() {
        let file = SourceFile::new("a.yaml", "\u{feff}title: Ä\r\nspeaker:  Jan Schlüter \nnote: |\n  one\n  two\n");
        let find = |word: &str| file.text.find(word).map(|from| Text::of(&file, from..from + word.len())).unwrap();
        assert_eq!(at(&find("title")), (1, 1, 5), "the mark is no column");
        assert_eq!(at(&find("Ä")), (1, 8, 1));
        let name = find("  Jan Schlüter ").trimmed();
        assert_eq!((name.as_str(), at(&name)), ("Jan Schlüter", (2, 11, 12)));
        assert_eq!(at(&find("one\n  two")), (4, 3, 3), "of several lines the first is marked");
    }

    #[test]
    fn what_is_no_stretch_of_the_file_is_empty() {
        let file = SourceFile::new("a.yaml", "Ärzte");
        for bytes in [0..1, 3..99, 7..9] {
            assert_eq!(Text::of(&file, bytes), "");
        }
    }

    #[test]
    fn what_reads_otherwise_keeps_the_place_where_it_is_written() {
        let file = SourceFile::new("a.yaml", "a: \"x\\ty \"\n");
        let text = Text::read_at(Place { file, line: 1, column: 4, width: 7 }, "x\ty ");
        assert_eq!((text.trimmed().as_str(), at(&text.trimmed())), ("x\ty", (1, 4, 7)));
    }
}
