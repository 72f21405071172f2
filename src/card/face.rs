//! The fonts of cards: how wide a text is in them, and what they can write.

use std::sync::LazyLock;

use deunicode::deunicode_char;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

use super::shape::Font;

/// A font that ships with the program.
pub(super) struct Face {
    /// The name by which an SVG asks for it: the one in the file.
    pub(super) family: &'static str,
    pub(super) bytes: &'static [u8],
    /// What is read from the file once. The tests have met no file that cannot be read.
    pub(super) font: LazyLock<Option<Font>>,
}

static NEWSREADER: &[u8] = include_bytes!("../../fonts/newsreader-display.ttf");
static INSTRUMENT: &[u8] = include_bytes!("../../fonts/instrument-sans-500.ttf");

/// For titles and facts.
pub(super) static DISPLAY: Face =
    Face { family: "Newsreader 16pt", bytes: NEWSREADER, font: LazyLock::new(|| Font::read(NEWSREADER)) };
/// For small words.
pub(super) static SANS: Face =
    Face { family: "Instrument Sans", bytes: INSTRUMENT, font: LazyLock::new(|| Font::read(INSTRUMENT)) };

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.family)
    }
}

/// Advance widths of the characters of [`DISPLAY`] up to U+2FFF, in ems; zero where it has none.
static ADVANCES: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let Ok(font) = FontRef::new(DISPLAY.bytes) else { return Vec::new() };
    let (glyphs, metrics) = (font.charmap(), font.glyph_metrics(Size::new(1.0), LocationRef::default()));
    let advance = |c: u32| glyphs.map(c).and_then(|glyph| metrics.advance_width(glyph)).unwrap_or(0.0);
    (0..0x3000).map(advance).collect()
});

fn advance(c: char) -> f32 {
    ADVANCES.get(c as usize).copied().unwrap_or(0.0)
}

/// The width of a text in [`DISPLAY`] of one pixel's size, without kerning, which makes it narrower if anything.
pub(super) fn width(text: &str) -> f32 {
    text.chars().map(advance).sum()
}

/// A text with the characters that there are glyphs for, on one line: letters of other scripts are romanised, white space becomes one
/// space, and signs that have no reading in ASCII, such as emoji, are left out.
pub(super) fn writable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_whitespace() => out.push(' '),
            c if advance(c) > 0.0 => out.push(c),
            c => {
                let reading = deunicode_char(c).unwrap_or("");
                // The reading of a sign is its name (`smile`), which nobody wrote.
                if c.is_alphanumeric() || !reading.contains(|c: char| c.is_ascii_alphanumeric()) {
                    out.push_str(reading);
                }
            }
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fonts_lack_is_romanised_or_left_out() {
        for (text, written) in [
            ("Jakub Mačina, Schlüter", "Jakub Mačina, Schlüter"),
            ("Deep 🚀 Learning\u{200f}\n now", "Deep Learning now"),
            ("глубокое", "glubokoe"),
            ("e\u{301}tude", "etude"),
            ("a → b", "a - b"),
            ("🚀", ""),
        ] {
            assert_eq!(writable(text), written);
        }
        assert!(writable("深度学习").is_ascii() && !writable("深度学习").is_empty());
        assert!(writable("التعلم العميق").is_ascii());
    }

    #[test]
    fn widths_are_those_of_the_font() {
        // `M` is 1798 of 2000 units wide in the font's hmtx table, `i` is 555.
        assert!(width("") == 0.0 && width("i") < width("M"));
        assert!((width("MM") - 2.0 * width("M")).abs() < 1e-6);
    }
}
