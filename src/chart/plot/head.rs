//! What stands above a chart: its title and its legend.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::shape::{cross, mark};
use super::{Area, Drawn, Plot, Series, text, units};
use crate::chart::paint::{HEAT, Paint};

/// Height of a row of the legend, in CSS pixels.
const ROW: i32 = 20;
/// Width of a letter in the legend, in CSS pixels: generous for 12-pixel sans-serif, since nothing here measures fonts.
const LETTER: f64 = 6.9;
/// Width of a step of the scale of values, in CSS pixels.
const STEP: i32 = 12;

/// What a legend explains besides the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::chart) enum Key {
    /// A mark of this look, with its name.
    Mark(usize, String),
    /// A cross, with its meaning.
    Cross(String),
    /// The scale of values, with what stands at its lower and at its upper end.
    Heat(String, String),
    /// Words alone.
    Note(String),
}

enum Entry<'a> {
    Line(&'a Series),
    Key(&'a Key),
}

impl Plot {
    /// Draws title and legend; gives the area below them.
    pub(super) fn draw_head<'a>(&self, area: &Area<'a>) -> Drawn<Area<'a>> {
        let entries: Vec<Entry<'_>> = self
            .series
            .iter()
            .filter(|series| !series.name.is_empty())
            .map(Entry::Line)
            .chain(self.keys.iter().map(Entry::Key))
            .collect();
        let places = self.places(&entries);
        let rows = places.last().map_or(0, |(_, row)| row + 1);
        let (head, body) = area.split_vertically(units(0, 24 + ROW * rows).1);
        head.draw(&Text::new(self.title.as_str(), units(8, 12), text(13.0, FontStyle::Bold).pos(LEFT)))?;
        for (entry, (x, row)) in entries.iter().zip(places) {
            entry.draw(&head, x, 32 + ROW * row)?;
        }
        Ok(body)
    }

    /// Where each entry of the legend stands: its left edge and its row.
    fn places(&self, entries: &[Entry<'_>]) -> Vec<(i32, i32)> {
        let (mut x, mut row) = (8, 0);
        let place = |entry: &Entry<'_>| {
            let width = entry.width() + 14;
            if x > 8 && x + width > self.size.0 as i32 {
                (x, row) = (8, row + 1);
            }
            x += width;
            (x - width, row)
        };
        entries.iter().map(place).collect()
    }
}

const LEFT: Pos = Pos { h_pos: HPos::Left, v_pos: VPos::Center };

impl Entry<'_> {
    fn width(&self) -> i32 {
        match self {
            Entry::Line(series) => 27 + letters(&series.name),
            Entry::Key(Key::Mark(_, name) | Key::Cross(name)) => 16 + letters(name),
            Entry::Key(Key::Heat(low, high)) => letters(low) + letters(high) + 8 + HEAT as i32 * STEP,
            Entry::Key(Key::Note(words)) => letters(words),
        }
    }

    fn draw(&self, area: &Area<'_>, x: i32, y: i32) -> Drawn {
        let say = |words: &str, x| {
            area.draw(&Text::new(words.to_owned(), units(x, y), text(12.0, FontStyle::Normal).pos(LEFT)))
        };
        match self {
            Entry::Line(series) => {
                if !series.dotted {
                    area.draw(&PathElement::new(vec![units(x, y), units(x + 22, y)], series.stroke()))?;
                }
                if series.mark_every > 0 {
                    mark(area, units(x + 11, y), series.look)?;
                }
                say(&series.name, x + 27)
            }
            Entry::Key(Key::Mark(look, name)) => {
                mark(area, units(x + 5, y), *look)?;
                say(name, x + 14)
            }
            Entry::Key(Key::Cross(name)) => {
                cross(area, units(x + 5, y), Paint::Ink)?;
                say(name, x + 14)
            }
            Entry::Key(Key::Heat(low, high)) => {
                say(low, x)?;
                let left = x + letters(low) + 4;
                for step in 0..HEAT {
                    let at = left + step as i32 * STEP;
                    let tile = [units(at, y - 6), units(at + STEP, y + 6)];
                    area.draw(&Rectangle::new(tile, Paint::Heat(step).colour().filled()))?;
                }
                say(high, left + HEAT as i32 * STEP + 4)
            }
            Entry::Key(Key::Note(words)) => say(words, x),
        }
    }
}

fn letters(words: &str) -> i32 {
    (words.chars().count() as f64 * LETTER).ceil() as i32
}
