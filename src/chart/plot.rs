//! Lines, bands and shapes over two axes, drawn by plotters as SVG whose colours come from the page's style sheet.

mod axis;
mod head;
mod shape;

use plotters::coord::Shift;
use plotters::prelude::*;

use super::paint::{Names, Paint, finish};
use super::table::{Cell, Data};
use crate::html::Html;
use axis::Scale;

pub(super) use axis::Axis;
pub(super) use head::Key;
pub(super) use shape::{Anchor, Shape};

/// Drawing units in a CSS pixel at natural size: plotters places everything at whole units, and lines need finer steps.
const UNIT: u32 = 8;
/// Width and height of a chart in CSS pixels at natural size: at 360 pixels a page shows its letters hardly smaller
/// than that.
pub(super) const SIZE: (u32, u32) = (360, 280);

/// A chart.
#[derive(Debug, Clone)]
pub(super) struct Plot {
    /// What it is called in addresses, unique among the pictures of a figure.
    pub(super) name: String,
    /// What stands above it.
    pub(super) title: String,
    /// What it says, for people who do not see it.
    pub(super) description: String,
    /// Prefix of the ids in it, unique in the page.
    pub(super) id: String,
    /// Width and height in CSS pixels at natural size.
    pub(super) size: (u32, u32),
    /// The horizontal axis.
    pub(super) x: Axis,
    /// The vertical axis.
    pub(super) y: Axis,
    /// What lies beneath the lines.
    pub(super) under: Vec<Shape>,
    /// The lines.
    pub(super) series: Vec<Series>,
    /// What lies above the lines.
    pub(super) over: Vec<Shape>,
    /// What stands in the legend after the lines.
    pub(super) keys: Vec<Key>,
}

/// A line with a mark at some of its points and a band around it.
#[derive(Debug, Clone, Default)]
pub(super) struct Series {
    /// Its name in the legend.
    pub(super) name: String,
    /// Which of the [`super::SERIES`] looks it has, from 0.
    pub(super) look: usize,
    /// The points from left to right. A gap ends the line.
    pub(super) points: Vec<(f64, f64)>,
    /// Lower and upper edge at each place.
    pub(super) band: Vec<(f64, f64, f64)>,
    /// A mark at every n-th point, from the first; at none for 0.
    pub(super) mark_every: usize,
    /// Marks alone, with no line between them.
    pub(super) dotted: bool,
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Coordinates = Cartesian2d<Scale, Scale>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Coordinates>;
type Drawn<T = ()> = Result<T, DrawingAreaErrorKind<std::io::Error>>;

impl Plot {
    /// The SVG, with its title and description as the accessible name.
    pub(super) fn draw(&self) -> Html {
        let mut svg = String::new();
        let size = (self.size.0 * UNIT, self.size.1 * UNIT);
        // The back end writes to memory, and coordinates are finite by construction, so there is nothing that could
        // fail.
        let drawn = self.draw_on(&SVGBackend::with_string(&mut svg, size).into_drawing_area());
        debug_assert!(drawn.is_ok(), "{drawn:?}");
        finish(&svg, self.size, UNIT, &Names { id: &self.id, title: &self.title, description: &self.description })
    }

    fn draw_on(&self, area: &Area<'_>) -> Drawn {
        let body = self.draw_head(area)?;
        let mut chart = ChartBuilder::on(&body)
            .margin_right(18 * UNIT)
            .margin_top(6 * UNIT)
            .x_label_area_size(40 * UNIT)
            .y_label_area_size(52 * UNIT)
            .build_cartesian_2d(self.x.scale(), self.y.scale())?;
        self.draw_mesh(&mut chart)?;
        let plane = chart.plotting_area();
        self.under.iter().try_for_each(|shape| shape.draw(plane, area))?;
        for series in &self.series {
            series.draw_band(&mut chart)?;
        }
        for series in &self.series {
            series.draw_line(&mut chart, area)?;
        }
        let plane = chart.plotting_area();
        self.over.iter().try_for_each(|shape| shape.draw(plane, area))?;
        area.present()
    }

