//! From characters to glyphs, by the shaper and the rules of resvg, so that both painters set a text the same.

use harfrust::{Direction, ShapeOptions, ShapePlan, Shaper, ShaperData, UnicodeBuffer, script};
use resvg::tiny_skia::{Path, PathBuilder, Transform};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::drawing::{Anchor, Text};
use super::face::{DISPLAY, Face};

/// A font, ready to be set and drawn.
pub(super) struct Font {
    font: FontRef<'static>,
    shaper: Shaper<'static>,
    /// How text in the Latin script from left to right is shaped: nearly all there is.
    latin: ShapePlan,
}

/// A glyph on its baseline, in pixels.
pub(super) struct Glyph {
    pub(super) face: &'static Face,
    pub(super) id: GlyphId,
    pub(super) x: f32,
    pub(super) y: f32,
}

impl Font {
    pub(super) fn read(bytes: &'static [u8]) -> Option<Self> {
        let font = FontRef::new(bytes).ok()?;
        // It is read once and lives as long as the program, as its bytes do.
        let data: &'static ShaperData = Box::leak(Box::new(ShaperData::new(&font)));
        let shaper = data.shaper(&font).build();
        let latin = ShapePlan::new(&shaper, Direction::LeftToRight, Some(script::LATIN), None, &[]);
        Some(Self { font, shaper, latin })
    }

    /// Whether there is a glyph for a character.
    pub(super) fn has(&self, c: char) -> bool {
        self.font.charmap().map(c).is_some()
    }

    /// The outline of a glyph at a size in pixels, the origin of the glyph moved to a point; none where there is nothing to see.
    pub(super) fn outline(&self, id: GlyphId, size: f32, origin: (f32, f32)) -> Option<Path> {
        let mut pen = Pen(PathBuilder::new());
        let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
        self.font.outline_glyphs().get(id)?.draw(settings, &mut pen).ok()?;
        let scale = size / self.shaper.units_per_em() as f32;
        pen.0.finish()?.transform(Transform::from_row(scale, 0.0, 0.0, -scale, origin.0, origin.1))
    }
}

/// The glyphs of a text.
pub(super) fn glyphs(text: &Text, buffer: &mut Option<UnicodeBuffer>) -> Vec<Glyph> {
    let face = face(text);
    let Some(font) = &*face.font else { return Vec::new() };
    let mut input = buffer.take().unwrap_or_default();
    input.push_str(&text.text);
    input.set_direction(Direction::LeftToRight);
    input.guess_segment_properties();
    let plan = (input.script() == script::LATIN && input.language().is_none()).then_some(&font.latin);
    let shaped = font.shaper.shape(input, ShapeOptions::new().plan(plan));
    let scale = text.size / font.shaper.units_per_em() as f32;
    let (mut glyphs, mut cluster, mut x) = (Vec::with_capacity(shaped.len()), None, text.at.0);
    for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
        // Between clusters, as CSS asks for: the glyphs of one stay as they are.
        if cluster.is_some_and(|before| before != info.cluster) {
            x += text.spacing;
        }
        cluster = Some(info.cluster);
        let (dx, dy) = (position.x_offset as f32 * scale, position.y_offset as f32 * scale);
        glyphs.push(Glyph { face, id: GlyphId::new(info.glyph_id), x: x + dx, y: text.at.1 - dy });
        x += position.x_advance as f32 * scale;
    }
    *buffer = Some(shaped.clear());
    if text.anchor == Anchor::End {
        let width = x - text.at.0;
        glyphs.iter_mut().for_each(|glyph| glyph.x -= width);
    }
    glyphs
}

/// The face asked for if it has all characters, else [`DISPLAY`]: resvg too sets no part of a text in a second face that has all of it.
fn face(text: &Text) -> &'static Face {
    let whole = |font: &Font| text.text.chars().all(|c| font.has(c));
    if std::ptr::eq(text.face, &DISPLAY) || text.face.font.as_ref().is_some_and(whole) { text.face } else { &DISPLAY }
}

struct Pen(PathBuilder);

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.quad_to(cx, cy, x, y);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.0.cubic_to(cx0, cy0, cx1, cy1, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}
