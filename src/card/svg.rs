//! Cards as SVG, drawn by resvg: slow, but it draws charts.

use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::SIZE;
use super::drawing::{Anchor, Bar, Chart, Drawing, Text};
use super::face::{DISPLAY, SANS};
use super::ink::{HAIR, PAPER, hex};
use crate::html::escape;

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

/// The card in full colour; none for lack of memory. A card that cannot be drawn is blank; the tests have met none.
pub(super) fn paint(drawing: &Drawing) -> Option<Pixmap> {
    // The paper is filled in, not drawn: that is faster than a rectangle of this size.
    let mut pixmap = Pixmap::new(SIZE.0, SIZE.1)?;
    pixmap.fill(Color::from_rgba8(PAPER[0], PAPER[1], PAPER[2], 255));
    let options = Options { fontdb: FONTS.clone(), font_family: SANS.family.to_owned(), ..Options::default() };
    if let Ok(tree) = Tree::from_str(&svg(drawing), &options) {
        resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    }
    Some(pixmap)
}

fn svg(drawing: &Drawing) -> String {
    let mut out = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\">", SIZE.0, SIZE.1);
    drawing.bars.iter().for_each(|it| bar(&mut out, it));
    drawing.texts.iter().for_each(|it| text(&mut out, it));
    drawing.chart.iter().for_each(|it| chart(&mut out, it));
    out.push_str("</svg>");
    out
}

fn bar(out: &mut String, bar: &Bar) {
    let (x, y, fill) = (bar.left, bar.top, hex(bar.ink.rgb()));
    let _ = write!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" fill=\"{fill}\"/>", bar.width, bar.height);
}

fn text(out: &mut String, text: &Text) {
    let anchor = match text.anchor {
        Anchor::Start => "start",
        Anchor::End => "end",
    };
    let ((x, y), fill) = (text.at, hex(text.ink.rgb()));
    let (family, size, spacing) = (text.face.family, text.size, text.spacing);
    let _ =
        write!(out, "<text x=\"{x}\" y=\"{y}\" font-family=\"'{family}'\" font-size=\"{size}\" letter-spacing=\"{spacing}\" ");
    let _ = write!(out, "text-anchor=\"{anchor}\" fill=\"{fill}\">{}</text>", escape(&text.text));
}

fn chart(out: &mut String, chart: &Chart) {
    let (rule, (x, y), scale) = (&chart.rule, chart.at, chart.scale);
    let _ = write!(
        out,
        "<rect x=\"{}\" y=\"{}\" width=\"2\" height=\"{}\" fill=\"{}\"/>",
        rule.left,
        rule.top,
        rule.height,
        hex(HAIR)
    );
    let _ = write!(out, "<g transform=\"translate({x} {y}) scale({scale})\">{}</g>", chart.svg.as_str());
}
