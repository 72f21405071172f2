//! Colours by meaning. plotters knows only numbers, so each meaning has a number of its own while drawing; in the
//! finished SVG it becomes a class, for the page's style sheet, and a colour for whoever opens the file by itself.

use std::collections::HashMap;

use plotters::style::RGBColor;

use crate::html::{Html, escape};
use crate::lab::OptimizerSpec;

/// Looks that lines can have: as many as an experiment has optimizers. The next ones repeat them.
pub const SERIES: usize = 12;
/// Colours among the looks; looks of one colour differ by dashes and marks.
const COLOURS: usize = 6;
/// Steps of the scale for values over a plane.
pub(super) const HEAT: usize = 10;

/// Colours of Okabe and Ito (2008), which stay distinct for people with colour-vision deficiencies.
const OKABE_ITO: [&str; COLOURS] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];

/// Methods with a look of their own, in the order of the looks, so that a method looks alike in every figure. Looks that
/// are six apart share a colour: that of a method and its closest relative.
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

/// Looks of the optimizers of an experiment, all different as long as there are enough: that of the method, for a
/// second variant the one that shares its colour, and else the first that is free.
pub(super) fn looks(optimizers: &[OptimizerSpec]) -> Vec<usize> {
    let mut taken: Vec<usize> = Vec::new();
    for optimizer in optimizers {
        let own = METHODS.iter().position(|method| *method == optimizer.name());
        let wanted = own.into_iter().flat_map(|look| [look, (look + COLOURS) % SERIES]);
        let free = wanted.chain(0..SERIES).find(|look| !taken.contains(look));
        taken.push(free.unwrap_or(taken.len() % SERIES));
    }
    taken
}

/// Dashes of the looks, in CSS pixels: line, gap, line, gap …; none for a whole line.
const DASHES: [&[u32]; SERIES] = [
    &[],
    &[8, 3],
    &[2, 3],
    &[10, 3, 2, 3],
    &[5, 2],
    &[12, 4],
    &[4, 4],
    &[],
    &[6, 2, 2, 2],
    &[2, 2],
    &[14, 3],
    &[8, 2, 2, 2, 2, 2],
];

/// What all numbers of meanings begin with.
const NUMBERS: &str = "#FEDC";

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
    /// A line of equal value.
    Contour,
    Line(usize),
    Band(usize),
    Mark(usize),
    /// A step of the scale for values, from 0 for the lowest.
    Heat(usize),
}

impl Paint {
    fn all() -> impl Iterator<Item = Paint> {
        let series = (0..SERIES).flat_map(|look| [Paint::Line(look), Paint::Band(look), Paint::Mark(look)]);
        let plain = [Paint::Ink, Paint::Grid, Paint::Axis, Paint::Paper, Paint::Shade, Paint::Contour];
        plain.into_iter().chain(series).chain((0..HEAT).map(Paint::Heat))
    }

    /// The number that stands for it while plotters draws.
    pub(super) fn colour(self) -> RGBColor {
        let blue = match self {
            Paint::Ink => 1,
            Paint::Grid => 2,
            Paint::Axis => 3,
            Paint::Paper => 4,
            Paint::Shade => 5,
            Paint::Contour => 6,
            Paint::Line(look) => 0x10 + (look % SERIES) as u8,
            Paint::Band(look) => 0x20 + (look % SERIES) as u8,
            Paint::Mark(look) => 0x30 + (look % SERIES) as u8,
            Paint::Heat(step) => 0x40 + step.min(HEAT - 1) as u8,
        };
        RGBColor(0xfe, 0xdc, blue)
    }

    fn class(self) -> String {
        match self {
            Paint::Ink => "ink".to_owned(),
            Paint::Grid => "grid".to_owned(),
            Paint::Axis => "axis".to_owned(),
            Paint::Paper => "paper".to_owned(),
            Paint::Shade => "shade".to_owned(),
            Paint::Contour => "contour".to_owned(),
            Paint::Line(look) => format!("line-{}", look % COLOURS + 1),
            Paint::Band(look) => format!("band-{}", look % COLOURS + 1),
            Paint::Mark(look) => format!("mark-{}", look % COLOURS + 1),
            Paint::Heat(step) => format!("heat-{}", step + 1),
        }
    }

