//! Glyphs that were drawn once, as they lie in the image: two pixels a byte.

use std::collections::HashMap;

use resvg::tiny_skia::{FillRule, Mask, Transform};
use skrifa::GlyphId;

use super::face::Face;
use super::ink::Ink;
use super::shape::Glyph;

/// Steps to a pixel at which glyphs are placed: as finely as tiny-skia draws, which covers a pixel with 4 by 4 samples.
const STEPS: i32 = 4;
/// The same for the two pixels of a byte.
const BYTE_STEPS: i32 = 2 * STEPS;
/// As many bytes of stamps are kept; then all are forgotten.
const MOST: usize = 4 << 20;

/// A glyph in an ink: rows of bytes with two pixels of 4 bits each, the left one in the high bits.
#[derive(Debug, Default)]
pub(super) struct Stamp {
    /// From the byte and the row with the origin of the glyph to the first of the stamp.
    pub(super) left: i32,
    pub(super) top: i32,
    /// Bytes a row; not 0.
    pub(super) width: usize,
    pub(super) bytes: Box<[u8]>,
}

/// What a stamp looks like; it depends on nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Look {
    family: &'static str,
    glyph: GlyphId,
    /// The bits of the size.
    size: u32,
    ink: Ink,
    /// Where in its byte and in its row the origin is, in steps.
    x: i32,
    y: i32,
}

/// Stamps that have been used.
#[derive(Debug, Default)]
pub(super) struct Stamps {
    drawn: HashMap<Look, Stamp>,
    bytes: usize,
}

impl Stamps {
    /// The stamp of a glyph, and the byte and the row of its top left corner.
    pub(super) fn of(&mut self, glyph: &Glyph, size: f32, ink: Ink) -> (&Stamp, (i32, i32)) {
        let step = |at: f32| (at * STEPS as f32).round() as i32;
        let (x, y) = (step(glyph.x), step(glyph.y));
        let (byte, row) = (x.div_euclid(BYTE_STEPS), y.div_euclid(STEPS));
        let (x, y) = (x.rem_euclid(BYTE_STEPS), y.rem_euclid(STEPS));
        let look = Look { family: glyph.face.family, glyph: glyph.id, size: size.to_bits(), ink, x, y };
        if self.bytes > MOST {
            *self = Self::default();
        }
        let stamp = self.drawn.entry(look).or_insert_with(|| {
            let stamp = look.draw(glyph.face).unwrap_or_default();
            self.bytes += stamp.bytes.len() + size_of::<(Look, Stamp)>();
            stamp
        });
        (stamp, (byte + stamp.left, row + stamp.top))
    }
}

impl Look {
    /// None for what has no outline, such as a space.
    fn draw(&self, face: &Face) -> Option<Stamp> {
        let origin = (self.x as f32 / STEPS as f32, self.y as f32 / STEPS as f32);
        let path = face.font.as_ref()?.outline(self.glyph, f32::from_bits(self.size), origin)?;
        let bounds = path.bounds();
        let (left, top) = ((bounds.left() / 2.0).floor(), bounds.top().floor());
        let width = (bounds.right() / 2.0).ceil() - left;
        let mut mask = Mask::new(2 * width as u32, (bounds.bottom().ceil() - top) as u32)?;
        mask.fill_path(&path, FillRule::Winding, true, Transform::from_translate(-2.0 * left, -top));
        let pair = |pair: &[u8]| self.ink.shade(pair[0]) << 4 | self.ink.shade(pair[1]);
        let bytes = mask.data().chunks_exact(2).map(pair).collect();
        Some(Stamp { left: left as i32, top: top as i32, width: width as usize, bytes })
    }
}

#[cfg(test)]
mod tests {
    use super::super::face::DISPLAY;
    use super::*;

    #[test]
    fn stamps_are_kept_up_to_a_limit_and_are_the_same_again() {
        let mut stamps = Stamps::default();
        let glyph = |x: f32| Glyph { face: &DISPLAY, id: GlyphId::new(40), x, y: 300.25 };
        let first = stamps.of(&glyph(100.3), 210.0, Ink::Rubric).0.bytes.clone();
        assert!(first.len() > 1000 && first.contains(&0xff));
        let mut forgotten = false;
        for size in 0..1000 {
            let before = stamps.bytes;
            stamps.of(&glyph(50.0), 150.0 + size as f32 * 0.25, Ink::Black);
            assert!(stamps.bytes < MOST + (100 << 10));
            forgotten |= stamps.bytes < before;
        }
        assert!(forgotten);
        // An eighth of a pixel is as near as it gets, and a whole byte further the stamp is the same.
        for x in [100.3, 100.2, 102.3] {
            assert_eq!(stamps.of(&glyph(x), 210.0, Ink::Rubric).0.bytes, first);
        }
        assert_ne!(stamps.of(&glyph(100.5), 210.0, Ink::Rubric).0.bytes, first);
    }
}
