//! Where things are on a card.

use std::fmt::Write;

use super::face::{DISPLAY, SANS, width, writable};
use super::png::{HAIR, INK, RUBRIC, SOFT};
use super::{Card, SIZE};
use crate::html::escape;

/// White space around everything, in pixels, and the ends of the lines.
const MARGIN: f32 = 72.0;
const RIGHT: f32 = SIZE.0 as f32 - MARGIN;
const BOTTOM: f32 = SIZE.1 as f32 - 64.0;
/// Where the word over the title stands.
const KICKER: f32 = 190.0;
/// Sizes that a title may have, in pixels: the first at which it fits.
const SIZES: [f32; 8] = [92.0, 84.0, 76.0, 68.0, 60.0, 54.0, 48.0, 42.0];
/// From line to line, in sizes: that of the site's headings.
const LEADING: f32 = 1.06;
/// Size of the number in the margin, and what is left between it and the title.
const NUMERAL: f32 = 210.0;
const GAP: f32 = 52.0;
/// Longer codes than this stand above the title, not beside it.
const WIDEST_NUMERAL: f32 = 290.0;
/// Size of the facts, and from line to line.
const FACT: f32 = 34.0;
const FACT_LINE: f32 = 44.0;
/// More would leave no place for the title.
const FACTS: usize = 3;
/// Width of a chart.
const CHART: f32 = 560.0;

/// The card as SVG.
pub(super) fn svg(card: &Card) -> String {
    let mut out = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\">", SIZE.0, SIZE.1);
    head(&mut out, card);
    let left = numeral(&mut out, card);
    let right = if card.chart.is_some() { RIGHT - CHART - GAP } else { RIGHT };
    let top = body(&mut out, card, left, right - left);
    chart(&mut out, card, top);
    out.push_str("</svg>");
    out
}

/// The bar, the name of the site and the line below it.
fn head(out: &mut String, card: &Card) {
    let _ = write!(out, "<rect width=\"{}\" height=\"14\" fill=\"{RUBRIC}\"/>", SIZE.0);
    let mark = card.mark.as_deref().map(writable).unwrap_or_default();
    let room = RIGHT - MARGIN - width(&mark) * 26.0 - GAP;
    text(
        out,
        &cut(&writable(&card.series), room / 38.0),
        (MARGIN, 92.0),
        38.0,
        &format!("fill=\"{INK}\" letter-spacing=\"-0.3\""),
    );
    let style = format!("fill=\"{SOFT}\" text-anchor=\"end\" font-family=\"'{}'\"", SANS.family);
    text(out, &mark, (RIGHT, 92.0), 24.0, &style);
    let _ = write!(out, "<rect x=\"{MARGIN}\" y=\"118\" width=\"{}\" height=\"2\" fill=\"{INK}\"/>", RIGHT - MARGIN);
}

/// The number in the margin; where what follows begins.
fn numeral(out: &mut String, card: &Card) -> f32 {
    let Some(numeral) = card.numeral.as_deref().map(writable).filter(|text| !text.is_empty()) else { return MARGIN };
    let wide = width(&numeral) * NUMERAL;
    let size = if wide > WIDEST_NUMERAL { (NUMERAL * WIDEST_NUMERAL / wide).max(60.0) } else { NUMERAL };
    // Letters are 0.66 of the size high, and stand with their tops where those of the title do.
    let style = format!("fill=\"{RUBRIC}\" letter-spacing=\"{}\" font-feature-settings=\"'lnum', 'pnum'\"", -0.03 * size);
    let numeral = cut(&numeral, WIDEST_NUMERAL / size);
    text(out, &numeral, (MARGIN - 0.04 * size, KICKER + 26.0 + 0.66 * size), size, &style);
    MARGIN + (width(&numeral) * size).max(150.0) + GAP
}

/// The word, the title and the facts; the height at which the word stands.
fn body(out: &mut String, card: &Card, left: f32, room: f32) -> f32 {
    text(out, &writable(&card.kicker), (left, KICKER), 25.0, &format!("fill=\"{SOFT}\" font-family=\"'{}'\"", SANS.family));
    let facts: Vec<String> = card.facts.iter().map(|fact| writable(fact)).filter(|fact| !fact.is_empty()).take(FACTS).collect();
    let first_fact = BOTTOM - FACT_LINE * (facts.len().max(1) - 1) as f32;
    let title = writable(&card.title);
    let title = if title.is_empty() { writable(&card.series) } else { title };
    let height = first_fact - FACT_LINE - KICKER - 12.0;
    let (size, lines) = fitted(&title, room, height);
    for (at, line) in lines.iter().enumerate() {
        let y = KICKER + 18.0 + size * (0.86 + LEADING * at as f32);
        text(out, line, (left - 0.03 * size, y), size, &format!("fill=\"{INK}\" letter-spacing=\"{}\"", -0.012 * size));
    }
    for (at, fact) in facts.iter().enumerate() {
        let colour = if at == 0 { INK } else { SOFT };
        let y = first_fact + FACT_LINE * at as f32;
        text(out, &cut(fact, room / FACT), (left, y), FACT, &format!("fill=\"{colour}\""));
    }
    KICKER
}

fn chart(out: &mut String, card: &Card, top: f32) {
    let Some(chart) = &card.chart else { return };
    let number = |name: &str| -> Option<f32> {
        let rest = chart.as_str().split_once(&format!(" {name}=\""))?.1;
        rest.split_once('"')?.0.parse().ok()
    };
    let (Some(wide), Some(high)) = (number("width"), number("height")) else { return };
    let scale = (CHART / wide).min((BOTTOM - top + 20.0) / high);
    let x = RIGHT - wide * scale;
    let _ = write!(
        out,
        "<rect x=\"{}\" y=\"{}\" width=\"2\" height=\"{}\" fill=\"{HAIR}\"/><g transform=\"translate({x} {}) scale({scale})\">{}</g>",
        RIGHT - CHART - GAP * 0.5,
        top - 20.0,
        BOTTOM - top + 24.0,
        top - 20.0,
        chart.as_str()
    );
}

fn text(out: &mut String, text: &str, at: (f32, f32), size: f32, style: &str) {
    if text.is_empty() {
        return;
    }
    let family = if style.contains("font-family") { String::new() } else { format!(" font-family=\"'{}'\"", DISPLAY.family) };
    let _ = write!(out, "<text x=\"{}\" y=\"{}\" font-size=\"{size}\"{family} {style}>{}</text>", at.0, at.1, escape(text));
}

/// The largest size at which a text fits into a box, and its lines; at the smallest it is cut.
fn fitted(text: &str, room: f32, height: f32) -> (f32, Vec<String>) {
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
fn cut(text: &str, room: f32) -> String {
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