    /// The colour outside a page.
    fn fallback(self) -> String {
        match self {
            Paint::Ink => "#222222".to_owned(),
            Paint::Grid => "#DDDDDD".to_owned(),
            Paint::Axis => "#777777".to_owned(),
            Paint::Paper => "#FFFFFF".to_owned(),
            Paint::Shade => "#777777".to_owned(),
            Paint::Contour => "#AAAAAA".to_owned(),
            Paint::Line(look) | Paint::Band(look) | Paint::Mark(look) => OKABE_ITO[look % COLOURS].to_owned(),
            Paint::Heat(step) => heat_on_white(step),
        }
    }

    /// What else the meaning asks for; lengths are in drawing units, `unit` to a CSS pixel.
    fn attributes(self, unit: u32) -> String {
        match self {
            Paint::Band(_) => " opacity=\"0.2\"".to_owned(),
            Paint::Shade => " opacity=\"0.12\"".to_owned(),
            // Neighbouring tiles must not show a seam.
            Paint::Heat(_) => " shape-rendering=\"crispEdges\"".to_owned(),
            Paint::Line(look) if !DASHES[look % SERIES].is_empty() => {
                let lengths: Vec<String> =
                    DASHES[look % SERIES].iter().map(|length| (length * unit).to_string()).collect();
                format!(" stroke-dasharray=\"{}\"", lengths.join(" "))
            }
            _ => String::new(),
        }
    }
}

/// White mixed with more and more of the first colour, as the style sheet mixes the paper with it.
fn heat_on_white(step: usize) -> String {
    let share = (step + 1) as f64 * 0.065;
    let mixed = [0x00, 0x72, 0xb2].map(|colour| (255.0 + (f64::from(colour) - 255.0) * share).round() as u8);
    format!("#{:02X}{:02X}{:02X}", mixed[0], mixed[1], mixed[2])
}

/// What a finished drawing is called.
pub(super) struct Names<'a> {
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
}

/// Turns what plotters wrote into the SVG of a page: classes for meanings, an accessible name, no fixed size. `unit`
/// drawing units make a pixel.
pub(super) fn finish(svg: &str, size: (u32, u32), unit: u32, names: &Names<'_>) -> Html {
    let body = svg.split_once(">\n").map_or("", |(_, body)| body);
    let view_box = svg.split("viewBox=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("");
    let id = names.id;
    let mut out = format!(
        "<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{view_box}\" width=\"{}\" height=\"{}\" font-family=\"sans-serif\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>\n",
        size.0,
        size.1,
        escape(names.title),
        escape(names.description),
    );
    let body =
        body.replace(" opacity=\"1\"", "").replace(" stroke=\"none\"", "").replace("font-family=\"sans-serif\" ", "");
    colour(&body, unit, &mut out);
    Html::trusted(out)
}

/// Adds a drawing with what the numbers of its colours mean.
fn colour(body: &str, unit: u32, out: &mut String) {
    let meanings: HashMap<String, Paint> = Paint::all().map(|paint| (number(paint), paint)).collect();
    let mut rest = body;
    while let Some(at) = rest.find(NUMBERS) {
        let (before, found) = rest.split_at(at);
        let attribute = ["stroke=\"", "fill=\""].into_iter().find(|attribute| before.ends_with(attribute));
        let meaning = found.split_once('"').and_then(|(number, rest)| Some((*meanings.get(number)?, rest)));
        if let (Some(attribute), Some((paint, after))) = (attribute, meaning) {
            out.push_str(&before[..at - attribute.len()]);
            out.push_str(&format!(
                "class=\"{}\" {attribute}{}\"{}",
                paint.class(),
                paint.fallback(),
                paint.attributes(unit)
            ));
            rest = after;
        } else {
            out.push_str(&rest[..at + NUMBERS.len()]);
            rest = &found[NUMBERS.len()..];
        }
    }
    out.push_str(rest);
}

/// The number of a meaning as plotters writes it.
fn number(paint: Paint) -> String {
    let RGBColor(red, green, blue) = paint.colour();
    format!("#{red:02X}{green:02X}{blue:02X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_meanings_and_other_text_stays() {
        let mut out = String::new();
        colour("<a stroke=\"#FEDC01\" x=\"#FEDC01\"/><b fill=\"#FEDC99\">#FEDC fill=\"#FEDC05\"</b>", 8, &mut out);
        let shade = "class=\"shade\" fill=\"#777777\" opacity=\"0.12\"";
        assert_eq!(
            out,
            format!("<a class=\"ink\" stroke=\"#222222\" x=\"#FEDC01\"/><b fill=\"#FEDC99\">#FEDC {shade}</b>")
        );
        let all: Vec<String> = Paint::all().map(number).collect();
        assert!(all.iter().all(|number| number.len() == NUMBERS.len() + 2 && number.starts_with(NUMBERS)));
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
    }
}
