//! Lines, bands and shapes over two axes, drawn by plotters as SVG.

mod axis;
mod legend;
mod multiples;
mod shape;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::paint::{Look, Paint};
use super::table::{Cell, Data};
use crate::html::{Html, escape};
use axis::Scale;

pub(super) use axis::Axis;
pub(super) use legend::{Key, Symbol, legend};
pub(super) use shape::{Anchor, Shape};

/// Drawing units in a CSS pixel at natural size: plotters places everything at whole units, and lines need finer steps.
const UNIT: u32 = 8;
/// Width and height of a chart in CSS pixels at natural size: at 360 pixels a page shows its letters hardly smaller
/// than that.
pub(super) const SIZE: (u32, u32) = (360, 270);
/// Height of the title in CSS pixels.
const TITLE: i32 = 24;
/// Width of an ordinary line in drawing units: two CSS pixels.
pub(super) const LINE: u32 = 2 * UNIT;

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
    /// Width and height in CSS pixels at natural size, without the legend.
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
#[derive(Debug, Clone)]
pub(super) struct Series {
    /// Its name in the legend.
    pub(super) name: String,
    /// Its colour and mark.
    pub(super) look: Look,
    /// Its width in drawing units.
    pub(super) width: u32,
    /// The points from left to right. A gap ends the line.
    pub(super) points: Vec<(f64, f64)>,
    /// Lower and upper edge at each place.
    pub(super) band: Vec<(f64, f64, f64)>,
    /// A mark at every n-th point, from the first; at none for 0.
    pub(super) mark_every: usize,
    /// Marks alone, with no line between them.
    pub(super) dotted: bool,
}

impl Default for Series {
    fn default() -> Self {
        let (name, look) = (String::new(), Look::default());
        Self { name, look, width: LINE, points: Vec::new(), band: Vec::new(), mark_every: 0, dotted: false }
    }
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Coordinates = Cartesian2d<Scale, Scale>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Coordinates>;
type Drawn<T = ()> = Result<T, DrawingAreaErrorKind<std::io::Error>>;

impl Plot {
    /// Title and chart for a page, which has the legend once for all charts of a figure.
    pub(super) fn panel(&self) -> Html {
        self.svg(self.size().1, |area| self.draw_chart(area))
    }

    /// Title, legend and chart, for a file of its own.
    pub(super) fn file(&self) -> Html {
        let (legend, height) = self.placed_legend();
        self.svg(self.size().1 + height, |area| {
            let (head, rest) = area.split_vertically(units(0, TITLE + height as i32).1);
            self.draw_title(&head)?;
            legend.iter().try_for_each(|(key, place)| key.draw(&head, *place))?;
            self.draw_planes(&rest)
        })
    }

