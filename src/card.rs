//! Pictures that stand for a page where it is linked to: an SVG in the look of the site, drawn by resvg with fonts of our own, as a PNG
//! of few colours. The same card gives the same bytes on every machine.

mod face;
mod layout;
mod png;

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use crate::html::Html;
use face::{DISPLAY, SANS};

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

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for face in [&DISPLAY, &SANS] {
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(face.bytes)));
    }
    // Charts ask for the reader's own.
    fonts.set_sans_serif_family(SANS.family);
    fonts.set_serif_family(DISPLAY.family);
    fonts.set_monospace_family(SANS.family);
    Arc::new(fonts)
});

impl Card {
    /// The card as PNG. A card that cannot be drawn is blank; the tests have met none.
    pub fn png(&self) -> Vec<u8> {
        let palette = if self.chart.is_some() { &png::CHART } else { &png::TEXT };
        // The paper is filled in, not drawn: that is faster than a rectangle of this size.
        let Some(mut pixmap) = Pixmap::new(SIZE.0, SIZE.1) else { return Vec::new() };
        pixmap.fill(palette.paper());
        let options = Options { fontdb: FONTS.clone(), font_family: SANS.family.to_owned(), ..Options::default() };
        if let Ok(tree) = Tree::from_str(&layout::svg(self), &options) {
            resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
        }
        png::encode(&pixmap, palette)
    }
}

#[cfg(test)]
mod tests;
