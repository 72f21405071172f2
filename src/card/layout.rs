//! Where things are on a card.

use super::drawing::{Anchor, Bar, Chart, Drawing, Rule, Text};
use super::face::{DISPLAY, Face, SANS, width, writable};
use super::ink::Ink;
use super::lines::{LEADING, cut, fitted};
use super::{Card, SIZE};
use crate::html::Html;

/// White space around everything, in pixels, and the ends of the lines.
const MARGIN: f32 = 72.0;
const RIGHT: f32 = SIZE.0 as f32 - MARGIN;
const BOTTOM: f32 = SIZE.1 as f32 - 64.0;
/// Where the word over the title stands.
const KICKER: f32 = 190.0;
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

/// Where everything on a card is.
pub(super) fn drawing(card: &Card) -> Drawing {
    let mut out = Drawing::default();
    head(&mut out, card);
    let left = numeral(&mut out, card);
    out.chart = card.chart.as_ref().and_then(|svg| chart(svg, KICKER));
    let right = if card.chart.is_some() { RIGHT - CHART - GAP } else { RIGHT };
    body(&mut out, card, left, right - left);
    out
}

/// A line of text in ink that begins where it is said to be; it is left out where there is nothing to write.
fn text(out: &mut Drawing, text: String, at: (f32, f32), size: f32, style: Style) {
    if !text.is_empty() {
        let Style { ink, face, spacing, anchor } = style;
        out.texts.push(Text { ink, face, size, spacing, at, anchor, text });
    }
}

/// How a text looks, beside its size.
#[derive(Clone, Copy)]
struct Style {
    ink: Ink,
    face: &'static Face,
    spacing: f32,
    anchor: Anchor,
}

const PLAIN: Style = Style { ink: Ink::Black, face: &DISPLAY, spacing: 0.0, anchor: Anchor::Start };
const SMALL: Style = Style { ink: Ink::Soft, face: &SANS, ..PLAIN };

/// The bar, the name of the site and the line below it.
fn head(out: &mut Drawing, card: &Card) {
    out.bars.push(Bar { ink: Ink::Rubric, left: 0, top: 0, width: SIZE.0, height: 14 });
    out.bars.push(Bar { ink: Ink::Black, left: MARGIN as u32, top: 118, width: (RIGHT - MARGIN) as u32, height: 2 });
    let mark = card.mark.as_deref().map(writable).unwrap_or_default();
    let room = RIGHT - MARGIN - width(&mark) * 26.0 - GAP;
    let series = cut(&writable(&card.series), room / 38.0);
    text(out, series, (MARGIN, 92.0), 38.0, Style { spacing: -0.3, ..PLAIN });
    text(out, mark, (RIGHT, 92.0), 24.0, Style { anchor: Anchor::End, ..SMALL });
}

/// The number in the margin; where what follows begins.
fn numeral(out: &mut Drawing, card: &Card) -> f32 {
    let Some(numeral) = card.numeral.as_deref().map(writable).filter(|text| !text.is_empty()) else { return MARGIN };
    let wide = width(&numeral) * NUMERAL;
    let size = if wide > WIDEST_NUMERAL { (NUMERAL * WIDEST_NUMERAL / wide).max(60.0) } else { NUMERAL };
    let numeral = cut(&numeral, WIDEST_NUMERAL / size);
    let end = MARGIN + (width(&numeral) * size).max(150.0) + GAP;
    // Letters are 0.66 of the size high, and stand with their tops where those of the title do.
    let at = (MARGIN - 0.04 * size, KICKER + 26.0 + 0.66 * size);
    text(out, numeral, at, size, Style { ink: Ink::Rubric, spacing: -0.03 * size, ..PLAIN });
    end
}

/// The word, the title and the facts.
fn body(out: &mut Drawing, card: &Card, left: f32, room: f32) {
    text(out, writable(&card.kicker), (left, KICKER), 25.0, SMALL);
    let facts: Vec<String> = card.facts.iter().map(|fact| writable(fact)).filter(|fact| !fact.is_empty()).take(FACTS).collect();
    let first_fact = BOTTOM - FACT_LINE * (facts.len().max(1) - 1) as f32;
    let title = writable(&card.title);
    let title = if title.is_empty() { writable(&card.series) } else { title };
    let height = first_fact - FACT_LINE - KICKER - 12.0;
    let (size, lines) = fitted(&title, room, height);
    for (at, line) in lines.into_iter().enumerate() {
        let y = KICKER + 18.0 + size * (0.86 + LEADING * at as f32);
        text(out, line, (left - 0.03 * size, y), size, Style { spacing: -0.012 * size, ..PLAIN });
    }
    for (at, fact) in facts.iter().enumerate() {
        let ink = if at == 0 { Ink::Black } else { Ink::Soft };
        let y = first_fact + FACT_LINE * at as f32;
        text(out, cut(fact, room / FACT), (left, y), FACT, Style { ink, ..PLAIN });
    }
}

/// A chart with its top where the word over the title stands; none if it does not say its size.
fn chart(svg: &Html, top: f32) -> Option<Chart> {
    let number = |name: &str| -> Option<f32> {
        let rest = svg.as_str().split_once(&format!(" {name}=\""))?.1;
        rest.split_once('"')?.0.parse().ok()
    };
    let (wide, high) = (number("width")?, number("height")?);
    let scale = (CHART / wide).min((BOTTOM - top + 20.0) / high);
    let rule = Rule { left: RIGHT - CHART - GAP * 0.5, top: top - 20.0, height: BOTTOM - top + 24.0 };
    Some(Chart { rule, at: (RIGHT - wide * scale, top - 20.0), scale, svg: svg.clone() })
}