    /// The drawing with its title and description as accessible name, `height` CSS pixels high.
    fn svg(&self, height: u32, draw: impl FnOnce(&Area<'_>) -> Drawn) -> Html {
        let (width, id) = (self.size().0, &self.id);
        let drawn = drawing((width, height), draw);
        let (title, description) = (escape(&self.title), escape(&self.description));
        Html::trusted(format!(
            "<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" width=\"{width}\" height=\"{height}\" \
             role=\"img\" aria-labelledby=\"{id}-title {id}-desc\"><title id=\"{id}-title\">{title}</title>\
             <desc id=\"{id}-desc\">{description}</desc>{drawn}</svg>",
            width * UNIT,
            height * UNIT,
        ))
    }

    /// Width and height in CSS pixels without the legend.
    fn size(&self) -> (u32, u32) {
        if self.is_multiple() { self.size_of_multiples() } else { self.size }
    }

    fn draw_chart(&self, area: &Area<'_>) -> Drawn {
        let (head, rest) = area.split_vertically(units(0, TITLE).1);
        self.draw_title(&head)?;
        self.draw_planes(&rest)
    }

    fn draw_title(&self, area: &Area<'_>) -> Drawn {
        area.draw(&Text::new(self.title.as_str(), units(8, TITLE / 2), text(13.0, FontStyle::Bold).pos(LEFT)))
    }

    fn draw_planes(&self, area: &Area<'_>) -> Drawn {
        if self.is_multiple() { self.draw_multiples(area) } else { self.draw_plane(area) }
    }

    fn draw_plane(&self, area: &Area<'_>) -> Drawn {
        let mut chart = ChartBuilder::on(area)
            .margin_left(4 * UNIT)
            .margin_right(18 * UNIT)
            .margin_top(6 * UNIT)
            .x_label_area_size(40 * UNIT)
            .y_label_area_size(52 * UNIT)
            .build_cartesian_2d(self.x.scale(), self.y.scale())?;
        draw_mesh(&mut chart, &self.x, &self.y)?;
        self.under.iter().try_for_each(|shape| shape.draw(chart.plotting_area(), area))?;
        self.series.iter().try_for_each(|series| series.draw_band(&mut chart))?;
        self.series.iter().try_for_each(|series| series.draw_line(&mut chart, area))?;
        self.over.iter().try_for_each(|shape| shape.draw(chart.plotting_area(), area))
    }

    /// All points of all lines.
    pub(super) fn data(&self) -> Data {
        let banded = self.series.iter().any(|series| !series.band.is_empty());
        let mut head = vec!["line".to_owned(), self.x.name(), self.y.name()];
        if banded {
            head.extend(["lower edge", "upper edge"].map(|edge| format!("{edge} of {}", self.y.name())));
        }
        let mut rows = Vec::new();
        for series in &self.series {
            for (at, (x, y)) in series.points.iter().enumerate() {
                let mut row: Vec<Cell> = vec![series.name.as_str().into(), (*x).into(), (*y).into()];
                if banded {
                    let edges = series.band.get(at).filter(|band| band.0 == *x);
                    let edges = edges.map(|(_, low, high)| [low, high].map(|edge| (*edge).into()));
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
        Paint::Line(self.look).stroke(self.width)
    }

    fn draw_band(&self, chart: &mut Chart<'_, '_>) -> Drawn {
        let upper = self.band.iter().map(|(x, _, high)| (*x, *high));
        let edge: Vec<(f64, f64)> = upper.chain(self.band.iter().rev().map(|(x, low, _)| (*x, *low))).collect();
        if edge.len() >= 4 {
            chart.draw_series(std::iter::once(Polygon::new(edge, Paint::Band(self.look).fill())))?;
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
        marked.into_iter().try_for_each(|point| shape::mark(whole, shape::place(plane, point, whole), self.look))
    }
}

/// Axes and grid.
fn draw_mesh(chart: &mut Chart<'_, '_>, x: &Axis, y: &Axis) -> Drawn {
    let label = |axis: &Axis, at: &f64| {
        axis.ticks.iter().find(|(tick, _)| tick == at).map_or(String::new(), |(_, l)| l.clone())
    };
    chart
        .configure_mesh()
        .x_desc(x.label.as_str())
        .y_desc(y.label.as_str())
        .axis_desc_style(text(12.0, FontStyle::Normal))
        .label_style(text(11.0, FontStyle::Normal))
        .x_label_formatter(&|at| label(x, at))
        .y_label_formatter(&|at| label(y, at))
        .x_labels(x.ticks.len())
        .y_labels(y.ticks.len())
        .bold_line_style(Paint::Grid.stroke(UNIT))
        .light_line_style(TRANSPARENT)
        .axis_style(Paint::Axis.stroke(UNIT))
        .set_all_tick_mark_size(4 * UNIT)
        .draw()
}

/// What plotters draws on an area of so many CSS pixels.
fn drawing(size: (u32, u32), draw: impl FnOnce(&Area<'_>) -> Drawn) -> String {
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, (size.0 * UNIT, size.1 * UNIT)).into_drawing_area();
    // The back end writes to memory, and coordinates are finite by construction, so there is nothing that could fail.
    let drawn = draw(&area).and_then(|()| area.present());
    debug_assert!(drawn.is_ok(), "{drawn:?}");
    drop(area);
    svg
}

const LEFT: Pos = Pos { h_pos: HPos::Left, v_pos: VPos::Center };

fn text(pixels: f64, style: FontStyle) -> TextStyle<'static> {
    // plotters divides the size by 1.24 on its way into the file.
    FontDesc::new(FontFamily::SansSerif, pixels * f64::from(UNIT) * 1.24, style).color(&Paint::Ink.colour())
}

fn units(x: i32, y: i32) -> (i32, i32) {
    (x * UNIT as i32, y * UNIT as i32)
}
