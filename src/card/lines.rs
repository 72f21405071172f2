//! How a title is broken into lines.

use super::face::width;

/// Sizes that a title may have, in pixels: the first at which it fits.
const SIZES: [f32; 8] = [92.0, 84.0, 76.0, 68.0, 60.0, 54.0, 48.0, 42.0];
/// From line to line, in sizes: that of the site's headings.
pub(super) const LEADING: f32 = 1.06;

/// The largest size at which a text fits into a box, and its lines; at the smallest it is cut.
pub(super) fn fitted(text: &str, room: f32, height: f32) -> (f32, Vec<String>) {
    for size in SIZES {
        let lines = lines(text, room / size);
        let whole_words = lines.iter().all(|line| width(line) <= room / size);
        if whole_words && (lines.len() as f32 - 1.0) * LEADING * size + size <= height {
            return (size, balanced(text, room / size, lines));
        }
    }
    let size = SIZES[SIZES.len() - 1];
    let fits = (((height - size) / (LEADING * size)) as usize + 1).max(1);
    let mut broken: Vec<String> = lines(text, room / size).into_iter().flat_map(|line| hard(&line, room / size)).collect();
    if broken.len() > fits {
        let rest = broken.split_off(fits - 1).join(" ");
        broken.push(cut(&format!("{rest} …"), room / size));
    }
    (size, broken)
}

/// Lines of whole words, each filled as far as it goes; a word that is wider than the line has one of its own.
fn lines(text: &str, room: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line) + width(" ") + width(word) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The same number of lines, as even as they can be.
fn balanced(text: &str, room: f32, filled: Vec<String>) -> Vec<String> {
    let narrower = (0..20).map(|step| room * (1.0 - 0.03 * step as f32));
    let as_many = narrower
        .map(|room| (room, lines(text, room)))
        .take_while(|(room, lines)| lines.len() == filled.len() && lines.iter().all(|line| width(line) <= *room));
    as_many.last().map_or(filled, |(_, lines)| lines)
}

/// Pieces of a line that is one long word.
fn hard(line: &str, room: f32) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for c in line.chars() {
        let last = pieces.len() - 1;
        if width(&pieces[last]) + width(c.encode_utf8(&mut [0; 4])) > room && !pieces[last].is_empty() {
            pieces.push(String::new());
        }
        let last = pieces.len() - 1;
        pieces[last].push(c);
    }
    pieces
}

/// A text that ends with an ellipsis where it would be wider than `room`.
pub(super) fn cut(text: &str, room: f32) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let (mut out, mut wide) = (String::new(), width("…"));
    for c in text.chars() {
        wide += width(c.encode_utf8(&mut [0; 4]));
        if wide > room {
            break;
        }
        out.push(c);
    }
    format!("{}…", out.trim_end_matches([' ', ',', ';', ':', '…', '-', '–']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_broken_shrunk_and_cut_at_last() {
        let (size, lines) = fitted("Recommender Systems", 1000.0, 300.0);
        assert_eq!((size, lines.join("|").as_str()), (SIZES[0], "Recommender Systems"));
        let long = "Deep Learning for Recommender Systems in the Wild, and What Came of It";
        let (size, lines) = fitted(long, 900.0, 300.0);
        assert!(size < SIZES[0] && lines.len() > 1 && lines.join(" ") == long, "{size} {lines:?}");
        assert!(lines.iter().all(|line| width(line) * size <= 900.0));
        for endless in ["word ".repeat(200), "x".repeat(900)] {
            let (size, lines) = fitted(endless.trim(), 900.0, 300.0);
            assert!(lines.last().unwrap().ends_with('…') && lines.len() >= 4, "{lines:?}");
            assert!(lines.iter().all(|line| width(line) * size <= 900.0), "{lines:?}");
            assert!((lines.len() as f32 - 1.0) * LEADING * size + size <= 300.0);
        }
    }
}