    fn draw_mesh(&self, chart: &mut Chart<'_, '_>) -> Drawn {
        let label = |axis: &Axis, at: &f64| {
            axis.ticks.iter().find(|(tick, _)| tick == at).map_or(String::new(), |(_, l)| l.clone())
        };
        let style = |size| text(size, FontStyle::Normal);
        chart
            .configure_mesh()
            .x_desc(self.x.label.as_str())
            .y_desc(self.y.label.as_str())
            .axis_desc_style(style(12.0))
            .label_style(style(11.0))
            .x_label_formatter(&|at| label(&self.x, at))
            .y_label_formatter(&|at| label(&self.y, at))
            .x_labels(self.x.ticks.len())
            .y_labels(self.y.ticks.len())
            .bold_line_style(Paint::Grid.colour().stroke_width(UNIT))
            .light_line_style(TRANSPARENT)
            .axis_style(Paint::Axis.colour().stroke_width(UNIT))
            .set_all_tick_mark_size(4 * UNIT)
            .draw()
    }

    /// All points of all lines, in the units of the axes.
    pub(super) fn data(&self) -> Data {
        let banded = self.series.iter().any(|series| !series.band.is_empty());
        let mut head = vec!["line".to_owned(), self.x.name(), self.y.name()];
        if banded {
            head.extend(["lower edge", "upper edge"].map(|edge| format!("{edge} of {}", self.y.name())));
        }
        let mut rows = Vec::new();
        for series in &self.series {
            for (at, (x, y)) in series.points.iter().enumerate() {
                let mut row: Vec<Cell> =
                    vec![series.name.as_str().into(), self.x.value(*x).into(), self.y.value(*y).into()];
                if banded {
                    let edges = series.band.get(at).filter(|band| band.0 == *x);
                    let edges = edges.map(|(_, low, high)| [low, high].map(|edge| self.y.value(*edge).into()));
                    row.extend(edges.unwrap_or(["".into(), "".into()]));
                }
                rows.push(row);
            }
        }
        Data { caption: self.title.clone(), head, rows }
    }
}

impl Series {
    fn stroke(&self) -> ShapeStyle {
        Paint::Line(self.look).colour().stroke_width(2 * UNIT)
    }

    fn draw_band(&self, chart: &mut Chart<'_, '_>) -> Drawn {
        let upper = self.band.iter().map(|(x, _, high)| (*x, *high));
        let edge: Vec<(f64, f64)> = upper.chain(self.band.iter().rev().map(|(x, low, _)| (*x, *low))).collect();
        if edge.len() >= 4 {
            chart.draw_series(std::iter::once(Polygon::new(edge, Paint::Band(self.look).colour().filled())))?;
        }
        Ok(())
    }

    /// The marks at the ends reach over the edges of the plane, so they are drawn on the whole picture.
    fn draw_line(&self, chart: &mut Chart<'_, '_>, whole: &Area<'_>) -> Drawn {
        if !self.dotted {
            chart.draw_series(LineSeries::new(self.points.iter().copied(), self.stroke()))?;
        }
        let plane = chart.plotting_area();
        let marked = self.points.iter().step_by(self.mark_every.max(1)).filter(|_| self.mark_every > 0);
        marked.into_iter().try_for_each(|point| shape::mark(whole, plane.map_coordinate(point), self.look))
    }
}

fn text(pixels: f64, style: FontStyle) -> TextStyle<'static> {
    // plotters divides the size by 1.24 on its way into the file.
    FontDesc::new(FontFamily::SansSerif, pixels * f64::from(UNIT) * 1.24, style).color(&Paint::Ink.colour())
}

fn units(x: i32, y: i32) -> (i32, i32) {
    (x * UNIT as i32, y * UNIT as i32)
}
