//! Preview images: the picture that messengers and social networks show for a link.
//!
//! One SVG template, [`Preview::svg`], which resvg turns into a PNG with the bundled fonts ([`png`]). The same texts
//! give the same bytes on every machine.

mod raster;
mod text;

use askama::Template;

use crate::html::Html;
use text::{LEADING, fit, romanized, truncate, width};

pub use raster::png;

/// Width and height in pixels: the size that link previews ask for.
pub const SIZE: (u32, u32) = (1200, 630);

/// Texts of a preview image, and a chart. Letters that the fonts lack are romanised, other characters left out.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// Name of the site.
    pub site: String,
    /// Shown at the other end of that line.
    pub hashtag: Option<String>,
    /// Kind of the page, above the title.
    pub kicker: String,
    /// Number or short code of a meetup, in the margin.
    pub numeral: Option<String>,
    /// Broken into lines, and shrunk until it fits; an ellipsis ends what is too long even then.
    pub title: String,
    /// Lines below the title, the most important first; the first three are shown.
    pub facts: Vec<String>,
    /// SVG with its size in the attributes `width` and `height`.
    pub chart: Option<Html>,
}

/// Ends of the lines, in pixels.
const LEFT: f32 = 72.0;
const RIGHT: f32 = SIZE.0 as f32 - LEFT;
/// Space between the title and what stands beside it.
const GAP: f32 = 52.0;
/// Baseline of the kicker, and of the last fact.
const TOP: f32 = 190.0;
const BOTTOM: f32 = SIZE.1 as f32 - 64.0;
const NUMERAL_SIZE: f32 = 210.0;
const NUMERAL_WIDTH: f32 = 290.0;
const MAX_FACTS: usize = 3;
const FACT_SIZE: f32 = 34.0;
const FACT_LINE: f32 = 44.0;
const CHART_WIDTH: f32 = 560.0;

/// Everything with its position in pixels; baselines for texts.
#[derive(Template)]
#[template(path = "preview.svg")]
struct Drawing {
    site: String,
    hashtag: String,
    numeral: Line,
    kicker: String,
    left: f32,
    title: Vec<Line>,
    facts: Vec<Line>,
    chart: Option<Chart>,
}

#[derive(Default)]
struct Line {
    x: f32,
    y: f32,
    size: f32,
    text: String,
}

struct Chart {
    x: f32,
    y: f32,
    scale: f32,
    /// Position and height of the rule between text and chart.
    rule: f32,
    height: f32,
    svg: Html,
}

impl Preview {
    /// Returns the image as SVG of [`SIZE`].
    pub fn svg(&self) -> String {
        let hashtag = self.hashtag.as_deref().map(romanized).unwrap_or_default();
        let room = RIGHT - LEFT - 26.0 * width(&hashtag) - GAP;
        let (numeral, left) = self.numeral();
        let right = if self.chart.is_some() { RIGHT - CHART_WIDTH - GAP } else { RIGHT };
        let facts = self.facts(left, right);
        let bottom = facts.first().map_or(BOTTOM, |fact| fact.y) - FACT_LINE;
        let drawing = Drawing {
            site: truncate(&romanized(&self.site), room / 38.0),
            hashtag,
            numeral,
            kicker: romanized(&self.kicker),
            left,
            title: self.title(left, right, bottom),
            facts,
            chart: self.chart.as_ref().and_then(Chart::new),
        };
        // Writing to a string cannot fail.
        drawing.render().unwrap_or_default()
    }

    /// The number in the margin, and where the text beside it begins.
    fn numeral(&self) -> (Line, f32) {
        let text = self.numeral.as_deref().map(romanized).unwrap_or_default();
        if text.is_empty() {
            return (Line::default(), LEFT);
        }
        let size = (NUMERAL_WIDTH / width(&text)).clamp(60.0, NUMERAL_SIZE);
        let text = truncate(&text, NUMERAL_WIDTH / size);
        let left = LEFT + (width(&text) * size).max(150.0) + GAP;
        // Digits are 0.66 em high; their tops stand where those of the title do.
        (Line { x: LEFT - 0.04 * size, y: TOP + 26.0 + 0.66 * size, size, text }, left)
    }

    fn title(&self, left: f32, right: f32, bottom: f32) -> Vec<Line> {
        let title = [&self.title, &self.site].into_iter().map(|text| romanized(text)).find(|text| !text.is_empty());
        let (size, lines) = fit(&title.unwrap_or_default(), right - left, bottom - TOP - 12.0);
        let line = |(at, text)| {
            let y = TOP + 18.0 + size * (0.86 + LEADING * at as f32);
            Line { x: left - 0.03 * size, y, size, text }
        };
        lines.into_iter().enumerate().map(line).collect()
    }

    fn facts(&self, left: f32, right: f32) -> Vec<Line> {
        let facts = self.facts.iter().map(|fact| romanized(fact)).filter(|fact| !fact.is_empty());
        let facts: Vec<String> = facts.take(MAX_FACTS).collect();
        let last = facts.len().saturating_sub(1);
        let line = |(at, fact): (usize, &String)| {
            let y = BOTTOM - FACT_LINE * (last - at) as f32;
            Line { x: left, y, size: FACT_SIZE, text: truncate(fact, (right - left) / FACT_SIZE) }
        };
        facts.iter().enumerate().map(line).collect()
    }
}

impl Chart {
    /// Places a chart in the middle of the right part; none if it does not say its size.
    fn new(svg: &Html) -> Option<Self> {
        let number = |name: &str| -> Option<f32> {
            let rest = svg.as_str().split_once(&format!(" {name}=\""))?.1;
            rest.split_once('"')?.0.parse().ok()
        };
        let (width, height) = (number("width")?, number("height")?);
        let scale = (CHART_WIDTH / width).min((BOTTOM - TOP + 20.0) / height);
        Some(Self {
            x: RIGHT - (CHART_WIDTH + width * scale) / 2.0,
            y: TOP - 20.0,
            scale,
            rule: RIGHT - CHART_WIDTH - GAP / 2.0,
            height: BOTTOM - TOP + 24.0,
            svg: svg.clone(),
        })
    }
}

#[cfg(test)]
mod tests;
