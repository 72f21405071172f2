//! What stands where on a card: made by the layout, painted as SVG or straight into an image.

use super::face::Face;
use super::ink::Ink;
use crate::html::Html;

/// Everything on a card, in pixels from its top left corner. Nothing lies over anything of another ink.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    pub(super) bars: Vec<Bar>,
    pub(super) texts: Vec<Text>,
    pub(super) chart: Option<Chart>,
}

/// A filled rectangle with its edges between pixels.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) ink: Ink,
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// A line of text, without kerning or ligatures of its own: the shaper finds those.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) ink: Ink,
    pub(super) face: &'static Face,
    /// Pixels an em.
    pub(super) size: f32,
    /// What is added between characters, in pixels.
    pub(super) spacing: f32,
    /// The baseline begins here, or ends here.
    pub(super) at: (f32, f32),
    pub(super) anchor: Anchor,
    /// Not empty, and all of it can be written in [`DISPLAY`](super::face::DISPLAY).
    pub(super) text: String,
}

/// Which end of a text is where it is said to be: SVG's `text-anchor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    End,
}

/// A chart in its frame.
#[derive(Debug)]
pub(super) struct Chart {
    /// The hairline that parts it from the text.
    pub(super) rule: Rule,
    /// Its top left corner.
    pub(super) at: (f32, f32),
    /// Pixels by unit of the chart.
    pub(super) scale: f32,
    pub(super) svg: Html,
}

/// An upright hairline.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) height: f32,
}
