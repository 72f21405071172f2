//! Widths of texts, and how they are made to fit: romanised, broken into lines, shrunk and cut.

use std::sync::LazyLock;

use deunicode::deunicode_char;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};

use super::raster::SERIF;

/// Sizes of a title in pixels, the first that fits is taken.
const SIZES: [f32; 8] = [92.0, 84.0, 76.0, 68.0, 60.0, 54.0, 48.0, 42.0];
/// Height of a line of a title in ems.
pub(super) const LEADING: f32 = 1.06;

/// Character map and advance widths in ems of the font of titles.
static METRICS: LazyLock<Option<(Charmap<'static>, GlyphMetrics<'static>)>> = LazyLock::new(|| {
    let font = FontRef::new(SERIF).ok()?;
    Some((font.charmap(), font.glyph_metrics(Size::new(1.0), LocationRef::default())))
});

fn advance(c: char) -> f32 {
    let width = METRICS.as_ref().and_then(|(glyphs, metrics)| metrics.advance_width(glyphs.map(c)?));
    width.unwrap_or(0.0)
}

/// Returns the width of a text in ems, without kerning, which only makes it narrower.
pub(super) fn width(text: &str) -> f32 {
    text.chars().map(advance).sum()
}

/// Returns a text as one line of characters that the fonts have: letters of other scripts are romanised, and what has
/// no reading in ASCII, such as emoji, is left out.
pub(super) fn romanized(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_whitespace() => out.push(' '),
            c if advance(c) > 0.0 => out.push(c),
            c => {
                let reading = deunicode_char(c).unwrap_or("");
                // For a symbol that is its name (`smile`), which nobody wrote.
                if c.is_alphanumeric() || !reading.contains(|c: char| c.is_ascii_alphanumeric()) {
                    out.push_str(reading);
                }
            }
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the largest size at which a text fits into a box, and its lines; at the smallest size it is cut.
pub(super) fn fit(text: &str, room: f32, height: f32) -> (f32, Vec<String>) {
    let longest = text.split(' ').map(width).fold(0.0, f32::max);
    for size in SIZES {
        let lines = wrap(text, room / size);
        if longest <= room / size && size + LEADING * size * (lines.len() - 1) as f32 <= height {
            return (size, balance(text, room / size, longest, lines));
        }
    }
    let size = SIZES[SIZES.len() - 1];
    let mut lines = wrap(text, room / size);
    let max = 1 + ((height - size) / (LEADING * size)) as usize;
    if lines.len() > max {
        let rest = lines.split_off(max - 1).join(" ");
        lines.push(truncate(&format!("{rest} …"), room / size));
    }
    (size, lines)
}

/// Breaks a text into lines, each filled as far as it goes. A word wider than a line is broken between its letters.
fn wrap(text: &str, room: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').flat_map(|word| pieces(word, room)) {
        match lines.last_mut() {
            Some(line) if width(line) + advance(' ') + width(&word) <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

fn pieces(word: &str, room: f32) -> Vec<String> {
    let (mut pieces, mut piece, mut wide) = (Vec::new(), String::new(), 0.0);
    for c in word.chars() {
        if wide + advance(c) > room && !piece.is_empty() {
            pieces.push(std::mem::take(&mut piece));
            wide = 0.0;
        }
        piece.push(c);
        wide += advance(c);
    }
    pieces.push(piece);
    pieces
}

/// Makes lines as even as they can be without adding one.
fn balance(text: &str, room: f32, longest: f32, filled: Vec<String>) -> Vec<String> {
    let narrower = (1..20).map(|step| wrap(text, (room * (1.0 - 0.03 * step as f32)).max(longest)));
    narrower.take_while(|lines| lines.len() == filled.len()).last().unwrap_or(filled)
}

/// Cuts a text wider than `room` ems, and ends it with an ellipsis.
pub(super) fn truncate(text: &str, room: f32) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut wide = width("…");
    let fits = |c: &char| {
        wide += advance(*c);
        wide <= room
    };
    let start: String = text.chars().take_while(fits).collect();
    format!("{}…", start.trim_end_matches([' ', ',', ';', ':', '…', '-', '–']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_the_fonts_lack_are_romanised_or_left_out() {
        for (text, written) in [
            ("Jakub Mačina, Schlüter", "Jakub Mačina, Schlüter"),
            ("Deep 🚀 Learning\u{200f}\n now", "Deep Learning now"),
            ("глубокое", "glubokoe"),
            ("e\u{301}tude", "etude"),
            ("a → b", "a - b"),
            ("🚀", ""),
        ] {
            assert_eq!(romanized(text), written);
        }
        assert!(romanized("深度学习").is_ascii() && !romanized("深度学习").is_empty());
        assert!(romanized("التعلم العميق").is_ascii());
    }

    #[test]
    fn widths_are_those_of_the_font() {
        // In the hmtx table of the font `M` is 2026 of 2000 units wide, `i` 554.
        for (letter, advance) in [("M", 2026.0 / 2000.0), ("i", 554.0 / 2000.0)] {
            assert!((width(letter) - advance).abs() < 1e-3, "{letter}: {}", width(letter));
        }
        assert!((width("MM") - 2.0 * width("M")).abs() < 1e-6);
    }

    #[test]
    fn a_title_is_broken_then_shrunk_then_cut() {
        let (size, lines) = fit("Recommender Systems", 1000.0, 300.0);
        assert_eq!((size, lines.join("|").as_str()), (SIZES[0], "Recommender Systems"));
        let long = "Deep Learning for Recommender Systems in the Wild, and What Came of It";
        let (size, lines) = fit(long, 900.0, 300.0);
        assert!(size < SIZES[0] && lines.len() > 1 && lines.join(" ") == long, "{size} {lines:?}");
        assert!(lines.iter().all(|line| width(line) * size <= 900.0));
        for endless in ["word ".repeat(200), "x".repeat(900)] {
            let (size, lines) = fit(endless.trim(), 900.0, 300.0);
            assert!(lines.last().unwrap().ends_with('…') && lines.len() >= 4, "{lines:?}");
            assert!(lines.iter().all(|line| width(line) * size <= 900.0), "{lines:?}");
            assert!((lines.len() as f32 - 1.0) * LEADING * size + size <= 300.0);
        }
    }
}
