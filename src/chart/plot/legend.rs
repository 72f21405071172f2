//! The legend: beside a chart in its file, and once for all charts of a figure in a page.

use plotters::prelude::*;

use super::shape::{cross, mark};
use super::{Area, Drawn, LEFT, Plot, Series, TITLE, UNIT, drawing, text, units};
use crate::chart::paint::{LAYERS, Look, Paint};
use crate::html::{Html, escape};

/// Height of a row of the legend, in CSS pixels.
const ROW: i32 = 20;
/// Width of a letter in the legend, in CSS pixels: generous for 12-pixel sans-serif, since nothing here measures fonts.
const LETTER: f64 = 6.9;
/// Width of a step of the scale of values, in CSS pixels.
const STEP: i32 = 10;

/// An entry of a legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::chart) struct Key {
    pub(in crate::chart) symbol: Symbol,
    /// Its name; at a scale what stands at the upper end.
    pub(in crate::chart) name: String,
}

/// What an entry of a legend explains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::chart) enum Symbol {
    /// A line of this width in drawing units, with a mark if the second is true.
    Line(Look, u32, bool),
    /// A mark alone.
    Mark(Look),
    /// A cross.
    Cross,
    /// The scale of values, with what stands at its lower end.
    Scale(String),
}

/// An entry with its left edge and the middle of its row, in CSS pixels.
type Placed = (Key, (i32, i32));

impl Plot {
    /// The entries of its legend; small multiples have the names of their lines above them.
    pub(in crate::chart) fn legend(&self) -> Vec<Key> {
        let named = self.series.iter().filter(|series| !series.name.is_empty() && !self.is_multiple());
        named.map(Series::key).chain(self.keys.iter().cloned()).collect()
    }

    /// Where each entry of the legend stands, and how high all rows are.
    pub(super) fn placed_legend(&self) -> (Vec<Placed>, u32) {
        let (mut x, mut row) = (8, 0);
        let place = |key: Key| {
            let width = key.width() + 14;
            if x > 8 && x + width > self.size().0 as i32 {
                (x, row) = (8, row + 1);
            }
            x += width;
            (key, (x - width, TITLE + ROW * row + ROW / 2))
        };
        let placed: Vec<Placed> = self.legend().into_iter().map(place).collect();
        let rows = if placed.is_empty() { 0 } else { row + 1 };
        (placed, (ROW * rows) as u32)
    }
}

impl Series {
    fn key(&self) -> Key {
        let symbol = match (self.dotted, self.mark_every > 0) {
            (true, _) => Symbol::Mark(self.look),
            (false, marked) => Symbol::Line(self.look, self.width, marked),
        };
        Key { symbol, name: self.name.clone() }
    }
}

/// The legend of a figure as the items of a list: what its charts explain, each once.
pub(in crate::chart) fn legend<'a>(plots: impl Iterator<Item = &'a Plot>) -> Html {
    let mut keys: Vec<Key> = Vec::new();
    for key in plots.flat_map(Plot::legend) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Html::trusted(keys.iter().map(Key::item).collect())
}

impl Key {
    /// What runs that diverged have in place of an end.
    pub(in crate::chart) fn diverged() -> Key {
        Key { symbol: Symbol::Cross, name: "runs diverged".to_owned() }
    }

    fn item(&self) -> String {
        let width = self.symbol.width();
        let drawn = drawing((width as u32, ROW as u32), |area| self.symbol.draw(area, (0, ROW / 2)));
        let low = if let Symbol::Scale(low) = &self.symbol { escape(low) } else { String::new() };
        format!(
            "<li>{low} <svg class=\"chart\" viewBox=\"0 0 {} {}\" width=\"{width}\" height=\"{ROW}\" aria-hidden=\"true\">{drawn}</svg> {}</li>",
            width * UNIT as i32,
            ROW * UNIT as i32,
            escape(&self.name),
        )
    }

    /// In CSS pixels.
    fn width(&self) -> i32 {
        let low = if let Symbol::Scale(low) = &self.symbol { letters(low) + 4 } else { 0 };
        low + self.symbol.width() + 5 + letters(&self.name)
    }

    pub(super) fn draw(&self, area: &Area<'_>, (mut x, y): (i32, i32)) -> Drawn {
        let say = |words: &str, x| {
            area.draw(&Text::new(words.to_owned(), units(x, y), text(12.0, FontStyle::Normal).pos(LEFT)))
        };
        if let Symbol::Scale(low) = &self.symbol {
            say(low, x)?;
            x += letters(low) + 4;
        }
        self.symbol.draw(area, (x, y))?;
        say(&self.name, x + self.symbol.width() + 5)
    }
}

impl Symbol {
    /// In CSS pixels.
    fn width(&self) -> i32 {
        match self {
            Symbol::Line(..) => 26,
            Symbol::Mark(_) | Symbol::Cross => 12,
            Symbol::Scale(_) => LAYERS as i32 * STEP,
        }
    }

    fn draw(&self, area: &Area<'_>, (x, y): (i32, i32)) -> Drawn {
        let middle = units(x + self.width() / 2, y);
        match self {
            Symbol::Line(look, width, marked) => {
                let ends = vec![units(x + 1, y), units(x + self.width() - 1, y)];
                area.draw(&PathElement::new(ends, Paint::Line(*look).stroke(*width)))?;
                if *marked { mark(area, middle, *look) } else { Ok(()) }
            }
            Symbol::Mark(look) => mark(area, middle, *look),
            Symbol::Cross => cross(area, middle, Paint::Ink),
            Symbol::Scale(_) => (0..LAYERS as i32).try_for_each(|step| {
                let layer = [units(x + step * STEP, y - 6), units(x + self.width(), y + 6)];
                area.draw(&Rectangle::new(layer, Paint::Layer.fill()))
            }),
        }
    }
}

fn letters(words: &str) -> i32 {
    (words.chars().count() as f64 * LETTER).ceil() as i32
}
