//! Pictures that stand for a page where it is linked to, in the look of the site and with fonts of our own, as a PNG of few colours.
//! The same card gives the same bytes on every machine.
//!
//! A [layout] says what stands where. There are two painters for it: a card of text is put together from glyphs that were drawn before
//! ([direct], [stamp]), one with a chart goes through SVG and resvg ([svg]), which takes a hundred times as long.

mod direct;
mod drawing;
mod face;
mod image;
mod ink;
mod label;
mod layout;
mod lines;
mod png;
mod shape;
mod stamp;
mod svg;

use crate::html::Html;

/// Width and height in pixels: the size that previews ask for.
pub const SIZE: (u32, u32) = (1200, 630);

/// What is on a card. Texts are plain; letters that the fonts lack are romanised, and other signs left out.
#[derive(Debug, Clone, Default)]
pub struct Card {
    /// Whose page it is: the name of the site.
    pub series: String,
    /// What stands at the other end of that line.
    pub mark: Option<String>,
    /// What kind of page it is.
    pub kicker: String,
    /// A number or code for the margin.
    pub numeral: Option<String>,
    /// The title; it is broken and shrunk until it fits, and cut at last.
    pub title: String,
    /// Lines below the title, the most important first; each is cut where it ends.
    pub facts: Vec<String>,
    /// A chart: an SVG with its size in its attributes `width` and `height`.
    pub chart: Option<Html>,
}

impl Card {
    /// The card as PNG.
    pub fn png(&self) -> Vec<u8> {
        let drawing = layout::drawing(self);
        let png = match drawing.chart {
            Some(_) => svg::paint(&drawing).map_or_else(Vec::new, |pixmap| png::with_chart(&pixmap)),
            None => direct::png(&drawing),
        };
        label::labelled(png, &label::of(self))
    }

    /// Whether a file is a picture of this card that [`png`](Self::png) has made, in this program or another one, and is whole.
    pub fn is_drawn_in(&self, file: &[u8]) -> bool {
        label::has(file, &label::of(self))
    }
}

#[cfg(test)]
mod painters;
#[cfg(test)]
mod tests;
