//! From SVG to PNG by resvg, with the bundled fonts and no others.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, LazyLock};

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError};
use resvg::tiny_skia::{Color, Pixmap, PremultipliedColorU8, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::SIZE;

pub(super) static SERIF: &[u8] = include_bytes!("../../fonts/newsreader-display.ttf");
static SANS: &[u8] = include_bytes!("../../fonts/instrument-sans-500.ttf");
const SERIF_FAMILY: &str = "Newsreader 16pt";
const SANS_FAMILY: &str = "Instrument Sans";

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for font in [SERIF, SANS] {
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(font)));
    }
    // Charts ask for the reader's own.
    fonts.set_serif_family(SERIF_FAMILY);
    fonts.set_sans_serif_family(SANS_FAMILY);
    fonts.set_monospace_family(SANS_FAMILY);
    Arc::new(fonts)
});

/// Draws an SVG of [`SIZE`] as PNG. One that cannot be read gives a white image.
pub fn png(svg: &str) -> Vec<u8> {
    // Without memory for an image nothing else would work either.
    let Some(mut pixmap) = Pixmap::new(SIZE.0, SIZE.1) else { return Vec::new() };
    let options = Options { fontdb: FONTS.clone(), font_family: SANS_FAMILY.to_owned(), ..Options::default() };
    match Tree::from_str(svg, &options) {
        Ok(tree) => resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut()),
        Err(_) => pixmap.fill(Color::WHITE),
    }
    // Writing to memory cannot fail.
    encode(&pixmap).unwrap_or_default()
}

/// Encodes with a palette where at most 256 colours occur, as in all images without a chart.
fn encode(pixmap: &Pixmap) -> Result<Vec<u8>, EncodingError> {
    let mut out = Vec::with_capacity(64 << 10);
    let mut encoder = Encoder::new(&mut out, SIZE.0, SIZE.1);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    let data = match indexed(pixmap.pixels()) {
        Some((palette, indices)) => {
            encoder.set_color(ColorType::Indexed);
            encoder.set_palette(palette);
            indices
        }
        None => {
            encoder.set_color(ColorType::Rgb);
            pixmap.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect()
        }
    };
    encoder.write_header()?.write_image_data(&data)?;
    Ok(out)
}

/// Returns the palette and the indices of opaque pixels; none for more than 256 colours.
fn indexed(pixels: &[PremultipliedColorU8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut palette, mut known) = (Vec::new(), HashMap::new());
    let (mut last, mut last_index) = (None, 0);
    let mut indices = vec![0; pixels.len()];
    for (index, pixel) in indices.iter_mut().zip(pixels) {
        let color = [pixel.red(), pixel.green(), pixel.blue()];
        // Most pixels are as the one before.
        if last != Some(color) {
            last = Some(color);
            let next = u8::try_from(known.len());
            last_index = match known.entry(color) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => {
                    palette.extend(color);
                    *new.insert(next.ok()?)
                }
            };
        }
        *index = last_index;
    }
    Some((palette, indices))
}
