//! Small multiples: where a chart has more lines than can be told apart, each line has a plane of its own, with the
//! others behind it in grey.

use plotters::prelude::*;

use super::{Area, Drawn, LEFT, Plot, Series, Shape, UNIT, draw_mesh, text, units};
use crate::chart::paint::Paint;

/// Lines that one plane can hold.
const MOST_LINES: usize = 5;
/// Planes beside each other.
const COLUMNS: usize = 2;
/// Height of a plane with its name and its labels, in CSS pixels.
const HEIGHT: i32 = 158;
/// Height of a line of text, in CSS pixels.
const ROW: i32 = 13;
/// Letters in a line of a name.
const LETTERS: usize = 26;

impl Plot {
    pub(super) fn is_multiple(&self) -> bool {
        self.series.len() > MOST_LINES
    }

    /// In CSS pixels.
    pub(super) fn size_of_multiples(&self) -> (u32, u32) {
        let rows = self.series.len().div_ceil(COLUMNS) as i32;
        (self.size.0, (super::TITLE + ROW + HEIGHT * rows) as u32)
    }

    pub(super) fn draw_multiples(&self, area: &Area<'_>) -> Drawn {
        let (head, rest) = area.split_vertically(units(0, ROW).1);
        let axes = format!("{}, by {}", self.y.label, self.x.label);
        head.draw(&Text::new(axes, units(8, ROW / 2), text(11.0, FontStyle::Normal).pos(LEFT)))?;
        let places = rest.split_evenly((self.series.len().div_ceil(COLUMNS), COLUMNS));
        self.series.iter().zip(places).try_for_each(|(series, place)| self.draw_one(series, &place))
    }

    fn draw_one(&self, own: &Series, area: &Area<'_>) -> Drawn {
        let names = lines(&own.name);
        // The label of the highest tick reaches over the plane.
        let head = ROW * 2 + 10;
        for (row, name) in names.iter().enumerate() {
            let place = units(8, head - 8 - ROW * (names.len() - row) as i32 + ROW / 2);
            area.draw(&Text::new(name.as_str(), place, text(11.0, FontStyle::Bold).pos(LEFT)))?;
        }
        let mut chart = ChartBuilder::on(area)
            .margin_right(8 * UNIT)
            .margin_top(head * UNIT as i32)
            .x_label_area_size(18 * UNIT)
            .y_label_area_size(30 * UNIT)
            .build_cartesian_2d(self.x.scale(), self.y.scale())?;
        let (width, height) = chart.plotting_area().dim_in_pixel();
        let pixels = |units: u32| f64::from(units / UNIT);
        let (x, y) = (self.x.clone().thinned(pixels(width)), self.y.clone().thinned_upwards(pixels(height)));
        draw_mesh(&mut chart, &x.nameless(), &y.nameless())?;
        self.under
            .iter()
            .filter(|shape| !matches!(shape, Shape::Words(..)))
            .try_for_each(|shape| shape.draw(chart.plotting_area(), area))?;
        for other in &self.series {
            chart.draw_series(LineSeries::new(other.points.iter().copied(), Paint::Contour.stroke(UNIT)))?;
        }
        own.draw_band(&mut chart)?;
        own.draw_line(&mut chart, area)?;
        let mut crosses =
            self.over.iter().filter(|shape| matches!(shape, Shape::Cross(_, _, look) if *look == own.look));
        crosses.try_for_each(|cross| cross.draw(chart.plotting_area(), area))
    }
}

/// A name in lines that fit above a plane.
fn lines(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split(' ') {
        match lines.last_mut().filter(|line| line.chars().count() + word.chars().count() < LETTERS) {
            Some(line) => line.extend([" ", word]),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}
