//! Cards of text, put together from stamps of glyphs in the 16 colours of the image itself.

use std::sync::{Mutex, PoisonError};

use harfrust::UnicodeBuffer;

use super::drawing::{Drawing, Text};
use super::image::Image;
use super::png;
use super::shape;
use super::stamp::Stamps;

/// As many desks are kept: more than this seldom draw at the same time.
const DESKS: usize = 16;

/// What is needed to draw cards, kept from one to the next. What a card looks like does not depend on what was drawn before.
pub(super) struct Desk {
    stamps: Stamps,
    buffer: Option<UnicodeBuffer>,
    image: Image,
}

static FREE: Mutex<Vec<Desk>> = Mutex::new(Vec::new());

/// The card as PNG; charts are not drawn.
pub(super) fn png(drawing: &Drawing) -> Vec<u8> {
    let free = || FREE.lock().unwrap_or_else(PoisonError::into_inner);
    let desk = free().pop();
    let mut desk = desk.unwrap_or_else(Desk::new);
    let png = desk.png(drawing);
    let mut free = free();
    if free.len() < DESKS {
        free.push(desk);
    }
    png
}

impl Desk {
    pub(super) fn new() -> Self {
        Self { stamps: Stamps::default(), buffer: None, image: Image::new() }
    }

    pub(super) fn png(&mut self, drawing: &Drawing) -> Vec<u8> {
        self.image.clear();
        drawing.bars.iter().for_each(|bar| self.image.bar(bar));
        drawing.texts.iter().for_each(|text| self.text(text));
        png::of_text(&self.image)
    }

    fn text(&mut self, text: &Text) {
        for glyph in shape::glyphs(text, &mut self.buffer) {
            let (stamp, at) = self.stamps.of(&glyph, text.size, text.ink);
            self.image.press(stamp, at);
        }
    }
}
