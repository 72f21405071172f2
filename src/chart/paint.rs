//! Colours by meaning. plotters draws with the colours of the light theme; the page's style sheet finds the same
//! colours in the drawing and puts those of the theme in their place.

use plotters::style::{Color, RGBAColor, RGBColor, ShapeStyle};

use crate::lab::OptimizerSpec;

/// Looks that lines can have: as many as an experiment has optimizers. The next ones repeat them.
const SERIES: usize = 12;
/// Hues among the looks; looks of one hue differ in lightness, marks and dashes.
const HUES: usize = 6;
/// Layers of the scale for values over a plane.
pub(super) const LAYERS: usize = 10;

const INK: RGBColor = RGBColor(0x1d, 0x1b, 0x17);
const GRID: RGBColor = RGBColor(0xd9, 0xd3, 0xc5);
const AXIS: RGBColor = RGBColor(0x85, 0x7e, 0x6e);
const CONTOUR: RGBColor = RGBColor(0xb3, 0xad, 0x9f);
const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);

/// Colours of Okabe and Ito (2008), which stay distinct for people with colour-vision deficiencies, darkened until each
/// has a contrast of 3:1 to paper; then the same hues, darker.
const COLOURS: [RGBColor; SERIES] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xc0, 0x4e, 0x00),
    RGBColor(0x00, 0x78, 0x5a),
    RGBColor(0xa8, 0x50, 0x7f),
    RGBColor(0x8f, 0x64, 0x00),
    RGBColor(0x4a, 0x5a, 0x9a),
    RGBColor(0x00, 0x45, 0x6b),
    RGBColor(0x7a, 0x32, 0x00),
    RGBColor(0x00, 0x4a, 0x37),
    RGBColor(0x6b, 0x33, 0x51),
    RGBColor(0x5a, 0x3f, 0x00),
    RGBColor(0x2f, 0x39, 0x62),
];

/// Methods with a look of their own, in the order of the looks, so that a method looks alike in every figure. Looks that
/// are six apart share a hue: that of a method and its closest relative.
const METHODS: [&str; SERIES] = [
    "sgd",
    "adam",
    "radam",
    "ranger",
    "lookahead",
    "lion",
    "schedule-free-sgd",
    "adamw",
    "radam-pytorch",
    "radam-author",
    "radam-optax",
    "schedule-free-adamw",
];

/// Colour and mark of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Look {
    /// One of the looks for methods, from 0.
    Method(usize),
    /// Ink.
    #[default]
    Ink,
    /// Ink that grows fainter with this index: for lines whose order says more than colours would.
    Ordered(usize),
}

impl Look {
    /// The look of a method, by its word in specs.
    pub(super) fn of(method: &str) -> Look {
        METHODS.iter().position(|known| *known == method).map_or(Look::Ink, Look::Method)
    }

    /// Which of the marks it has.
    pub(super) fn mark(self) -> usize {
        match self {
            Look::Method(index) | Look::Ordered(index) => index,
            Look::Ink => 0,
        }
    }
}

/// Looks of the optimizers of an experiment, all different as long as there are enough: that of the method, for a
/// second variant the one that shares its hue, and else a free one that few methods have.
pub(super) fn looks(optimizers: &[OptimizerSpec]) -> Vec<Look> {
    let mut taken: Vec<usize> = Vec::new();
    for optimizer in optimizers {
        let own = METHODS.iter().position(|method| *method == optimizer.name());
        let wanted = own.into_iter().flat_map(|look| [look, (look + HUES) % SERIES]);
        let free = wanted.chain((0..SERIES).rev()).find(|look| !taken.contains(look));
        taken.push(free.unwrap_or(taken.len() % SERIES));
    }
    taken.into_iter().map(Look::Method).collect()
}

/// What a shape means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paint {
    Ink,
    Grid,
    Axis,
    /// The colour of the page, for what has to cover something.
    Paper,
    /// A stretch of an axis that is pointed out.
    Shade,
    /// A line of equal value, or a line of others behind the one that is meant.
    Contour,
    /// A line or a mark.
    Line(Look),
    /// The area around a line.
    Band(Look),
    /// What lies above a level of the scale for values: each level adds a layer, and layers add up.
    Layer,
}

impl Paint {
    pub(super) fn colour(self) -> RGBAColor {
        let (colour, opacity) = match self {
            Paint::Ink => (INK, 1.0),
            Paint::Grid => (GRID, 1.0),
            Paint::Axis => (AXIS, 1.0),
            Paint::Paper => (PAPER, 1.0),
            Paint::Shade => (AXIS, 0.12),
            Paint::Contour => (CONTOUR, 1.0),
            Paint::Line(Look::Ordered(index)) => (INK, 1.0 - 0.14 * index.min(4) as f64),
            Paint::Line(look) => (look.colour(), 1.0),
            Paint::Band(look) => (look.colour(), 0.2),
            Paint::Layer => (COLOURS[0], 0.1),
        };
        colour.mix(opacity)
    }

    pub(super) fn fill(self) -> ShapeStyle {
        self.colour().filled()
    }

    /// A line of so many drawing units.
    pub(super) fn stroke(self, width: u32) -> ShapeStyle {
        self.colour().stroke_width(width)
    }
}

impl Look {
    fn colour(self) -> RGBColor {
        match self {
            Look::Method(index) => COLOURS[index % SERIES],
            Look::Ink | Look::Ordered(_) => INK,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_style_sheet_has_a_rule_for_every_colour() {
        let css = include_str!("../../static/site.css");
        let all: Vec<RGBColor> = [INK, GRID, AXIS, CONTOUR, PAPER].into_iter().chain(COLOURS).collect();
        let names: BTreeSet<String> =
            all.iter().map(|RGBColor(red, green, blue)| format!("#{red:02X}{green:02X}{blue:02X}")).collect();
        assert_eq!(names.len(), all.len(), "two meanings share a colour");
        for name in names {
            assert!(
                css.contains(&format!("[fill=\"{name}\"]")) || css.contains(&format!("[stroke=\"{name}\"]")),
                "{name}"
            );
        }
    }
}
