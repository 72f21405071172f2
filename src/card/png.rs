//! Pixels as a PNG of few colours: paper, and each ink in steps towards it, which is all that text on paper is made of.

use std::sync::LazyLock;

use png::{BitDepth, ColorType, Compression, Encoder, Filter};
use resvg::tiny_skia::{Color, Pixmap};

use super::SIZE;

// The colours of the site's light theme (`static/site.css`).
const PAPER: [u8; 3] = [0xfa, 0xf8, 0xf3];
/// Text.
pub(super) const INK: &str = "#1d1b17";
/// Text beside the main thing.
pub(super) const SOFT: &str = "#5d584d";
/// Hairlines.
pub(super) const HAIR: &str = "#d9d3c5";
/// The one colour beside ink.
pub(super) const RUBRIC: &str = "#ad2b16";
/// What charts are drawn with where no style sheet says otherwise (`chart::paint`).
const CHART_INKS: [&str; 8] = ["#222222", "#777777", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];

/// Colours by number, and the number of the nearest one for each colour of 5 bits a channel.
pub(super) struct Palette {
    colours: Vec<[u8; 3]>,
    nearest: Vec<u8>,
    depth: BitDepth,
}

/// 16 colours for text: 4 bits a pixel.
pub(super) static TEXT: LazyLock<Palette> = LazyLock::new(|| Palette::new(&[(INK, 7), (SOFT, 4), (RUBRIC, 4)], BitDepth::Four));
/// Up to 256 colours for text and a chart.
pub(super) static CHART: LazyLock<Palette> = LazyLock::new(|| {
    let texts = [(INK, 16), (SOFT, 10), (RUBRIC, 10), (HAIR, 4)];
    let inks: Vec<(&str, u8)> = texts.into_iter().chain(CHART_INKS.map(|ink| (ink, 24))).collect();
    Palette::new(&inks, BitDepth::Eight)
});

impl Palette {
    /// Paper, and as many steps from it to each ink.
    fn new(inks: &[(&str, u8)], depth: BitDepth) -> Self {
        let mut colours = vec![PAPER];
        for (ink, steps) in inks {
            let ink = rgb(ink);
            for step in 1..=*steps {
                let mix = |channel: usize| {
                    let (from, to) = (f32::from(PAPER[channel]), f32::from(ink[channel]));
                    (from + (to - from) * f32::from(step) / f32::from(*steps)).round() as u8
                };
                colours.push([mix(0), mix(1), mix(2)]);
            }
        }
        let nearest = (0..1_u16 << 15).map(|key| nearest(&colours, key)).collect();
        Self { colours, nearest, depth }
    }

    pub(super) fn paper(&self) -> Color {
        let [red, green, blue] = PAPER;
        Color::from_rgba8(red, green, blue, 255)
    }
}

fn rgb(text: &str) -> [u8; 3] {
    let channel = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap_or(0);
    [channel(1), channel(3), channel(5)]
}

/// The nearest of the colours to one of 5 bits a channel.
fn nearest(colours: &[[u8; 3]], key: u16) -> u8 {
    let wide = |bits: u16| i32::from((bits & 31) << 3 | (bits & 31) >> 2);
    let wanted = [wide(key >> 10), wide(key >> 5), wide(key)];
    let distance = |colour: &[u8; 3]| (0..3).map(|c| (i32::from(colour[c]) - wanted[c]).pow(2)).sum::<i32>();
    let best = (0..colours.len()).min_by_key(|at| distance(&colours[*at])).unwrap_or(0);
    best as u8
}

/// The pixels as an indexed PNG.
pub(super) fn encode(pixmap: &Pixmap, palette: &Palette) -> Vec<u8> {
    let paper = [PAPER[0], PAPER[1], PAPER[2], 255];
    let index = |pixel: &[u8]| {
        if pixel == paper {
            return 0;
        }
        let five = |channel: usize| usize::from(pixel[channel] >> 3);
        palette.nearest[five(0) << 10 | five(1) << 5 | five(2)]
    };
    let pixels = pixmap.data();
    let data: Vec<u8> = match palette.depth {
        BitDepth::Four => pixels.chunks_exact(8).map(|pair| index(&pair[..4]) << 4 | index(&pair[4..])).collect(),
        _ => pixels.chunks_exact(4).map(index).collect(),
    };
    written(&data, palette).unwrap_or_default()
}

/// Writing to memory fails for lack of it only.
fn written(data: &[u8], palette: &Palette) -> Result<Vec<u8>, png::EncodingError> {
    let mut out = Vec::with_capacity(32 * 1024);
    let mut encoder = Encoder::new(&mut out, SIZE.0, SIZE.1);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(palette.depth);
    encoder.set_palette(palette.colours.concat());
    encoder.set_compression(Compression::Balanced);
    // Filters predict shades; numbers of colours have none.
    encoder.set_filter(Filter::NoFilter);
    encoder.write_header()?.write_image_data(data)?;
    Ok(out)
}
