//! Pixels as a PNG of few colours: paper, and each ink in steps towards it, which is all that text on paper is made of.

use std::sync::LazyLock;

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter, chunk};
use resvg::tiny_skia::Pixmap;

use super::SIZE;
use super::image::Image;
use super::ink::{HAIR, Ink, PAPER};

/// What charts are drawn with where no style sheet says otherwise (`chart::paint`).
const CHART_INKS: [[u8; 3]; 8] = [
    [0x22, 0x22, 0x22],
    [0x77, 0x77, 0x77],
    [0x00, 0x72, 0xb2],
    [0xd5, 0x5e, 0x00],
    [0x00, 0x9e, 0x73],
    [0xcc, 0x79, 0xa7],
    [0xe6, 0x9f, 0x00],
    [0x56, 0xb4, 0xe9],
];

/// 16 colours for text, numbered as [`Ink::ramp`] says.
static TEXT: LazyLock<Vec<[u8; 3]>> = LazyLock::new(|| {
    let steps = Ink::ALL.map(|ink| (ink.rgb(), ink.ramp().1));
    colours(&steps)
});

/// Colours by number, and the number of the nearest one for each colour of 5 bits a channel.
struct Palette {
    colours: Vec<[u8; 3]>,
    nearest: Vec<u8>,
}

/// Up to 256 colours for text and a chart.
static CHART: LazyLock<Palette> = LazyLock::new(|| {
    let texts = [(Ink::Black.rgb(), 16), (Ink::Soft.rgb(), 10), (Ink::Rubric.rgb(), 10), (HAIR, 4)];
    let inks: Vec<([u8; 3], u8)> = texts.into_iter().chain(CHART_INKS.map(|ink| (ink, 24))).collect();
    let colours = colours(&inks);
    let nearest = (0..1_u16 << 15).map(|key| nearest(&colours, key)).collect();
    Palette { colours, nearest }
});

/// Paper, and as many steps from it to each ink.
fn colours(inks: &[([u8; 3], u8)]) -> Vec<[u8; 3]> {
    let mut colours = vec![PAPER];
    for (ink, steps) in inks {
        for step in 1..=*steps {
            let mix = |channel: usize| {
                let (from, to) = (f32::from(PAPER[channel]), f32::from(ink[channel]));
                (from + (to - from) * f32::from(step) / f32::from(*steps)).round() as u8
            };
            colours.push([mix(0), mix(1), mix(2)]);
        }
    }
    colours
}

/// The nearest of the colours to one of 5 bits a channel.
fn nearest(colours: &[[u8; 3]], key: u16) -> u8 {
    let wide = |bits: u16| i32::from((bits & 31) << 3 | (bits & 31) >> 2);
    let wanted = [wide(key >> 10), wide(key >> 5), wide(key)];
    let distance = |colour: &[u8; 3]| (0..3).map(|c| (i32::from(colour[c]) - wanted[c]).pow(2)).sum::<i32>();
    let best = (0..colours.len()).min_by_key(|at| distance(&colours[*at])).unwrap_or(0);
    best as u8
}

/// An image with a chart.
pub(super) fn with_chart(pixmap: &Pixmap) -> Vec<u8> {
    let paper = [PAPER[0], PAPER[1], PAPER[2], 255];
    let index = |pixel: &[u8]| {
        if pixel == paper {
            return 0;
        }
        let five = |channel: usize| usize::from(pixel[channel] >> 3);
        CHART.nearest[five(0) << 10 | five(1) << 5 | five(2)]
    };
    let data: Vec<u8> = pixmap.data().chunks_exact(4).map(index).collect();
    let written = |mut out: Vec<u8>| -> Result<Vec<u8>, EncodingError> {
        let mut encoder = encoder(&mut out, &CHART.colours, BitDepth::Eight);
        encoder.set_compression(Compression::Balanced);
        // Filters predict shades; numbers of colours have none.
        encoder.set_filter(Filter::NoFilter);
        encoder.write_header()?.write_image_data(&data)?;
        Ok(out)
    };
    // Writing to memory fails for lack of it only.
    written(Vec::with_capacity(64 << 10)).unwrap_or_default()
}

/// An image of text. There are as many of them as pages, and most of each is paper: rows are filtered where there is ink, and compressed by fdeflate, for
/// which a run of zeros is a few bits. In one run a whole card takes 0.14 to 0.32 ms so, where the rows alone take this library 0.22 to 0.38 ms with a filter
/// for each, for 2 to 7 % more bytes, and 1.0 to 1.8 ms with zlib, for 28 to 30 % less (`benches/cards.rs`).
pub(super) fn of_text(image: &Image) -> Vec<u8> {
    let written = |mut out: Vec<u8>| -> Result<Vec<u8>, EncodingError> {
        let mut packed = fdeflate::Compressor::new(Vec::with_capacity(32 << 10))?;
        packed.write_data(&image.filtered())?;
        encoder(&mut out, &TEXT, BitDepth::Four).write_header()?.write_chunk(chunk::IDAT, &packed.finish()?)?;
        Ok(out)
    };
    written(Vec::with_capacity(32 << 10)).unwrap_or_default()
}

fn encoder<'a>(out: &'a mut Vec<u8>, colours: &[[u8; 3]], depth: BitDepth) -> Encoder<'a, &'a mut Vec<u8>> {
    let mut encoder = Encoder::new(out, SIZE.0, SIZE.1);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(depth);
    encoder.set_palette(colours.concat());
    encoder
}
